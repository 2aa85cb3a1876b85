package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.RaftEventType;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.runtime.NodeFixture.Sent;
import io.vertxraft.spi.StorageException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stories of whom a follower fetches a snapshot from, and of changes of who leads. */
class SnapshotSourceTest extends DownloadStories {
  // --- who leads --------------------------------------------------------------------------------

  @Test
  void aNewTermEndsItAndTheNewLeadersOfferGoesOnFromWhatIsHere() {
    List<Sent> pieces = firstPieces();
    pieces.forEach(fixture::answer);
    List<Sent> late = fixture.questions();
    fixture.leader = "n3";
    fixture.base.receiver.receive("n3", new Heartbeat(2, 0, 0, 0, 0));
    fixture.run();
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    late.forEach(fixture::answer);

    fixture.base.receiver.receive("n3", new InstallSnapshot(2, 10, 1, 10));
    fixture.run();
    List<Sent> manifest = fixture.questions();
    assertThat(manifest).extracting(Sent::to).containsExactly("n3");
    manifest.forEach(fixture::answer);
    assertThat(answerAndCount()).isEqualTo(BYTES - 8);
    installed(10);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
  }

  @Test
  void aLeaderThatIsNotHeardForAWhileIsAskedOnAllTheSame() {
    List<Sent> pieces = firstPieces();
    fixture.advanceMs(4_000);
    assertThat(fixture.node.core().leaderId()).isNull();
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.DOWNLOADING);
    pieces.forEach(fixture::answer);
    fixture.answerAll();

    installed(10);
  }

  @Test
  void anOfferThatTheRunningOneDoesNotServeStartsAnew() {
    List<Sent> old = firstPieces();
    fixture.remote.clear();
    fixture.leaderHas(12).offer(12, 11);
    List<Sent> manifest = fixture.questions();
    assertThat(manifest).hasSize(1);
    old.forEach(fixture::answer);
    manifest.forEach(fixture::answer);
    fixture.answerAll();

    installed(12);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_DOWNLOADING)).hasSize(2);
  }

  // --- from other followers ---------------------------------------------------------------------

  @Test
  void ifTheLeaderIsToBeSparedAnotherFollowerIsAskedFirst() {
    fixture.with(o -> o.setFromFollowers(true)).start();
    fixture.leaderHas(10).offer(10, 10);
    List<Sent> manifest = fixture.questions();
    assertThat(manifest).extracting(Sent::to).containsExactly("n3");
    manifest.forEach(fixture::answer);
    List<Sent> pieces = fixture.questions();
    assertThat(pieces).extracting(Sent::to).containsOnly("n3");
    pieces.forEach(fixture::answer);
    fixture.answerAll();

    installed(10);
  }

  @ParameterizedTest
  @CsvSource({"has none", "is silent", "fails in the middle", "loses it in the middle"})
  void ifThatOneHasNoneOrFailsTheLeaderIsAsked(String trouble) {
    fixture.with(o -> o.setFromFollowers(true).setChunkTimeoutMs(100)).start();
    fixture.leaderHas(10).offer(10, 10);
    Set<String> asked = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      for (Sent question : fixture.questions()) {
        asked.add(question.to());
        SnapshotRequest request = request(question);
        boolean trouble3 = question.to().equals("n3") && isTrouble(trouble, request);
        if (trouble3 && !"is silent".equals(trouble)) {
          SnapshotReply.Outcome outcome =
              "fails in the middle".equals(trouble)
                  ? SnapshotReply.Outcome.FAILED
                  : SnapshotReply.Outcome.NOT_FOUND;
          fixture.base.receiver.receive("n3", SnapshotFixture.refusal(request, outcome));
          fixture.run();
        } else if (!trouble3) {
          fixture.answer(question);
        }
      }
      fixture.advanceMs(30);
    }

    assertThat(asked).containsExactly("n2", "n3");
    installed(10);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
  }

  private static boolean isTrouble(String trouble, SnapshotRequest request) {
    boolean manifest = request.file().isEmpty();
    return switch (trouble) {
      case "has none", "is silent" -> manifest;
      default -> !manifest && request.offset() >= 8;
    };
  }

  @Test
  void aStorageWithoutSnapshotsSaysSo() {
    fixture.base.snapshots.failure =
        new StorageException(StorageException.Kind.IO_ERROR, "this storage keeps no snapshots");
    fixture.base.snapshots.fault(Step.RECEIVE, Fault.THROWS);
    fixture.start();
    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();

    assertThat(fixture.snapshotStatus().getLastFailure()).contains("keeps no snapshots");
    assertThat(fixture.node.hasFailed()).isFalse();
  }
}
