package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.CommandStream;
import io.vertxraft.CommandStreamException;
import io.vertxraft.CommandStreamOptions;
import io.vertxraft.RaftException;
import io.vertxraft.RaftOptions;
import io.vertxraft.testkit.sim.SimCommand;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import io.vertxraft.testkit.sim.SimReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whole members in virtual time: streams of commands, and feeds of what is applied. */
class StreamStoriesTest {
  private static final long T = 500;

  private final SimCluster cluster = new SimCluster(11, 3, options());
  private final List<Long> replies = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private long sequence;

  private static RaftOptions options() {
    return new RaftOptions().setGroupId("sim").setElectionTimeoutMs(T).setHeartbeatIntervalMs(50);
  }

  private SimNode led() {
    cluster.bootAll();
    cluster.runUntil(
        () -> cluster.leader() != null && cluster.leader().validLeaseTerm() > 0, 10 * T);
    return cluster.leader();
  }

  private CommandStream stream(SimNode node, int commandsMax) {
    return node.runtime()
        .commandStream(new CommandStreamOptions().setCommandsMax(commandsMax))
        .exceptionHandler(failures::add)
        .handler(reply -> replies.add(SimReply.decode(reply).index()));
  }

  private Buffer command() {
    return new SimCommand(Operation.PUT, 9, ++sequence, 0, sequence, 0, 0).encode();
  }

  /** Payloads of the stream's commands in what a member has applied, in log order. */
  private List<Buffer> applied(SimNode node) {
    List<Buffer> payloads = new ArrayList<>();
    node.runtime().committed(1).handler(command -> payloads.add(command.payload()));
    cluster.run(10);
    return payloads;
  }

  @Test
  void aWriterThatWaitsForRoomGetsAllItsCommandsAppliedInOrder() {
    SimNode leader = led();
    CommandStream stream = stream(leader, 8);
    List<Buffer> written = new ArrayList<>();
    List<Integer> rounds = new ArrayList<>();
    stream.drainHandler(
        room -> {
          rounds.add(written.size());
          while (written.size() < 100 && !stream.writeQueueFull()) {
            Buffer command = command();
            written.add(command);
            stream.write(command);
          }
        });
    cluster.runUntil(() -> written.size() == 100, 60_000);
    Future<Void> end = stream.end();
    cluster.run(T);

    assertThat(failures).isEmpty();
    assertThat(end.succeeded()).isTrue();
    assertThat(rounds).hasSizeGreaterThan(10);
    assertThat(replies).hasSize(100).isSorted().doesNotHaveDuplicates();
    assertThat(applied(leader)).isEqualTo(written);
  }

  @Test
  void aLeaderThatIsCutOffEndsItsStreamsAndSaysHowFarTheyCame() {
    SimNode leader = led();
    CommandStream stream = stream(leader, 4);
    List<Buffer> written = new ArrayList<>();
    stream.drainHandler(
        room -> {
          Buffer command = command();
          while (!stream.writeQueueFull() && !stream.write(command).failed()) {
            written.add(command);
            command = command();
          }
        });
    cluster.runUntil(() -> replies.size() >= 20, 10 * T);
    cluster.network().partition(new TreeSet<>(List.of(leader.nodeId())));
    cluster.runUntil(() -> !failures.isEmpty(), 10 * T);
    cluster.run(4 * T);
    cluster.network().healAll();
    assertThat(cluster.runUntil(cluster::hasConverged, 40 * T)).isTrue();

    CommandStreamException failure = (CommandStreamException) failures.get(0);
    assertThat(failures).hasSize(1);
    assertThat(failure.getCause()).isInstanceOf(RaftException.Unknown.class);
    assertThat(failure.appliedBefore()).isEqualTo(replies.size()).isGreaterThanOrEqualTo(20);
    assertThat(stream.write(command()).cause()).isInstanceOf(CommandStreamException.class);
    int certain = replies.size();
    int possible = (int) (failure.commandNumber() + failure.sentAfter());
    List<Buffer> applied = applied(cluster.leader());
    assertThat(applied).startsWith(written.subList(0, certain).toArray(Buffer[]::new));
    assertThat(applied).hasSizeBetween(certain, possible);
    assertThat(written.subList(0, possible)).containsAll(applied);
    cluster.finish();
  }

  /** One feed after the other on each member; the next one begins where the last one was. */
  private static final class Follower {
    final TreeMap<Long, Buffer> seen = new TreeMap<>();

    void follow(SimNode node) {
      long from = seen.isEmpty() ? 1 : seen.lastKey() + 1;
      node.runtime().committed(from).handler(this::take);
    }

    private void take(Command command) {
      assertThat(seen.isEmpty() || seen.lastKey() < command.index()).isTrue();
      assertThat(seen.put(command.index(), command.payload())).isNull();
    }
  }

  @Test
  void everyMemberShowsTheSameCommandsThroughPartitionsAndRestarts() {
    led();
    List<Follower> followers = new ArrayList<>();
    for (SimNode node : cluster.nodes()) {
      followers.add(new Follower());
      followers.get(followers.size() - 1).follow(node);
    }
    cluster.clients().start(200);
    for (int round = 0; round < 3; round++) {
      cluster.run(2 * T);
      Set<String> alone = new TreeSet<>(List.of(cluster.leader().nodeId()));
      cluster.network().partition(alone);
      cluster.run(4 * T);
      cluster.network().healAll();
      cluster.run(4 * T);
      SimNode restarted = cluster.nodes().get(round);
      restarted.machine().kill();
      cluster.run(2 * T);
      cluster.boot(restarted);
      followers.get(round).follow(restarted);
    }
    cluster.clients().stop();
    assertThat(cluster.runUntil(cluster::hasConverged, 40 * T)).isTrue();
    cluster.run(T);

    assertThat(followers.get(0).seen).hasSizeGreaterThan(500);
    assertThat(followers.get(1).seen).isEqualTo(followers.get(0).seen);
    assertThat(followers.get(2).seen).isEqualTo(followers.get(0).seen);
    cluster.finish();
  }
}
