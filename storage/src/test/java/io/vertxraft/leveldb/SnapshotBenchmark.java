package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StoredSnapshot;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How long a large snapshot takes to be written, published, opened, read, and resumed. Arguments:
 * an empty directory, MiB.
 */
final class SnapshotBenchmark {
  private static final int PIECE_BYTES = 256 * 1024;
  private static final int UNDER_WAY = 4;

  private SnapshotBenchmark() {}

  /** Runs it. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    long bytes = Long.parseLong(args[1]) * 1024 * 1024;
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(Path.of(args[0])));
    GroupStorage group = TestLog.open(storage);
    SnapshotStorage snapshots = group.snapshots();
    byte[] random = new byte[PIECE_BYTES];
    new Random(1).nextBytes(random);
    Buffer piece = Buffer.buffer(random);

    long start = System.nanoTime();
    SnapshotDraft draft = await(snapshots.save(head(1)));
    write(draft, piece, bytes);
    start = report("append", bytes, start);
    SnapshotManifest saved = await(draft.publish());
    start = report("publish (sync, rename, read back)", bytes, start);
    StoredSnapshot opened = await(snapshots.open(1));
    start = report("open (verify)", bytes, start);
    for (long at = 0; at < bytes; at += PIECE_BYTES) {
      await(opened.read("state", at, PIECE_BYTES, false));
    }
    start = report("read in pieces of 256 KiB", bytes, start);
    await(opened.close());
    SnapshotManifest next = head(2).withFiles(saved.files());
    SnapshotDraft received = await(snapshots.receive(next));
    start = report("receive, all of it borrowed (link, verify)", bytes, start);
    await(received.publish());
    report("publish of that", bytes, start);
    TestLog.await(storage.close());
  }

  private static void write(SnapshotDraft draft, Buffer piece, long bytes) throws Exception {
    ArrayDeque<Future<Void>> underWay = new ArrayDeque<>();
    for (long at = 0; at < bytes; at += piece.length()) {
      underWay.add(draft.append("state", SnapshotChunk.of(piece)));
      if (underWay.size() > UNDER_WAY) {
        await(underWay.remove());
      }
    }
    for (Future<Void> append : underWay) {
      await(append);
    }
  }

  private static SnapshotManifest head(long index) {
    return new SnapshotManifest(
        "c", "g1", index, 1, 1, Configuration.of(Set.of("n1")), Buffer.buffer(), 0, List.of());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }

  @SuppressWarnings("SystemOut")
  private static long report(String what, long bytes, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT, "%-45s %6.2f s %6.0f MB/s%n", what, seconds, bytes / 1e6 / seconds);
    return System.nanoTime();
  }
}
