package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.NodeState;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotReader;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stories of a state that is replaced by that of a snapshot. */
class SnapshotLoadTest {
  private final SnapshotFixture fixture = new SnapshotFixture();
  private final Promise<Void> loaded = Promise.promise();

  /** From now on loading waits for the test. */
  private void holdLoading() {
    fixture.ledger.loading = reader -> fixture.ledger.read(reader).compose(done -> loaded.future());
  }

  /** The leader's snapshot, which ends at 10, is fetched. */
  private void install() {
    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();
  }

  private Rejected.Reason refusedRead() {
    Future<Buffer> read = fixture.base.read(fixture.node, Consistency.LOCAL, "all");
    return read.cause() instanceof Rejected rejected ? rejected.reason() : null;
  }

  @Test
  void anInstalledSnapshotTakesThePlaceOfTheStateAndTheLog() {
    fixture.start().commands(1, 3);
    install();

    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(10));
    assertThat(fixture.ledger.calls).containsExactly("apply 1..3", "load 10");
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(10);
    assertThat(fixture.base.diskFirst).isEqualTo(11);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_INSTALLED)).containsExactly("index 10");
    assertThat(fixture.snapshotStatus().getInstalled()).isEqualTo(1);

    fixture.commands(11, 12);
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(12));
  }

  /** NuRaft 407: the apply loop still ran older entries when the snapshot was installed. */
  @Test
  void aBatchThatIsBeingAppliedEndsBeforeTheSnapshotIsLoaded() {
    Promise<Void> batch = Promise.promise();
    fixture.start().commands(1, 1);
    fixture.ledger.heldBatch = batch;
    fixture.commands(2, 3);
    fixture.commands(4, 5);
    install();
    assertThat(fixture.ledger.calls).containsExactly("apply 1..1", "apply 2..3");
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.LOADING);

    batch.complete();
    fixture.run();

    assertThat(fixture.ledger.calls).as("4 and 5 are in it").endsWith("apply 2..3", "load 10");
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(10));
    assertThat(fixture.ledger.callsWhileLoading).isEmpty();
  }

  /** The other half of NuRaft 407: entries that were being read for the apply loop. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void entriesThatAreBeingReadAreDroppedWhetherTheReadSucceedsOrTheyAreGone(boolean succeeds) {
    fixture.options.setLogCacheBytesMax(0);
    fixture.start().commands(1, 3, 1);
    Promise<List<LogEntry>> read = Promise.promise();
    fixture.base.heldRead = read;
    fixture.commands(4, 4, 4);
    install();
    fixture.base.heldRead = null;

    if (succeeds) {
      read.complete(List.of(fixture.command(2, 1), fixture.command(3, 1)));
    } else {
      read.fail(new IllegalArgumentException("2 is gone"));
    }
    fixture.run();

    assertThat(fixture.ledger.calls).containsExactly("apply 1..1", "load 10");
    assertThat(fixture.node.hasFailed()).isFalse();
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(10);
  }

  @Test
  void whatFollowsTheSnapshotIsAppliedWhenItIsLoadedAndNotBefore() {
    holdLoading();
    fixture.start().commands(1, 3);
    install();
    fixture.commands(11, 12);
    assertThat(fixture.ledger.calls).containsExactly("apply 1..3", "load 10");
    assertThat(fixture.status().getAppliedIndex()).isEqualTo(3);

    loaded.complete();
    fixture.run();
    assertThat(fixture.ledger.calls).containsExactly("apply 1..3", "load 10", "apply 11..12");
    assertThat(fixture.ledger.callsWhileLoading).isEmpty();
    assertThat(fixture.status().getAppliedIndex()).isEqualTo(12);
  }

  /** */
  @Test
  void whileItLoadsAMemberVotesAndFollowsAndRefusesReads() {
    holdLoading();
    fixture.start().commands(1, 3);
    Future<Buffer> before = fixture.base.read(fixture.node, Consistency.LOCAL, "all");
    assertThat(before.result()).isEqualTo(Ledger.stateAt(3));
    install();

    assertThat(refusedRead()).isEqualTo(Rejected.Reason.RECOVERING);
    assertThat(fixture.status().isRecovering()).isTrue();
    assertThat(fixture.save().result().getOutcome()).isEqualTo(SnapshotOutcome.SKIPPED_LOADING);
    fixture.commands(11, 11);
    assertThat(fixture.node.core().commitIndex()).isEqualTo(11);
    fixture.base.receiver.receive("n3", new VoteRequest(2, 11, 1, true));
    fixture.run();
    assertThat(fixture.base.sent).contains(new VoteReply(2, true));

    loaded.complete();
    fixture.run();
    assertThat(refusedRead()).isNull();
    assertThat(fixture.ledger.callsWhileLoading).isEmpty();
  }

  @Test
  void aLoadThatNeverEndsIsFatalForTheMember() {
    holdLoading();
    fixture.with(o -> o.setLoadTimeoutMs(1_000)).start();
    install();
    fixture.advanceMs(1_001);

    assertThat(fixture.status().getState()).isEqualTo(NodeState.FAILED);
    assertThat(fixture.status().getFailure()).contains("index 10", "loadTimeoutMs = 1000");
    assertThat(fixture.base.snapshots.openReaders()).isZero();

    loaded.complete();
    fixture.run();
    assertThat(fixture.node.core().appliedIndex()).as("too late").isZero();
  }

  @ParameterizedTest
  @CsvSource({"fails, broken", "throws, broken", "returns null, returned null instead of a future"})
  void aStateMachineThatCannotLoadIsFatalForTheMember(String how, String why) {
    fixture.ledger.loading = reader -> misbehave(how);
    fixture.start();
    install();

    assertThat(fixture.status().getFailure()).contains(why);
    assertThat(fixture.base.snapshots.openReaders()).isZero();
  }

  private static Future<Void> misbehave(String how) {
    return switch (how) {
      case "fails" -> Future.failedFuture("broken");
      case "throws" -> throw new IllegalStateException("broken");
      default -> null;
    };
  }

  @Test
  void aSnapshotThatCannotBeOpenedForLoadingIsFatalForTheMemberAndTheNextLifeStartsAnew() {
    fixture.base.snapshots.fault(Step.OPEN, Fault.FAILS);
    fixture.start();
    install();
    assertThat(fixture.status().getFailure()).contains("disk is full");

    fixture.restart();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(10));
  }

  // --- a disk that damages what was verified a moment ago ---------------------------------------

  /** What is on the disk is damaged when it has been verified and is about to be read. */
  private void damageBeforeReading(long lastIndex) {
    fixture.ledger.loading =
        reader -> {
          fixture.base.snapshots.damage(lastIndex);
          return fixture.ledger.read(reader);
        };
  }

  @Test
  void aSnapshotThatIsDamagedWhileItIsLoadedAtAStartFailsTheMemberAndTheNextLifeTakesTheOlderOne() {
    fixture.diskHas(1, 10);
    fixture.diskHasSnapshot(4);
    fixture.diskHasSnapshot(8);
    damageBeforeReading(8);
    fixture.start();

    assertThat(fixture.status().getState()).isEqualTo(NodeState.FAILED);
    assertThat(fixture.status().getFailure())
        .startsWith("file 'state' of the snapshot that ends at index 8 is not what the manifest")
        .contains("start the member again");
    assertThat(fixture.status().getAppliedIndex()).isZero();
    assertThat(fixture.base.snapshots.openReaders()).isZero();

    fixture.ledger.loading = fixture.ledger::read;
    fixture.restart();
    assertThat(fixture.ledger.calls).containsExactly("load 4");
    fixture.base.receiver.receive("n2", new AppendEntries(1, 10, 1, 10, List.of()));
    fixture.run();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(10));
  }

  @Test
  void oneThatIsDamagedWhileItIsLoadedAfterAnInstallFailsTheMemberAndTheNextLifeIsGivenItAnew() {
    damageBeforeReading(10);
    fixture.start().commands(1, 3);
    install();
    assertThat(fixture.status().getState()).isEqualTo(NodeState.FAILED);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_INSTALLED)).isEmpty();

    fixture.ledger.loading = fixture.ledger::read;
    fixture.restart();
    assertThat(fixture.ledger.calls).as("the log goes on from nothing that is whole").isEmpty();
    fixture.offer(10, 10);
    fixture.answerAll();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(10));
    assertThat(fixture.base.snapshots.isGood(10)).isTrue();
  }

  @Test
  void closingDoesNotWaitForAStateMachineThatLoads() {
    holdLoading();
    fixture.start();
    install();
    Future<Void> closed = fixture.node.close();
    fixture.run();

    assertThat(closed.succeeded()).isTrue();
    assertThat(fixture.base.snapshots.openReaders()).isZero();
  }

  /** A leader that comes up from a snapshot takes commands at once, and answers them in order. */
  @Test
  void aMemberMayBeElectedWhileItLoadsAndServesWhenItHas() {
    holdLoading();
    fixture.options.setMembers(fixture.options.getMembers().subList(0, 1));
    fixture.diskHas(1, 3);
    fixture.diskHasSnapshot(2);
    fixture.start();
    fixture.advanceMs(5_000);
    assertThat(fixture.node.core().isLeader()).isTrue();
    Future<Buffer> result = fixture.base.apply(fixture.node, "x");
    assertThat(result.isComplete()).isFalse();

    loaded.complete();
    fixture.run();
    assertThat(result.result()).hasToString("x");
    assertThat(fixture.ledger.state()).hasToString("c1,c2,c3,x");
  }

  @Test
  void aReaderThatIsKeptBeyondTheLoadReadsNothing() {
    SnapshotReader[] kept = new SnapshotReader[1];
    fixture.ledger.loading =
        reader -> {
          kept[0] = reader;
          return fixture.ledger.read(reader);
        };
    fixture.start();
    install();
    Future<Buffer> late = kept[0].read();
    fixture.run();

    assertThat(late.cause()).hasMessageContaining("is closed");
  }
}
