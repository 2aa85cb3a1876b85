package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Consistency;
import io.vertxraft.LeaderLease;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStatus;
import io.vertxraft.StateMachine;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.Room;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of reads that do not go through the log. */
class ReadsTest {
  private static final long MS = 1_000_000L;

  private final NodeFixture fixture = new NodeFixture();
  private final Journal journal = new Journal();
  private final EntryCodec codec = new EntryCodec(RaftOptions.DEFAULT_GROUP_ID);

  ReadsTest() {
    fixture.stateMachine = journal;
  }

  /** Keeps all commands; a query gives them, and another one waits to be answered. */
  private static final class Journal implements StateMachine {
    private final List<String> commands = new ArrayList<>();
    private final List<Promise<Buffer>> slow = new ArrayList<>();
    private long durableIndex;

    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      List<Buffer> replies = new ArrayList<>();
      for (Command command : batch) {
        commands.add(command.payload().toString());
        replies.add(command.payload());
      }
      return Future.succeededFuture(replies);
    }

    @Override
    public Future<Buffer> query(Buffer query) {
      switch (query.toString()) {
        case "slow" -> {
          Promise<Buffer> promise = Promise.promise();
          slow.add(promise);
          return promise.future();
        }
        case "bad" -> throw new IllegalArgumentException("no such query");
        default -> {
          return Future.succeededFuture(Buffer.buffer(String.join(",", commands)));
        }
      }
    }

    @Override
    public Future<Long> durableAppliedIndex() {
      return Future.succeededFuture(durableIndex);
    }
  }

  private static Rejected.Reason rejection(Future<?> result) {
    assertThat(result.cause()).isInstanceOf(Rejected.class);
    return ((Rejected) result.cause()).reason();
  }

  /** n1 follows n2 in term 1 and has applied "a" at index 2. */
  private NodeRuntime follower(RaftOptions options) {
    NodeRuntime node = fixture.start(options);
    fixture.receiver.receive(
        "n2",
        new AppendEntries(
            1,
            0,
            0,
            2,
            List.of(
                codec.encode(1, 1, EntryType.NO_OP, new byte[0]),
                codec.encode(2, 1, EntryType.COMMAND, new byte[] {'a'}))));
    fixture.scheduler.run();
    assertThat(node.core().appliedIndex()).isEqualTo(2);
    return node;
  }

  private ReadIndexRequest question() {
    List<ReadIndexRequest> questions = new ArrayList<>();
    fixture.sent.forEach(
        message -> {
          if (message instanceof ReadIndexRequest request) {
            questions.add(request);
          }
        });
    return questions.get(questions.size() - 1);
  }

  @Test
  void aLoneVoterAnswersEveryKindOfReadAtOnce() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.apply(node, "a");
    for (Consistency consistency :
        List.of(
            Consistency.LINEARIZABLE,
            Consistency.LEASE,
            Consistency.bounded(1_000),
            Consistency.LOCAL)) {
      assertThat(fixture.read(node, consistency, "all").result())
          .as("%s", consistency)
          .hasToString("a");
    }
    assertThat(node.leaderLease().getState()).isEqualTo(LeaderLease.State.VALID);
  }

  @Test
  void aFollowerAsksTheLeaderOnceForAllReadsAndWaitsUntilItHasAppliedEnough() {
    NodeRuntime node = follower(NodeFixture.options(3));
    Future<Buffer> first = node.read(Consistency.LINEARIZABLE, Buffer.buffer("all"));
    Future<Buffer> second = node.read(Consistency.LINEARIZABLE, Buffer.buffer("all"));
    fixture.scheduler.run();
    assertThat(fixture.sent).filteredOn(m -> m instanceof ReadIndexRequest).hasSize(1);

    fixture.receiver.receive("n2", new ReadIndexReply(question().requestId(), true, 3, null));
    fixture.scheduler.run();
    assertThat(first.isComplete()).as("index 3 is not applied yet").isFalse();

    fixture.receiver.receive(
        "n2",
        new AppendEntries(
            1, 2, 1, 3, List.of(codec.encode(3, 1, EntryType.COMMAND, new byte[] {'b'}))));
    fixture.scheduler.run();
    assertThat(first.result()).hasToString("a,b");
    assertThat(second.result()).hasToString("a,b");
  }

  @Test
  void anAnswerThatIsLostIsAskedForAgainUntilTheReadsTimeIsUp() {
    NodeRuntime node =
        follower(NodeFixture.options(3).setElectionTimeoutMs(1_000).setReadTimeoutMs(10_000));
    Future<Buffer> result = fixture.read(node, Consistency.LINEARIZABLE, "all");
    ReadIndexRequest lost = question();
    fixture.receiver.receive("n2", new Heartbeat(1, 2, 1, 1, 0));
    fixture.scheduler.advance(999 * MS);
    fixture.receiver.receive("n2", new Heartbeat(1, 2, 1, 2, 0));
    fixture.scheduler.advance(2 * MS);
    assertThat(question().requestId()).isNotEqualTo(lost.requestId());

    fixture.receiver.receive("n2", new ReadIndexReply(question().requestId(), true, 2, null));
    fixture.scheduler.run();
    assertThat(result.result()).hasToString("a");
  }

  @Test
  void aReadThatNobodyCanAnswerIsRejectedAndNeverUndecided() {
    NodeRuntime node = follower(NodeFixture.options(3).setReadTimeoutMs(50));
    Future<Buffer> refused = fixture.read(node, Consistency.LINEARIZABLE, "all");
    fixture.receiver.receive("n2", new ReadIndexReply(question().requestId(), false, 0, "n3"));
    fixture.scheduler.run();
    assertThat(rejection(refused)).isEqualTo(Rejected.Reason.NOT_LEADER);

    Future<Buffer> late = fixture.read(node, Consistency.LINEARIZABLE, "all");
    fixture.scheduler.advance(51 * MS);
    assertThat(rejection(late)).isEqualTo(Rejected.Reason.TIMEOUT);

    Future<Buffer> closed = fixture.read(node, Consistency.LINEARIZABLE, "all");
    node.close();
    fixture.scheduler.run();
    assertThat(rejection(closed)).isEqualTo(Rejected.Reason.SHUTTING_DOWN);
  }

  @Test
  void aBoundedReadUsesWhatTheLeaderSaidLatelyAndAsksAgainWhenThatIsTooOld() {
    NodeRuntime node = follower(NodeFixture.options(3));
    fixture.read(node, Consistency.LINEARIZABLE, "all");
    fixture.receiver.receive("n2", new ReadIndexReply(question().requestId(), true, 2, null));
    fixture.scheduler.advance(20 * MS);
    int before = fixture.sent.size();

    assertThat(fixture.read(node, Consistency.bounded(30), "all").result()).hasToString("a");
    assertThat(fixture.sent).hasSize(before);
    Future<Buffer> fresher = fixture.read(node, Consistency.bounded(10), "all");
    assertThat(fresher.isComplete()).isFalse();
    assertThat(fixture.sent.size()).isGreaterThan(before);
  }

  @Test
  void untilItHasAppliedWhatItsLogHeldAMemberVotesAndRefusesReads() {
    fixture.disk.add(codec.encode(1, 1, EntryType.NO_OP, new byte[0]));
    fixture.disk.add(codec.encode(2, 1, EntryType.COMMAND, new byte[] {'a'}));
    fixture.recovered =
        new RecoveredLog(
            new HardState(1, null),
            1,
            2,
            0,
            List.of(new RecoveredLog.TermRun(1, 1)),
            RecoveredLog.Health.OK);
    NodeRuntime node = fixture.start(NodeFixture.options(3));
    assertThat(rejection(fixture.read(node, Consistency.LOCAL, "all")))
        .isEqualTo(Rejected.Reason.RECOVERING);
    Future<RaftStatus> status = node.status();
    fixture.scheduler.run();
    assertThat(status.result().isRecovering()).isTrue();

    fixture.receiver.receive("n2", new AppendEntries(1, 2, 1, 2, List.of()));
    fixture.scheduler.run();
    assertThat(fixture.read(node, Consistency.LOCAL, "all").result()).hasToString("a");
  }

  @Test
  void aDurableStateMachineIsGivenOnlyWhatItDoesNotHave() {
    fixture.disk.add(codec.encode(1, 1, EntryType.COMMAND, new byte[] {'a'}));
    fixture.disk.add(codec.encode(2, 1, EntryType.COMMAND, new byte[] {'b'}));
    fixture.recovered =
        new RecoveredLog(
            new HardState(1, null),
            1,
            2,
            0,
            List.of(new RecoveredLog.TermRun(1, 1)),
            RecoveredLog.Health.OK);
    journal.commands.add("a");
    journal.durableIndex = 1;
    NodeRuntime node = fixture.start(NodeFixture.options(3));
    assertThat(node.core().appliedIndex()).isEqualTo(1);

    fixture.receiver.receive("n2", new AppendEntries(1, 2, 1, 2, List.of()));
    fixture.scheduler.run();
    assertThat(journal.commands).containsExactly("a", "b");
  }

  @Test
  void aStateMachineThatIsAheadOfTheLogDoesNotStartAndIsToldWhy() {
    journal.durableIndex = 7;
    NodeRuntime node = fixture.start(NodeFixture.options(3));
    assertThat(node.hasFailed()).isTrue();
    Future<?> started = node.start();
    fixture.scheduler.run();
    assertThat(started.cause()).hasMessageContaining("up to index 7, but the log ends at 0");
  }

  @Test
  void theOnlyMemberOfAGroupDoesNotStartWithDamageThatNobodyCanMend() {
    fixture.recovered =
        new RecoveredLog(
            new HardState(3, null),
            1,
            0,
            0,
            List.of(),
            new RecoveredLog.Health(RecoveredLog.Health.State.DAMAGED, "directory d lost entry 7"));
    NodeRuntime node = fixture.start(NodeFixture.options(1));
    Future<?> started = node.start();
    fixture.scheduler.run();
    assertThat(started.cause())
        .hasMessageContaining("directory d lost entry 7")
        .hasMessageContaining("'n1' is the only member");
  }

  @Test
  void aQueryThatFailsConcernsItsCallerOnly() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    assertThat(fixture.read(node, Consistency.LINEARIZABLE, "bad").cause())
        .hasMessage("no such query");
    assertThat(node.hasFailed()).isFalse();
    assertThat(fixture.read(node, Consistency.LINEARIZABLE, "all").succeeded()).isTrue();
  }

  @Test
  void aSlowQueryHoldsUpNeitherCommandsNorOtherReadsAndCountsAsInFlight() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setReadsInFlightMax(1));
    Future<Buffer> slow = fixture.read(node, Consistency.LINEARIZABLE, "slow");
    assertThat(fixture.apply(node, "a").succeeded()).isTrue();
    assertThat(rejection(fixture.read(node, Consistency.LOCAL, "all")))
        .isEqualTo(Rejected.Reason.OVERLOADED);

    journal.slow.get(0).complete(Buffer.buffer("late"));
    fixture.scheduler.run();
    assertThat(slow.result()).hasToString("late");
    assertThat(fixture.read(node, Consistency.LOCAL, "all").result()).hasToString("a");
  }

  @Test
  void aLeaderWithoutRoomRejectsCommandsNamesTheDiskAndGoesOnWhenThereIsRoom() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.room(new Room(true, 5, "disk d has 5 bytes free: free some space"));
    Future<Buffer> refused = fixture.apply(node, "a");
    assertThat(rejection(refused)).isEqualTo(Rejected.Reason.STORAGE_FULL);
    assertThat(refused.cause()).hasMessageContaining("disk d has 5 bytes free");
    assertThat(fixture.read(node, Consistency.LINEARIZABLE, "all").succeeded()).isTrue();

    fixture.room(Room.UNLIMITED);
    assertThat(fixture.apply(node, "a").succeeded()).isTrue();
  }
}
