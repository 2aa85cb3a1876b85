package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.RaftEventType;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stories of a disk that does not answer while a snapshot is fetched from the leader. */
class SnapshotReceiveTimeoutTest extends DownloadStories {
  @BeforeEach
  void aDiskIsWaitedForHalfASecond() {
    fixture.with(o -> o.setReceiveTimeoutMs(500));
  }

  /** The leader offers what it has, and answers whatever is asked. */
  private void attempt() {
    fixture.offer(10, 10);
    fixture.answerAll();
  }

  /** Such a call hangs, and so does what comes after it, until the attempt has been given up. */
  private void hangs(Step step) {
    fixture.base.snapshots.fault(step, Fault.HANGS);
    fixture.start();
    fixture.leaderHas(10);
    attempt();
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.DOWNLOADING);
    fixture.advanceMs(499);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
    fixture.advanceMs(2);
    fixture.base.snapshots.noFaults();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"APPEND", "SYNC", "RENAME", "VERIFY"})
  void aDownloadWhoseDiskDoesNotAnswerIsGivenUpAndAnotherOneSucceedsWhateverTheDiskSaysLater(
      Step step) {
    hangs(step);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly(
            "no snapshot was fetched: the disk has not finished within snapshots.receiveTimeoutMs ="
                + " 500: "
                + (step == Step.APPEND ? "writing a piece" : "syncing and verifying everything"));
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    assertThat(fixture.snapshotStatus().getKept()).as("nobody has verified it").isEmpty();

    fixture.advanceMs(1_000);
    attempt();
    installed(10);
    fixture.base.snapshots.release();
    fixture.run();
    installed(10);
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(10L);
    fixture.commands(11, 12);
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(12));
    assertThat(fixture.ledger.calls).containsOnlyOnce("load 10");
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"APPEND", "SYNC", "RENAME", "VERIFY"})
  void whatTheDiskSaysTooLateInTheMiddleOfTheNextAttemptDoesNotHarmThat(Step step) {
    hangs(step);
    fixture.advanceMs(1_000);
    fixture.offer(10, 10);
    fixture.questions().forEach(fixture::answer);
    fixture.questions().forEach(fixture::answer);
    fixture.base.snapshots.release();
    fixture.run();
    fixture.answerAll();

    installed(10);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).hasSize(1);
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(10L);
  }

  /** One draft is open at a time: the disk has not said yet that the first one is not. */
  @Test
  void aDiskThatDoesNotEvenOpenADraftIsAskedForAnotherOneOnlyWhenItHasAnswered() {
    hangs(Step.RECEIVE);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .singleElement()
        .asString()
        .endsWith("opening a draft");
    fixture.advanceMs(1_000);
    attempt();
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    assertThat(fixture.base.snapshots.calls.get(Step.RECEIVE)).isEqualTo(1);

    fixture.base.snapshots.release();
    fixture.run();
    assertThat(fixture.base.snapshots.calls).as("what nobody wants").containsKey(Step.CLOSE);
    attempt();
    installed(10);
  }

  @Test
  void aSnapshotThatIsPublishedAfterAllIsThereAndCostsTheNetworkNothing() {
    hangs(Step.VERIFY);
    fixture.base.snapshots.release();
    fixture.run();
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(10L);
    assertThat(fixture.ledger.calls).as("the leader has not been asked again").isEmpty();

    fixture.advanceMs(1_000);
    attempt();
    installed(10);
  }

  @Test
  void aDiskThatIsSlowAndAnswersAgainAndAgainIsWaitedFor() {
    fixture.base.snapshots.fault(Step.APPEND, Fault.HANGS);
    fixture.start();
    fixture.leaderHas(10);
    attempt();
    for (int i = 0; i < 8; i++) {
      fixture.advanceMs(400);
      fixture.base.snapshots.release();
      fixture.run();
      fixture.answerAll();
    }

    installed(10);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
  }

  /** The network has a time of its own. */
  @Test
  void aDiskThatHasNothingToDoIsNotWaitedFor() {
    firstPieces();
    fixture.advanceMs(4_000);

    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
    fixture.answerAll();
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.DOWNLOADING);
  }

  @Test
  void ofADownloadThatHasEndedMeanwhileNothingIsTold() {
    fixture.base.snapshots.fault(Step.APPEND, Fault.HANGS);
    fixture.start();
    fixture.leaderHas(10);
    attempt();
    fixture.base.receiver.receive("n3", new Heartbeat(2, 0, 0, 0, 0));
    fixture.run();
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    fixture.advanceMs(501);

    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
  }
}
