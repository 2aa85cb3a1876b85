package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.SnapshotActivity;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.runtime.NodeFixture.Sent;
import java.util.List;

/** What stories of a follower that fetches a snapshot have in common. */
abstract class DownloadStories {
  /** "c1,c2,...,c10" has 30 bytes: eight pieces of at most 4. */
  static final int BYTES = 30;

  final SnapshotFixture fixture = new SnapshotFixture();

  void installed(long index) {
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(index);
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(index));
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    assertThat(fixture.base.snapshots.isGood(index)).isTrue();
  }

  static SnapshotRequest request(Sent question) {
    return (SnapshotRequest) question.message();
  }

  /** Everything up to the first pieces that are asked for. */
  List<Sent> firstPieces() {
    fixture.start();
    fixture.leaderHas(10).offer(10, 10);
    fixture.questions().forEach(fixture::answer);
    return fixture.questions();
  }

  /** Answers questions until none is left, and gives the bytes of files that were asked for. */
  long answerAndCount() {
    long bytes = 0;
    List<Sent> questions = fixture.questions();
    while (!questions.isEmpty()) {
      for (Sent question : questions) {
        if (!request(question).file().isEmpty()) {
          bytes += fixture.answerTo(request(question)).length();
        }
        fixture.answer(question);
      }
      questions = fixture.questions();
    }
    return bytes;
  }
}
