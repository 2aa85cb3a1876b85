package io.vertxraft.examples.kv;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.examples.kv.KvState.Entry;
import java.util.Iterator;
import java.util.Map;

/** Writes one snapshot; see {@link KvSnapshot}. Confined to the state machine's context. */
final class KvSnapshotSave {
  /** What is written in one turn of the event loop; a few hundredths of a millisecond. */
  private static final int SLICE_BYTES = 64 * 1024;

  private static final int SLICE_ENTRIES = 512;

  private final KvSnapshotHead head;
  private final SnapshotWriter writer;
  private final FileEnds ends;
  private final Promise<Void> done = Promise.promise();
  private final Context context = Vertx.currentContext();
  private Iterator<Map.Entry<KvKey, Entry>> entries;
  private WriteStream<Buffer> file;
  private int files;

  KvSnapshotSave(KvState state, SnapshotWriter writer, long fileBytes) {
    this.head = new KvSnapshotHead(state.entries().size(), state.bytes());
    this.entries = state.entries().entrySet().iterator();
    this.writer = writer;
    this.ends = new FileEnds(fileBytes);
  }

  Future<Void> start() {
    writer.givenUp().onFailure(this::fail);
    writer.write(KvSnapshot.HEAD_FILE, head.encode()).onComplete(written -> nextFile(), this::fail);
    return done.future();
  }

  private void nextFile() {
    if (isOver()) {
      return;
    }
    if (!entries.hasNext()) {
      done.tryComplete();
      return;
    }
    file = writer.file(KvSnapshot.ENTRIES_FILE.formatted(files++));
    file.exceptionHandler(this::fail);
    ends.begin();
    slice();
  }

  private void slice() {
    if (isOver()) {
      return;
    }
    Buffer slice = Buffer.buffer(2 * SLICE_BYTES);
    boolean ended = false;
    for (int count = 0;
        !ended && count < SLICE_ENTRIES && slice.length() < SLICE_BYTES && entries.hasNext();
        count++) {
      Map.Entry<KvKey, Entry> entry = entries.next();
      int before = slice.length();
      append(slice, entry.getKey(), entry.getValue());
      ended = ends.isEnd(entry.getKey(), slice.length() - before);
    }
    if (ended || !entries.hasNext()) {
      file.end(slice).onComplete(written -> nextFile(), this::fail);
      return;
    }
    file.write(slice).onFailure(this::fail);
    if (file.writeQueueFull()) {
      file.drainHandler(drained -> slice());
    } else {
      context.runOnContext(v -> slice());
    }
  }

  private static void append(Buffer slice, KvKey key, Entry entry) {
    slice
        .appendUnsignedShort(key.bytes())
        .appendBytes(key.utf8())
        .appendLong(entry.index())
        .appendLong(entry.term())
        .appendInt(entry.value().length)
        .appendBytes(entry.value());
  }

  private boolean isOver() {
    return done.future().isComplete();
  }

  /** Lets go of the state at once, and of the rest when the next turn finds it over. */
  private void fail(Throwable cause) {
    entries = null;
    done.tryFail(cause);
  }

  /**
   * Ends a file where the hash of a key says so, in the mean after a given number of bytes: then a
   * change moves the ends near it, and no others.
   */
  private static final class FileEnds {
    private final long fileBytes;
    private long bytes;

    FileEnds(long fileBytes) {
      this.fileBytes = fileBytes;
    }

    void begin() {
      bytes = 0;
    }

    /** Whether the file ends after this entry. */
    boolean isEnd(KvKey key, int entryBytes) {
      bytes += entryBytes;
      long chance = (long) entryBytes << 32;
      return bytes >= 4 * fileBytes
          || (bytes >= fileBytes / 2
              && Integer.toUnsignedLong(spread(key.hashCode())) < chance / fileBytes);
    }

    /** Every bit of the hash moves every bit of the result: similar keys have similar hashes. */
    private static int spread(int hash) {
      int h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
      h = (h ^ (h >>> 13)) * 0xc2b2ae35;
      return h ^ (h >>> 16);
    }
  }
}
