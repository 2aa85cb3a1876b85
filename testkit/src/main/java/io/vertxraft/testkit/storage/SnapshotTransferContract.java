package io.vertxraft.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SnapshotStorage} must do with a snapshot that comes from another member (R-20,
 * Extend it, say how a storage is created on a named place, and run it as a JUnit 5 test.
 */
public abstract class SnapshotTransferContract extends SnapshotFixture {
  /** For implementations. */
  protected SnapshotTransferContract() {}

  /** what a peer sends becomes what the peer has. */
  @Test
  protected void whatIsReceivedBecomesTheSnapshotItWasBegunWith() throws Exception {
    SnapshotManifest manifest = save(snapshots("leader"), 42, someFiles(1));
    RaftStorage storage = storage("follower");
    SnapshotStorage snapshots = snapshots(storage, GROUP);
    SnapshotDraft draft = receive(snapshots, manifest);
    complete(draft, someFiles(1), 999);
    assertThat(listed(snapshots)).isEmpty();
    assertThat(publish(draft)).isEqualTo(manifest);
    await(storage.close());
    assertThat(contents(snapshots("follower"), 42)).isEqualTo(someFiles(1));
  }

  /** a transfer goes on where it stopped, also after a restart. */
  @Test
  protected void aTransferIsResumed() throws Exception {
    Map<String, Buffer> files = new LinkedHashMap<>();
    files.put("a", content(1, 5_000));
    files.put("dir/b", content(2, 5_000));
    files.put("c", content(3, 5_000));
    SnapshotManifest manifest = head(42).withFiles(files(files));
    RaftStorage storage = storage("a");
    SnapshotStorage snapshots = snapshots(storage, GROUP);
    SnapshotDraft first = receive(snapshots, manifest);
    append(first, "a", files.get("a"));
    append(first, "dir/b", SnapshotChunk.deflate(files.get("dir/b").slice(0, 2_000)));
    on(context(), first::close);
    on(context(), first::close);

    SnapshotDraft second = receive(snapshots, manifest);
    assertThat(second.bytes("a")).isEqualTo(5_000);
    assertThat(second.bytes("dir/b")).isEqualTo(2_000);
    assertThat(second.bytes("c")).isZero();
    append(second, "dir/b", files.get("dir/b").slice(2_000, 3_000));
    await(storage.close());

    SnapshotStorage again = snapshots("a");
    SnapshotDraft third = receive(again, manifest);
    assertThat(third.bytes("a")).isEqualTo(5_000);
    assertThat(third.bytes("dir/b")).isEqualTo(3_000);
    complete(third, files, 1_500);
    assertThat(publish(third)).isEqualTo(manifest);
    assertThat(contents(again, 42)).isEqualTo(files);
  }

  /** A transfer that is given up leaves nothing. */
  @Test
  protected void aDiscardedTransferStartsOver() throws Exception {
    SnapshotManifest manifest = head(42).withFiles(files(Map.of("a", content(1, 500))));
    SnapshotStorage snapshots = snapshots("a");
    SnapshotDraft first = receive(snapshots, manifest);
    append(first, "a", content(1, 500));
    on(context(), first::discard);
    on(context(), first::discard);
    assertThat(receive(snapshots, manifest).bytes("a")).isZero();
  }

  /** of another snapshot only those files are kept that are the same and complete. */
  @Test
  protected void anotherTransferKeepsOnlyWhatItHasInCommon() throws Exception {
    Map<String, Buffer> older = new LinkedHashMap<>();
    older.put("same", content(1, 400));
    older.put("changed", content(2, 400));
    older.put("begun", content(3, 400));
    older.put("begun-and-changed", content(4, 400));
    Map<String, Buffer> newer = new LinkedHashMap<>(older);
    newer.put("changed", content(5, 400));
    newer.put("begun-and-changed", content(6, 400));
    newer.put("new", content(7, 400));
    SnapshotStorage snapshots = snapshots("a");
    SnapshotDraft first = receive(snapshots, head(42).withFiles(files(older)));
    append(first, "same", older.get("same"));
    append(first, "changed", older.get("changed"));
    append(first, "begun", older.get("begun").slice(0, 100));
    append(first, "begun-and-changed", older.get("begun-and-changed").slice(0, 100));
    on(context(), first::close);

    SnapshotManifest manifest = head(43).withFiles(files(newer));
    SnapshotDraft second = receive(snapshots, manifest);
    assertThat(second.bytes("same")).isEqualTo(400);
    assertThat(second.bytes("begun")).isEqualTo(100);
    for (String file : List.of("changed", "begun-and-changed", "new")) {
      assertThat(second.bytes(file)).as(file).isZero();
    }
    complete(second, newer, 150);
    assertThat(publish(second)).isEqualTo(manifest);
    assertThat(contents(snapshots, 43)).isEqualTo(newer);
  }

  /** what a published snapshot has is not sent again, whatever its name was. */
  @Test
  protected void filesOfPublishedSnapshotsAreUsedAgain() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    save(snapshots, 40, someFiles(1));
    Map<String, Buffer> newer = new LinkedHashMap<>();
    newer.put("renamed/state", someFiles(1).get("state"));
    newer.put("index/keys-1.bin", content(9, 3_000));
    SnapshotManifest manifest = head(42).withFiles(files(newer));
    SnapshotDraft draft = receive(snapshots, manifest);
    assertThat(draft.bytes("renamed/state")).isEqualTo(10_000);
    assertThat(draft.bytes("index/keys-1.bin")).as("same length, other content").isZero();
    complete(draft, newer, 1_000);
    assertThat(publish(draft)).isEqualTo(manifest);
    assertThat(contents(snapshots, 40)).as("the older one is as it was").isEqualTo(someFiles(1));
    on(context(), () -> snapshots.delete(40));
    assertThat(contents(snapshots, 42)).isEqualTo(newer);
  }

  /** what arrives is compared with the manifest before anybody sees it. */
  @Test
  protected void contentThatIsNotWhatTheManifestSaysIsNeverPublished() throws Exception {
    Map<String, Buffer> files = Map.of("state", content(1, 1_000));
    SnapshotManifest manifest = head(42).withFiles(files(files));
    SnapshotStorage snapshots = snapshots("a");
    Map<String, SnapshotChunk> attempts = new LinkedHashMap<>();
    attempts.put("too little", SnapshotChunk.of(content(1, 9)));
    attempts.put("too much", SnapshotChunk.of(content(1, 2_000)));
    attempts.put("other bytes", SnapshotChunk.of(content(2, 1_000)));
    attempts.put("no deflated bytes", new SnapshotChunk(content(1, 900), true, 1_000));
    attempts.put("not as long as it says", new SnapshotChunk(content(1, 900), false, 1_000));
    for (Map.Entry<String, SnapshotChunk> attempt : attempts.entrySet()) {
      SnapshotDraft draft = receive(snapshots, manifest);
      StorageException failure =
          failure(
              () -> {
                append(draft, "state", attempt.getValue());
                publish(draft);
              });
      assertThat(failure.kind()).as(attempt.getKey()).isEqualTo(Kind.CORRUPT);
      assertThat(failure).hasMessageContaining("state");
      assertThat(listed(snapshots)).as(attempt.getKey()).isEmpty();
      on(context(), draft::discard);
    }
    SnapshotDraft good = receive(snapshots, manifest);
    complete(good, files, 300);
    assertThat(publish(good)).isEqualTo(manifest);
  }

  /** A file that arrived wrong is not resumed, or it would be wrong for ever. */
  @Test
  protected void aFileThatArrivedWrongIsReceivedAnew() throws Exception {
    Map<String, Buffer> files = Map.of("state", content(1, 1_000), "other", content(2, 1_000));
    SnapshotManifest manifest = head(42).withFiles(files(files));
    SnapshotStorage snapshots = snapshots("a");
    SnapshotDraft wrong = receive(snapshots, manifest);
    append(wrong, "other", content(2, 1_000));
    append(wrong, "state", content(9, 500));
    assertThat(failure(() -> append(wrong, "state", content(1, 500))).kind())
        .isEqualTo(Kind.CORRUPT);
    assertThat(failure(() -> append(wrong, "other", Buffer.buffer())).kind())
        .as("a draft that failed stays so")
        .isEqualTo(Kind.CORRUPT);
    on(context(), wrong::close);

    SnapshotDraft again = receive(snapshots, manifest);
    assertThat(again.bytes("state")).isZero();
    assertThat(again.bytes("other")).isEqualTo(1_000);
    complete(again, files, 300);
    assertThat(publish(again)).isEqualTo(manifest);
  }
}
