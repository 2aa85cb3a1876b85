package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.RaftException;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Snapshots as an operator asks for them and watches them. */
class KvAdminTest extends HttpStory {
  @Test
  void a_snapshot_that_was_taken_is_told_with_its_index_and_size() throws IOException {
    node.snapshot =
        Future.succeededFuture(
            new SnapshotResult()
                .setOutcome(SnapshotOutcome.TAKEN)
                .setLastIndex(1_234)
                .setLastTerm(3)
                .setBytes(5_678)
                .setDurationMs(90));

    Answer answer = post();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("outcome")).isEqualTo("TAKEN");
    assertThat(answer.json().getInteger("lastIndex")).isEqualTo(1_234);
    assertThat(answer.json().getInteger("bytes")).isEqualTo(5_678);
  }

  @Test
  void a_snapshot_that_was_skipped_is_no_success_and_says_why() throws IOException {
    node.snapshot =
        Future.succeededFuture(
            new SnapshotResult()
                .setOutcome(SnapshotOutcome.SKIPPED_NOTHING_NEW)
                .setDetail("nothing was applied since index 12"));

    assertProblem(
        post(), 409, "rejected", "SKIPPED_NOTHING_NEW: nothing was applied since index 12");
  }

  @Test
  void a_snapshot_that_failed_is_told_with_the_cause() throws IOException {
    node.snapshot = Future.failedFuture("the disk is full");
    assertProblem(post(), 500, "rejected", "no snapshot was taken: the disk is full");

    node.snapshot =
        Future.failedFuture(
            new RaftException.Rejected(
                RaftException.Rejected.Reason.SHUTTING_DOWN, "the node is closing", null));
    assertProblem(post(), 503, "rejected", "no snapshot was taken: the node is closing");
  }

  @Test
  void a_page_of_another_origin_cannot_ask_for_one() throws IOException {
    node.snapshot = Future.succeededFuture(new SnapshotResult());

    assertProblem(
        post("Origin", "http://evil.example"),
        403,
        "rejected",
        "a page of another origin may not ask for a snapshot");
    String own = http.get("/health").response().uri().resolve("/").toString();
    assertThat(post("Origin", own.substring(0, own.length() - 1)).status()).isEqualTo(200);
  }

  @Test
  void metrics_tell_of_the_newest_snapshot_and_of_what_is_under_way() throws IOException {
    node.snapshots =
        new SnapshotStatus()
            .setLastIndex(4_711)
            .setBytes(900)
            .setSavedAtMs(System.currentTimeMillis() - 7_200_000)
            .setKept(List.of(4_711L, 4_000L, 3_000L))
            .setActivity(SnapshotActivity.DOWNLOADING)
            .setBytesDone(55)
            .setSaved(6)
            .setInstalled(2)
            .setSentBytes(77)
            .setReceivedBytes(88)
            .setLastFailure("n2 is gone");

    String text = http.get("/metrics").text();

    assertThat(text)
        .containsPattern("raft_snapshot_index\\{.*} 4711\\.0")
        .containsPattern("raft_snapshot_bytes\\{.*} 900\\.0")
        .containsPattern("raft_snapshot_age_seconds\\{.*} 72\\d\\d\\.")
        .containsPattern("raft_snapshots_kept\\{.*} 3\\.0")
        .containsPattern("raft_snapshots_saved_total\\{.*} 6\\.0")
        .containsPattern("raft_snapshots_installed_total\\{.*} 2\\.0")
        .containsPattern("raft_snapshot_sent_bytes_total\\{.*} 77\\.0")
        .containsPattern("raft_snapshot_received_bytes_total\\{.*} 88\\.0")
        .containsPattern("raft_snapshot_failed\\{.*} 1\\.0")
        .containsPattern("raft_snapshot_progress_bytes\\{.*} 55\\.0")
        .containsPattern("raft_snapshot_activity\\{activity=\"DOWNLOADING\",.*} 1\\.0")
        .containsPattern("raft_snapshot_activity\\{activity=\"IDLE\",.*} 0\\.0")
        .containsPattern("raft_first_index\\{.*} 1\\.0");
  }

  @Test
  void without_a_snapshot_there_is_no_age() throws IOException {
    assertThat(http.get("/metrics").text())
        .containsPattern("raft_snapshot_index\\{.*} 0\\.0")
        .containsPattern("raft_snapshot_age_seconds\\{.*} NaN");
  }

  private Answer post(String... headers) throws IOException {
    return http.call("POST", KvAdmin.SNAPSHOT_PATH, new byte[0], headers);
  }
}
