package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.spi.Room;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stories of a member that saves its own state. */
class SnapshotSaveTest {
  private final SnapshotFixture fixture = new SnapshotFixture();

  @Test
  void aSnapshotThatIsAskedForIsDurableWhenItIsAnswered() {
    fixture.start().commands(1, 3);

    SnapshotResult result = fixture.save().result();

    assertThat(result.getOutcome()).isEqualTo(SnapshotOutcome.TAKEN);
    assertThat(result.getLastIndex()).isEqualTo(3);
    assertThat(result.getLastTerm()).isEqualTo(1);
    assertThat(result.getBytes()).isEqualTo(8);
    assertThat(fixture.base.snapshots.published.get(3L).files.get("state")).hasToString("c1,c2,c3");
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_SAVED)).hasSize(1);
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(3L);
    assertThat(fixture.snapshotStatus().getSaved()).isEqualTo(1);
  }

  /** between two entries, and applying goes on. */
  @Test
  void theStateIsCapturedBetweenTwoBatchesAndApplyingGoesOnWhileItIsWritten() {
    Promise<Void> batch = Promise.promise();
    Promise<Void> written = Promise.promise();
    fixture.ledger.saving =
        writer -> fixture.ledger.write(writer).compose(done -> written.future());
    fixture.start().commands(1, 1);
    fixture.ledger.heldBatch = batch;
    fixture.commands(2, 2);
    Future<SnapshotResult> result = fixture.save();
    assertThat(fixture.ledger.calls).containsExactly("apply 1..1", "apply 2..2");

    batch.complete();
    fixture.run();
    fixture.commands(3, 5);
    assertThat(fixture.ledger.calls)
        .containsExactly("apply 1..1", "apply 2..2", "save 2", "apply 3..5");
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.SAVING);
    assertThat(fixture.snapshotStatus().getActivityIndex()).isEqualTo(2);

    written.complete();
    fixture.run();
    assertThat(result.result().getLastIndex()).isEqualTo(2);
    assertThat(fixture.base.snapshots.published.get(2L).files.get("state")).hasToString("c1,c2");
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(5);
  }

  // --- occasions --------------------------------------------------------------------------------

  @Test
  void soManyEntriesSinceTheLastAreAnOccasion() {
    fixture.with(o -> o.setEntries(3)).start().commands(1, 2);
    assertThat(fixture.base.snapshots.published).isEmpty();

    fixture.commands(3, 3);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L);

    fixture.commands(4, 5);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L);
    fixture.commands(6, 6);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L, 6L);
  }

  @Test
  void soManyBytesOfLogSinceTheLastAreAnOccasion() {
    int bytes = fixture.command(1, 1).encodedBytes();
    fixture.with(o -> o.setLogBytes(3L * bytes)).start().commands(1, 2);
    assertThat(fixture.base.snapshots.published).isEmpty();

    fixture.commands(3, 3);
    fixture.commands(4, 5);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L);
    fixture.commands(6, 6);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L, 6L);
  }

  @Test
  void timeIsAnOccasionWithinTheIntervalAtFirstAndOnceInEachAfterwards() {
    fixture.with(o -> o.setIntervalMs(10_000)).start().commands(1, 1);
    fixture.advanceMs(1);
    assertThat(fixture.base.snapshots.published).as("a chance of 0").containsOnlyKeys(1L);

    fixture.commands(2, 2);
    fixture.advanceMs(9_998);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(1L);
    fixture.advanceMs(3);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(1L, 2L);
  }

  @Test
  void timeAloneIsNoOccasionIfNothingIsNew() {
    fixture.with(o -> o.setIntervalMs(10)).start().commands(1, 1);
    fixture.advanceMs(11);
    fixture.advanceMs(11);
    fixture.advanceMs(11);

    assertThat(fixture.ledger.calls).containsExactly("apply 1..1", "save 1");
  }

  @Test
  void theOccasionsCountFromTheSnapshotThatAnEarlierLifeTook() {
    fixture.diskHas(1, 10);
    fixture.diskHasSnapshot(10);
    fixture.with(o -> o.setEntries(5)).start().commands(11, 14);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(10L);

    fixture.commands(15, 15);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(10L, 15L);
  }

  // --- what is skipped --------------------------------------------------------------------------

  @Test
  void nothingIsSavedBeforeEnoughIsNewAndNothingIsCut() {
    fixture.with(o -> o.setEntriesMin(3)).start().commands(1, 3);
    assertThat(fixture.save().result().getOutcome()).isEqualTo(SnapshotOutcome.TAKEN);

    fixture.commands(4, 5);
    SnapshotResult result = fixture.save().result();

    assertThat(result.getOutcome()).isEqualTo(SnapshotOutcome.SKIPPED_NOTHING_NEW);
    assertThat(result.getDetail()).contains("2 entries", "entriesMin = 3");
    assertThat(result.getLastIndex()).as("of the newest there is").isEqualTo(3);
    assertThat(fixture.base.diskFirst).isEqualTo(1);
  }

  @Test
  void aDiskThatIsShortOfRoomIsNotWrittenToUntilThereIsRoomAgain() {
    fixture.with(o -> o.setEntries(2)).start().commands(1, 2, 0);
    fixture.base.room(new Room(true, 10, "10 bytes are left"));
    fixture.base.receiver.receive("n2", new AppendEntries(1, 2, 1, 2, List.of()));
    fixture.run();
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(2);
    SnapshotResult asked = fixture.save().result();
    assertThat(asked.getOutcome()).isEqualTo(SnapshotOutcome.SKIPPED_NO_ROOM);
    assertThat(asked.getDetail()).isEqualTo("10 bytes are left");
    assertThat(fixture.base.snapshots.calls).isEmpty();

    fixture.base.room(Room.UNLIMITED);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(2L);
  }

  @Test
  void aStateMachineWithoutSnapshotsIsAskedOnceAndNobodyIsTold() {
    List<String> asked = new ArrayList<>();
    fixture.base.stateMachine =
        new StateMachine() {
          @Override
          public Future<List<Buffer>> apply(List<Command> batch) {
            return Future.succeededFuture(batch.stream().map(c -> c.payload()).toList());
          }

          @Override
          public Future<Void> saveSnapshot(SnapshotWriter writer) {
            asked.add("asked");
            return StateMachine.super.saveSnapshot(writer);
          }
        };
    fixture.with(o -> o.setEntries(2).setIntervalMs(10)).start().commands(1, 2);
    fixture.commands(3, 8);
    fixture.advanceMs(1_000);

    SnapshotResult result = fixture.save().result();

    assertThat(asked).hasSize(1);
    assertThat(result.getOutcome()).isEqualTo(SnapshotOutcome.SKIPPED_UNSUPPORTED);
    assertThat(result.getDetail()).contains("saveSnapshot");
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
    assertThat(fixture.base.snapshots.calls).as("the disk is not touched").isEmpty();
  }

  @Test
  void aNodeThatDoesNotRunRefuses() {
    fixture.node = fixture.base.create(fixture.options);
    assertThat(((Rejected) fixture.save().cause()).reason())
        .isEqualTo(Rejected.Reason.SHUTTING_DOWN);

    fixture.start();
    fixture.node.close();
    fixture.run();
    assertThat(fixture.save().cause()).isInstanceOf(Rejected.class);
  }

  // --- what fails -------------------------------------------------------------------------------

  /** How a state machine may fail, by name; each is to fail the save and nothing else. */
  private Future<Void> misbehave(String how, SnapshotWriter writer) {
    return switch (how) {
      case "throws" -> throw new IllegalStateException("broken");
      case "returns null" -> null;
      case "fails" -> Future.failedFuture("broken");
      case "throws an error" -> throw new AssertionError("broken");
      case "leaves a file open" -> {
        writer.file("half").write(Buffer.buffer("x"));
        yield Future.succeededFuture();
      }
      case "gives a name twice" -> {
        writer.file("A");
        writer.file("a");
        yield Future.succeededFuture();
      }
      case "gives a name that leaves the directory" -> {
        writer.file("../x");
        yield Future.succeededFuture();
      }
      default -> throw new IllegalArgumentException(how);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "throws, broken",
    "returns null, returned null instead of a future",
    "fails, broken",
    "throws an error, broken",
    "leaves a file open, has not ended the file 'half'",
    "gives a name twice, or one that differs in case only",
    "gives a name that leaves the directory, is no name for a file"
  })
  void aStateMachineThatMisbehavesFailsTheSaveAndNothingElse(String how, String why) {
    fixture.ledger.saving = writer -> misbehave(how, writer);
    fixture.start().commands(1, 3);

    Future<SnapshotResult> result = fixture.save();

    assertThat(result.cause()).hasMessageContaining(why);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .hasSize(1)
        .first()
        .asString()
        .contains(why);
    assertThat(fixture.snapshotStatus().getLastFailure()).contains(why);
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    assertThat(fixture.base.snapshots.published).isEmpty();
    theNextOneSucceeds();
  }

  private void theNextOneSucceeds() {
    fixture.ledger.saving = fixture.ledger::write;
    fixture.commands(4, 4);
    assertThat(fixture.save().result().getOutcome()).isEqualTo(SnapshotOutcome.TAKEN);
    assertThat(fixture.snapshotStatus().getLastFailure()).isNull();
    assertThat(fixture.base.snapshots.published).containsKey(4L);
    assertThat(fixture.node.hasFailed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"SAVE", "APPEND", "SYNC", "RENAME", "VERIFY"})
  void aDiskThatFailsAtAnyStepFailsTheSaveAndNothingElse(Step step) {
    fixture.base.snapshots.fault(step, Fault.FAILS);
    fixture.start().commands(1, 3);

    Future<SnapshotResult> result = fixture.save();

    assertThat(result.cause()).hasMessageContaining("disk is full");
    fixture.base.snapshots.noFaults();
    theNextOneSucceeds();
    assertThat(fixture.snapshotStatus().getKept()).as("what nobody verified").containsExactly(4L);
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"SAVE", "APPEND", "SYNC"})
  void aDiskThatThrowsFailsTheSaveAndNothingElse(Step step) {
    fixture.base.snapshots.fault(step, Fault.THROWS);
    fixture.start().commands(1, 3);

    assertThat(fixture.save().cause()).hasMessageContaining("disk is full");
    fixture.base.snapshots.noFaults();
    theNextOneSucceeds();
  }

  /** R-26, JRaft 868. */
  @Test
  void aSaveThatNeverEndsIsGivenUpAndTheNextOneIsTaken() {
    Promise<Void> never = Promise.promise();
    List<Throwable> told = new ArrayList<>();
    fixture.ledger.saving =
        writer -> {
          writer.givenUp().onFailure(told::add);
          return never.future();
        };
    fixture.with(o -> o.setSaveTimeoutMs(1_000)).start().commands(1, 3);
    Future<SnapshotResult> result = fixture.save();
    fixture.advanceMs(1_001);

    assertThat(result.cause())
        .hasMessageContaining("saveTimeoutMs = 1000")
        .hasMessageContaining("the state machine has not finished");
    assertThat(told).hasSize(1);
    theNextOneSucceeds();

    never.complete();
    fixture.run();
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(4L);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).hasSize(1);
  }

  @Test
  void aSaveThatAStuckBatchKeepsFromBeginningIsGivenUpWithoutACall() {
    Promise<Void> batch = Promise.promise();
    fixture.with(o -> o.setSaveTimeoutMs(1_000)).start().commands(1, 1);
    fixture.ledger.heldBatch = batch;
    fixture.commands(2, 3);
    Future<SnapshotResult> result = fixture.save();
    fixture.advanceMs(1_001);
    assertThat(result.cause()).hasMessageContaining("the batch being applied has not ended");

    batch.complete();
    fixture.run();
    assertThat(fixture.ledger.calls).containsExactly("apply 1..1", "apply 2..3");
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"SAVE", "APPEND", "SYNC", "RENAME", "VERIFY"})
  void aDiskThatHangsAtAnyStepBlocksNoLaterSnapshot(Step step) {
    fixture.base.snapshots.faultOnce(step, Fault.HANGS, 0);
    fixture.with(o -> o.setSaveTimeoutMs(1_000)).start().commands(1, 3);
    Future<SnapshotResult> result = fixture.save();
    assertThat(result.isComplete()).isFalse();
    fixture.advanceMs(1_001);
    assertThat(result.failed()).isTrue();
    theNextOneSucceeds();

    fixture.base.snapshots.release();
    fixture.run();
    assertThat(fixture.snapshotStatus().getLastIndex()).isEqualTo(4);
    assertThat(fixture.node.hasFailed()).isFalse();
  }

  /** It is there, and verified: a leader may offer it. */
  @Test
  void aSnapshotThatIsPublishedAfterItWasGivenUpCountsAllTheSame() {
    fixture.base.snapshots.faultOnce(Step.VERIFY, Fault.HANGS, 0);
    fixture.with(o -> o.setSaveTimeoutMs(1_000)).start().commands(1, 3);
    fixture.save();
    fixture.advanceMs(1_001);
    assertThat(fixture.snapshotStatus().getKept()).isEmpty();

    fixture.base.snapshots.release();
    fixture.run();

    assertThat(fixture.snapshotStatus().getKept()).containsExactly(3L);
  }

  @Test
  void afterASaveThatFailedTheNextOneByItselfWaitsLongerEachTime() {
    fixture.base.snapshots.fault(Step.SAVE, Fault.FAILS);
    fixture.with(o -> o.setEntries(1)).start();
    List<Integer> attempts = new ArrayList<>();
    for (int second = 1; second <= 16; second++) {
      fixture.commands(second, second);
      fixture.advanceMs(1_000);
      attempts.add(fixture.base.snapshots.calls.get(Step.SAVE));
    }

    assertThat(attempts)
        .as("after 1, 2, 4, 8 seconds more")
        .containsExactly(2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5);
    assertThat(fixture.save().failed()).as("whoever asks need not wait").isTrue();
    assertThat(fixture.base.snapshots.calls.get(Step.SAVE)).isEqualTo(6);
  }

  @Test
  void closingDoesNotWaitForAStateMachineThatSaves() {
    List<Throwable> told = new ArrayList<>();
    fixture.ledger.saving =
        writer -> {
          writer.givenUp().onFailure(told::add);
          return Promise.<Void>promise().future();
        };
    fixture.start().commands(1, 3);
    Future<SnapshotResult> result = fixture.save();

    Future<Void> closed = fixture.node.close();
    fixture.run();

    assertThat(closed.succeeded()).isTrue();
    assertThat(((Rejected) result.cause()).reason()).isEqualTo(Rejected.Reason.SHUTTING_DOWN);
    assertThat(told).hasSize(1);
  }

  @Test
  void closingWaitsForAContextThatIsHeldNoLongerThanTenSeconds() {
    fixture.base.contextStaysOpen = true;
    fixture.start();
    Future<Void> closed = fixture.node.close();
    fixture.run();
    assertThat(closed.isComplete()).isFalse();

    fixture.advanceMs(10_001);
    assertThat(closed.succeeded()).isTrue();
  }

  @Test
  void aMemberThatFailsTellsWhoWaitsForASnapshot() {
    fixture.ledger.saving = writer -> Promise.<Void>promise().future();
    fixture.start().commands(1, 3);
    Future<SnapshotResult> result = fixture.save();
    Promise<Void> batch = Promise.promise();
    fixture.ledger.heldBatch = batch;
    fixture.commands(4, 4);

    batch.fail("broken");
    fixture.run();

    assertThat(result.cause()).isInstanceOf(RaftException.Fatal.class);
  }
}
