package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.NodeState;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.RoleKind;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.spi.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Stories of what a caller learns, and of what must not take the node down. */
class NodeRuntimeTest {
  private static final long SECOND = 1_000_000_000L;

  private final NodeFixture fixture = new NodeFixture();

  @Test
  void aCommandIsAnsweredWithTheStateMachinesReply() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));

    assertThat(fixture.apply(node, "a").result()).isEqualTo(Buffer.buffer("a"));
  }

  @Test
  void aDecoderTurnsTheReplyIntoAResult() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    Future<Integer> length = node.apply(Buffer.buffer("four"), Buffer::length);
    fixture.scheduler.run();

    assertThat(length.result()).isEqualTo(4);
  }

  @Test
  void beforeTheNodeHasStartedCommandsAreRejected() {
    NodeRuntime node = fixture.lead(NodeFixture.options(3));

    Future<Buffer> result = fixture.apply(node, "a");

    assertThat(rejection(result)).isEqualTo(Rejected.Reason.NOT_LEADER);
  }

  @Test
  void aCommandThatIsTooLargeIsRejectedWithTheLimitNamed() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setCommandBytesMax(3));

    Future<Buffer> result = fixture.apply(node, "four");

    assertThat(rejection(result)).isEqualTo(Rejected.Reason.TOO_LARGE);
    assertThat(result.cause()).hasMessageContaining("commandBytesMax = 3");
  }

  @Test
  void aCommandBeyondItsDeadlineIsUnknownAndNeverAnsweredTwice() {
    List<Promise<List<Buffer>>> batches = hangingStateMachine();
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setApplyTimeoutMs(100));
    Future<Buffer> result = fixture.apply(node, "slow");
    fixture.scheduler.advance(SECOND);
    assertThat(uncertainty(result)).isEqualTo(Unknown.Reason.DEADLINE);

    batches.get(0).complete(List.of(Buffer.buffer("late")));
    fixture.scheduler.run();

    assertThat(uncertainty(result)).isEqualTo(Unknown.Reason.DEADLINE);
    assertThat(node.core().appliedIndex()).isEqualTo(2);
  }

  @Test
  void theBudgetCoversWhatIsProposedAndNotApplied() {
    hangingStateMachine();
    RaftOptions options = NodeFixture.options(1).setProposalsInFlightMax(10).setApplyTimeoutMs(100);
    NodeRuntime node = fixture.lead(options);
    for (int i = 0; i < 10; i++) {
      fixture.apply(node, "x");
    }
    fixture.scheduler.advance(SECOND);

    assertThat(rejection(fixture.apply(node, "x"))).isEqualTo(Rejected.Reason.OVERLOADED);
  }

  @Test
  void theBudgetIsFreeAgainOnceEverythingIsApplied() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setProposalsInFlightMax(2));
    for (int i = 0; i < 10; i++) {
      assertThat(fixture.apply(node, "x").succeeded()).isTrue();
    }
    RaftStatus status = status(node);

    assertThat(status.getProposalsInFlight()).isZero();
    assertThat(status.getProposalBytesInFlight()).isZero();
  }

  @Test
  void closingMakesTheUncommittedUnknownBeforeTheEndIsAnnounced() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.diskIsStuck = true;
    List<String> order = new ArrayList<>();
    ReadStream<RaftEvent> events = node.events();
    events.handler(event -> order.add(event.getType().name()));
    Future<Buffer> result = fixture.apply(node, "a").onComplete(done -> order.add("answered"));

    node.close();
    fixture.scheduler.run();

    assertThat(uncertainty(result)).isEqualTo(Unknown.Reason.NODE_STOPPED);
    assertThat(order).containsExactly("answered", RaftEventType.STOPPED.name());
    assertThat(rejection(fixture.apply(node, "b"))).isEqualTo(Rejected.Reason.SHUTTING_DOWN);
  }

  @Test
  void aFailingStateMachineIsFatalForTheNodeWhichStillGivesItsStatus() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.stateMachine =
        StateMachine.of(
            command -> {
              throw new IllegalStateException("broken");
            });

    Future<Buffer> first = fixture.apply(node, "a");
    Future<Buffer> second = fixture.apply(node, "b");

    assertThat(first.cause()).isInstanceOf(RaftException.Fatal.class);
    assertThat(second.cause())
        .isInstanceOf(RaftException.Fatal.class)
        .hasMessageContaining("broken");
    RaftStatus status = status(node);
    assertThat(status.getState()).isEqualTo(NodeState.FAILED);
    assertThat(status.getFailure()).isEqualTo("broken");
    assertThat(status.getRole()).isEqualTo(RaftRole.FOLLOWER);
  }

  @Test
  void aStateMachineWithTheWrongNumberOfRepliesIsFatal() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.stateMachine = batch -> Future.succeededFuture(List.of());

    assertThat(fixture.apply(node, "a").cause())
        .isInstanceOf(RaftException.Fatal.class)
        .hasMessageContaining("gave 0 replies to 1 commands");
  }

  @Test
  void aFailingDiskIsFatalForTheNodeAndNothingIsAcknowledged() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.diskFailure = new StorageException(StorageException.Kind.IO_ERROR, "sync failed");

    Future<Buffer> result = fixture.apply(node, "a");

    assertThat(result.cause()).isInstanceOf(RaftException.Fatal.class);
    assertThat(status(node).getFailure()).isEqualTo("sync failed");
    assertThat(node.core().commitIndex()).isEqualTo(1);
  }

  @Test
  void theStateMachineIsFedFromDiskOnlyWhatIsDurable() {
    List<Promise<List<Buffer>>> batches = hangingStateMachine();
    fixture.start(NodeFixture.options(3).setLogCacheBytesMax(0));
    fixture.receiver.receive("n2", append(0, 0, 1, 1, 1));
    fixture.scheduler.run();
    fixture.receiver.receive("n2", append(1, 1, 1, 2, 5));
    fixture.scheduler.run();
    fixture.diskIsStuck = true;
    fixture.receiver.receive("n2", append(5, 1, 10, 6, 10));
    fixture.scheduler.run();

    batches.get(0).complete(List.of(Buffer.buffer()));
    fixture.scheduler.run();

    assertThat(fixture.readsBeyondDurable).isEmpty();
    assertThat(batches).hasSize(2);
  }

  @Test
  void aCallerWhoseContextIsGoneHarmsNobodyElse() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.scheduler.callFrom(
        task -> {
          throw new RejectedExecutionException("context closed");
        });
    node.apply(Buffer.buffer("a"));
    fixture.scheduler.callFrom(fixture.scheduler);
    Future<Buffer> second = node.apply(Buffer.buffer("b"));
    fixture.scheduler.run();

    assertThat(second.succeeded()).isTrue();
    assertThat(fixture.apply(node, "c").succeeded()).isTrue();
  }

  @Test
  void aSubscriberWhoseContextIsGoneHarmsNobodyElse() {
    NodeRuntime node = fixture.start(NodeFixture.options(1));
    fixture.scheduler.callFrom(
        task -> {
          throw new RejectedExecutionException("context closed");
        });
    node.events();
    fixture.scheduler.callFrom(fixture.scheduler);
    fixture.scheduler.advance(3 * SECOND);

    assertThat(status(node).getRole()).isEqualTo(RaftRole.LEADER);
  }

  @Test
  void aSubscriberThatPausesGetsNothingMoreUntilItAsks() {
    NodeRuntime node = fixture.start(NodeFixture.options(1));
    List<RaftEventType> seen = new ArrayList<>();
    ReadStream<RaftEvent> events = node.events();
    events.handler(
        event -> {
          seen.add(event.getType());
          events.pause();
        });
    fixture.scheduler.advance(3 * SECOND);
    assertThat(seen).hasSize(1);

    events.fetch(1);
    fixture.scheduler.run();

    assertThat(seen).hasSize(2);
  }

  @Test
  void aForwardIsAppendedOnlyByTheLeaderOfItsTermAndOnlyOnce() {
    NodeRuntime node = fixture.start(NodeFixture.options(3));
    fixture.receiver.receive("n2", new Heartbeat(3, 0, 0, 0, 0));
    fixture.scheduler.run();
    fixture.sent.clear();

    fixture.receiver.receive("n2", new ForwardRequest(77, 3, new byte[] {1}));
    fixture.receiver.receive("n2", new ForwardRequest(77, 3, new byte[] {1}));
    fixture.scheduler.run();

    assertThat(fixture.sent).hasSize(1).first().isInstanceOf(ForwardReply.class);
    ForwardReply reply = (ForwardReply) fixture.sent.get(0);
    assertThat(reply.outcome()).isEqualTo(ForwardReply.Outcome.REJECTED);
    assertThat(reply.leaderId()).isEqualTo("n2");
    assertThat(node.core().log().lastIndex()).isZero();
  }

  @Test
  void aLateForwardOfAnEarlierLifeDoesNotSilenceThePresentOne() {
    PeerCalls calls = new PeerCalls(fixture.scheduler, null, SECOND);
    long oldLife = 7L << 40;
    long newLife = 9L << 40;
    assertThat(calls.isNew("n2", new ForwardRequest(newLife + 1, 1, new byte[0]))).isTrue();
    calls.isNew("n2", new ForwardRequest(oldLife + 55, 1, new byte[0]));

    assertThat(calls.isNew("n2", new ForwardRequest(newLife + 2, 1, new byte[0]))).isTrue();
    assertThat(calls.isNew("n2", new ForwardRequest(newLife + 2, 1, new byte[0]))).isFalse();
  }

  @Test
  void aFollowerForwardsAndFailsItsForwardsWhenTheLeaderChanges() {
    NodeRuntime node = fixture.start(NodeFixture.options(3));
    fixture.receiver.receive("n2", new Heartbeat(3, 0, 0, 0, 0));
    fixture.scheduler.run();
    Future<Buffer> result = fixture.apply(node, "a");
    assertThat(fixture.sent).anyMatch(m -> m instanceof ForwardRequest f && f.term() == 3);

    fixture.receiver.receive("n3", new VoteRequest(4, 9, 9, true));
    fixture.scheduler.run();

    assertThat(uncertainty(result)).isEqualTo(Unknown.Reason.FORWARD_LOST);
  }

  @Test
  void aReadThatALostLeadershipMadePointlessMayFail() {
    NodeRuntime node = leaderReadingForAFollower();

    fixture.receiver.receive("n3", new Heartbeat(9, 0, 0, 0, 0));
    fixture.scheduler.run();
    fixture.heldRead.fail(new IllegalArgumentException("1..5 was truncated before it was read"));
    fixture.scheduler.run();

    assertThat(node.hasFailed()).isFalse();
  }

  @Test
  void aReadThatFailsUnderALeaderIsTheFaultOfItsDisk() {
    NodeRuntime node = leaderReadingForAFollower();

    fixture.heldRead.fail(new IllegalArgumentException("there is no such entry"));
    fixture.scheduler.run();

    assertThat(node.hasFailed()).isTrue();
  }

  /** A leader of term 2 whose log has left memory, asked for all of it by a follower. */
  private NodeRuntime leaderReadingForAFollower() {
    NodeRuntime node = fixture.start(NodeFixture.options(3).setLogCacheBytesMax(0));
    fixture.receiver.receive("n2", append(0, 0, 0, 1, 5));
    fixture.scheduler.run();
    fixture.heldRead = Promise.promise();
    for (int i = 0; i < 30 && node.core().roleKind() != RoleKind.PRE_CANDIDATE; i++) {
      fixture.scheduler.advance(SECOND / 10);
    }
    fixture.receiver.receive("n2", new PreVoteReply(1, 2, true));
    fixture.scheduler.run();
    fixture.receiver.receive("n2", new VoteReply(2, true));
    fixture.scheduler.run();
    assertThat(node.core().isLeader()).isTrue();
    fixture.receiver.receive("n2", AppendEntriesReply.refused(2, 5, 0, 1));
    fixture.scheduler.run();
    fixture.receiver.receive("n2", AppendEntriesReply.accepted(2, 0));
    fixture.scheduler.run();
    return node;
  }

  private List<Promise<List<Buffer>>> hangingStateMachine() {
    List<Promise<List<Buffer>>> batches = new ArrayList<>();
    fixture.stateMachine =
        batch -> {
          Promise<List<Buffer>> replies = Promise.promise();
          batches.add(replies);
          return replies.future();
        };
    return batches;
  }

  private RaftStatus status(NodeRuntime node) {
    Future<RaftStatus> status = node.status();
    fixture.scheduler.run();
    return status.result();
  }

  private static AppendEntries append(long prev, long prevTerm, long commit, long from, long to) {
    EntryCodec codec = new EntryCodec(RaftOptions.DEFAULT_GROUP_ID);
    List<LogEntry> entries = new ArrayList<>();
    for (long i = from; i <= to; i++) {
      entries.add(codec.encode(i, 1, EntryType.COMMAND, new byte[] {1}));
    }
    return new AppendEntries(1, prev, prevTerm, commit, entries);
  }

  private static Rejected.Reason rejection(Future<?> result) {
    assertThat(result.cause()).isInstanceOf(Rejected.class);
    return ((Rejected) result.cause()).reason();
  }

  private static Unknown.Reason uncertainty(Future<?> result) {
    assertThat(result.cause()).isInstanceOf(Unknown.class);
    return ((Unknown) result.cause()).reason();
  }
}
