package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandFate;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftOptions;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientReply.Outcome;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.testkit.sim.SimCommand;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import io.vertxraft.testkit.sim.SimReply;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole members in virtual time: what is sent twice is applied once. */
class SessionStoriesTest {
  private static final long T = 500;
  private static final int KEY = 2;
  private static final long KEPT_MS = 5_000;

  private final SimCluster cluster = new SimCluster(11, 3, options());
  private long sent;

  private static RaftOptions options() {
    return new RaftOptions()
        .setGroupId("sim")
        .setElectionTimeoutMs(T)
        .setHeartbeatIntervalMs(50)
        .setSnapshots(
            new SnapshotOptions()
                .setEntries(0)
                .setLogBytes(0)
                .setIntervalMs(0)
                .setEntriesMin(1)
                .setRetainEntries(0)
                .setRetainBytes(0)
                .setRetainForFollowersBytesMax(0));
  }

  @AfterEach
  void nothingWasBroken() {
    cluster.finish();
  }

  private SimNode led() {
    cluster.bootAll();
    return newLeader();
  }

  private SimNode newLeader() {
    cluster.runUntil(
        () -> cluster.leader() != null && cluster.leader().validLeaseTerm() > 0, 20 * T);
    return cluster.leader();
  }

  private SimNode otherThan(SimNode node) {
    return cluster.nodes().stream().filter(other -> other != node).findFirst().orElseThrow();
  }

  private ClientReply ask(SimNode node, ClientRequest request) {
    Future<ClientReply> reply = node.runtime().serve(request);
    cluster.runUntil(reply::isComplete, 10 * T);
    return reply.result();
  }

  private long open(SimNode node) {
    ClientReply reply = ask(node, ClientRequest.openSession(KEPT_MS, 0));
    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    return reply.body().getLong(0);
  }

  private Buffer add(long amount) {
    return new SimCommand(Operation.ADD, 9, ++sent, KEY, amount, 0, 0).encode();
  }

  private ClientReply apply(SimNode node, long session, long sequence, Buffer command) {
    return ask(node, ClientRequest.commands(false, session, sequence, sequence, 0, command));
  }

  private static SimReply replyOf(ClientReply reply) {
    assertThat(reply.outcome()).as("%s: %s", reply, reply.message()).isEqualTo(Outcome.OK);
    return SimReply.decode(reply.body());
  }

  /** What the counter holds, told by a command that adds nothing to it. */
  private long total(SimNode node) {
    return replyOf(apply(node, 0, 0, add(0))).value();
  }

  @Test
  void whatWasAppliedBeforeTheLeaderDiedIsNotAppliedAgainByTheNext() {
    SimNode first = led();
    long session = open(first);
    Buffer command = add(5);
    SimReply once = replyOf(apply(first, session, 1, command));
    first.machine().crash();
    SimNode next = newLeader();

    SimReply again = replyOf(apply(next, session, 1, command));

    assertThat(again.index()).as("the first reply").isEqualTo(once.index());
    assertThat(total(next)).isEqualTo(5);
  }

  @Test
  void whatGotNowhereIsAppliedWhenItComesAgain() {
    SimNode first = led();
    long session = open(first);
    cluster.network().partition(new TreeSet<>(List.of(first.nodeId())));
    Buffer command = add(5);
    assertThat(apply(first, session, 1, command).outcome()).isEqualTo(Outcome.UNKNOWN);
    SimNode next = newLeader();
    assertThat(next).isNotEqualTo(first);

    assertThat(replyOf(apply(next, session, 1, command)).value()).isEqualTo(5);
    cluster.network().healAll();
    cluster.runUntil(cluster::hasConverged, 20 * T);
    assertThat(total(next)).isEqualTo(5);
  }

  @Test
  void theWholeGroupRestartsAndStillKnowsItsSessions() {
    SimNode leader = led();
    long session = open(leader);
    Buffer command = add(5);
    SimReply once = replyOf(apply(leader, session, 1, command));
    cluster.nodes().forEach(node -> node.machine().crash());
    SimNode next = led();

    assertThat(replyOf(apply(next, session, 1, command)).index()).isEqualTo(once.index());
    assertThat(total(next)).isEqualTo(5);
  }

  @Test
  void aMemberThatWasBroughtUpByASnapshotKnowsTheSessionsInIt() {
    SimNode leader = led();
    SimNode behind = otherThan(leader);
    cluster.network().isolate(behind.nodeId());
    long session = open(leader);
    Buffer command = add(5);
    SimReply once = replyOf(apply(leader, session, 1, command));
    for (SimNode node : cluster.nodes()) {
      if (node != behind) {
        for (int i = 0; i < 2; i++) {
          total(leader);
          Future<SnapshotResult> taken = node.runtime().snapshot();
          cluster.runUntil(taken::isComplete, 10 * T);
          assertThat(taken.result().getOutcome()).isEqualTo(SnapshotOutcome.TAKEN);
        }
      }
    }
    cluster.network().healAll();
    cluster.runUntil(cluster::hasConverged, 60 * T);
    Future<Void> transfer = cluster.leader().runtime().transferLeadership(behind.nodeId());
    cluster.runUntil(transfer::isComplete, 10 * T);
    assertThat(behind.isLeader()).isTrue();
    assertThat(behind.log().firstIndex()).as("it came by snapshot").isGreaterThan(once.index());

    assertThat(replyOf(apply(behind, session, 1, command)).index()).isEqualTo(once.index());
    assertThat(total(behind)).isEqualTo(5);
  }

  @Test
  void aSessionOfWhichNothingIsHeardExpiresWhileOthersGoOn() {
    SimNode leader = led();
    long quiet = open(leader);
    long busy = open(leader);
    for (int i = 1; i <= 6; i++) {
      cluster.run(1_000);
      replyOf(apply(leader, busy, i, add(1)));
    }

    ClientReply refused = apply(leader, quiet, 1, add(100));

    assertThat(refused.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(refused.reason()).isEqualTo(Rejected.Reason.SESSION_EXPIRED.name());
    assertThat(total(leader)).isEqualTo(6);
  }

  @Test
  void whileNobodyLeadsNoSessionGrowsOlder() {
    SimNode leader = led();
    long session = open(leader);
    cluster.nodes().forEach(node -> node.machine().crash());
    cluster.run(100 * KEPT_MS);
    SimNode next = led();

    assertThat(replyOf(apply(next, session, 1, add(5))).value()).isEqualTo(5);
  }

  @Test
  void severalTogetherAreOneEntryAndGetTheirRepliesInOrder() {
    SimNode leader = led();
    SimNode follower = otherThan(leader);
    for (SimNode node : List.of(leader, follower)) {
      Future<List<Buffer>> replies = node.runtime().applyAll(List.of(add(1), add(2), add(3)));
      cluster.runUntil(replies::isComplete, 10 * T);
      List<SimReply> decoded = replies.result().stream().map(SimReply::decode).toList();

      assertThat(decoded).extracting(SimReply::index).containsOnly(decoded.get(0).index());
      assertThat(decoded.get(2).value() - decoded.get(0).value()).isEqualTo(5);
    }
    assertThat(total(leader)).isEqualTo(12);
  }

  // --- what became of it (R-06, R-08) -----------------------------------------------------------

  private CommandFate fateOf(SimNode node, Unknown unknown) {
    Future<CommandFate> fate = node.runtime().resolve(unknown.term(), unknown.index());
    cluster.runUntil(fate::isComplete, 20 * T);
    return fate.result();
  }

  @Test
  void aCommandWhoseEntryWasOverwrittenIsLost() {
    SimNode leader = led();
    cluster.network().partition(new TreeSet<>(List.of(leader.nodeId())));
    Future<Buffer> pending = leader.runtime().apply(add(5));
    cluster.run(4 * T);
    Unknown unknown = (Unknown) pending.cause();
    assertThat(unknown.index()).isPositive();
    cluster.network().healAll();
    SimNode next = newLeader();

    for (SimNode node : cluster.nodes()) {
      assertThat(fateOf(node, unknown)).isEqualTo(CommandFate.LOST);
    }
    assertThat(total(next)).isZero();
  }

  @Test
  void aCommandWhoseEntrySurvivedIsCommitted() {
    SimNode leader = led();
    SimNode other = otherThan(leader);
    cluster.nodes().stream().filter(node -> node != leader).forEach(node -> node.machine().crash());
    Future<Buffer> pending = leader.runtime().apply(add(5));
    cluster.run(2 * T);
    Unknown unknown = (Unknown) pending.cause();
    cluster.boot(other);
    newLeader();
    cluster.run(T);

    for (SimNode node : List.of(leader, other)) {
      assertThat(fateOf(node, unknown)).isEqualTo(CommandFate.COMMITTED);
    }
    assertThat(total(leader)).isEqualTo(5);
  }

  @Test
  void whileItsLeaderIsStillAtItTheQuestionWaits() {
    SimNode leader = led();
    long next = leader.lastIndex() + 1;
    Future<CommandFate> fate = leader.runtime().resolve(leader.term(), next);
    cluster.run(T);
    assertThat(fate.isComplete()).isFalse();
    assertThat(leader.isLeader()).isTrue();

    replyOf(apply(leader, 0, 0, add(5)));
    cluster.runUntil(fate::isComplete, T);
    assertThat(fate.result()).isEqualTo(CommandFate.COMMITTED);
  }

  @Test
  void theTimeOfOneCommandEndsWithoutThatOfTheOthers() {
    SimNode leader = led();
    cluster.nodes().stream().filter(node -> node != leader).forEach(node -> node.machine().crash());
    Future<Buffer> usual = leader.runtime().apply(add(1));
    Future<Buffer> hasty =
        leader.runtime().apply(add(2), new io.vertxraft.ApplyOptions().setTimeoutMs(100));
    cluster.run(120);

    assertThat(hasty.cause())
        .isInstanceOfSatisfying(
            Unknown.class,
            unknown -> assertThat(unknown.reason()).isEqualTo(Unknown.Reason.DEADLINE));
    assertThat(usual.isComplete()).isFalse();
  }
}
