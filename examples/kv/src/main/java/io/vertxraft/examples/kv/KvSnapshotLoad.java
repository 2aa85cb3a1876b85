package io.vertxraft.examples.kv;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.SnapshotReader;
import io.vertxraft.examples.kv.KvState.Entry;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads one snapshot; see {@link KvSnapshot}. Holds one piece of a file, or one entry, besides the
 * state that it builds. Confined to the state machine's context.
 */
final class KvSnapshotLoad {
  /** What is taken over in one turn of the event loop; less than a millisecond. */
  private static final int SLICE_ENTRIES = 256;

  private static final int ENTRY_BYTES_MIN = 2 + 1 + 8 + 8 + 4;

  private final SnapshotReader reader;
  private final Deque<String> files;
  private final Promise<KvState> done = Promise.promise();
  private final Context context = Vertx.currentContext();
  private KvSnapshotHead head;
  private KvState state = KvState.EMPTY;
  private KvKey lastKey = KvKey.EMPTY;
  private String name;
  private ReadStream<Buffer> file;
  private Buffer rest = Buffer.buffer();
  private long restAt;
  private int position;

  KvSnapshotLoad(SnapshotReader reader) {
    this.reader = reader;
    this.files = new ArrayDeque<>(reader.files());
  }

  Future<KvState> start() {
    name = KvSnapshot.HEAD_FILE;
    if (!files.remove(name)) {
      fail(new IllegalArgumentException("there is no such file"));
      return done.future();
    }
    reader
        .read(name)
        .map(KvSnapshotHead::decode)
        .onComplete(
            decoded -> {
              head = decoded;
              nextFile();
            },
            this::fail);
    return done.future();
  }

  private void nextFile() {
    if (files.isEmpty()) {
      finish();
      return;
    }
    name = files.remove();
    rest = Buffer.buffer();
    restAt = 0;
    position = 0;
    file = reader.file(name);
    file.exceptionHandler(this::fail);
    file.endHandler(ended -> fileEnded());
    file.handler(this::piece);
  }

  private void piece(Buffer piece) {
    file.pause();
    restAt += position;
    rest = position == rest.length() ? piece : rest.getBuffer(position, rest.length());
    if (rest != piece) {
      rest.appendBuffer(piece);
    }
    position = 0;
    slice();
  }

  /** Takes over the next entries; when there is no whole one left, asks for more. */
  private void slice() {
    if (done.future().isComplete()) {
      return;
    }
    try {
      int end = end();
      for (int count = 0; end > 0 && count < SLICE_ENTRIES; count++) {
        take();
        position = end;
        end = end();
      }
      if (end > 0) {
        context.runOnContext(v -> slice());
      } else {
        file.resume();
      }
    } catch (IllegalArgumentException e) {
      fail(e);
    }
  }

  /** Where the entry at the position ends; -1 if its end has not been read yet. */
  private int end() {
    if (rest.length() - position < ENTRY_BYTES_MIN) {
      return -1;
    }
    int valueLengthAt = position + 2 + rest.getUnsignedShort(position) + 16;
    if (rest.length() < valueLengthAt + 4) {
      return -1;
    }
    int valueBytes = rest.getInt(valueLengthAt);
    if (valueBytes < 0 || valueBytes > Setting.VALUE_BYTES_LIMIT) {
      throw new IllegalArgumentException(
          "an entry says that its value has %d bytes".formatted(valueBytes));
    }
    int end = valueLengthAt + 4 + valueBytes;
    return rest.length() < end ? -1 : end;
  }

  private void take() {
    int keyEnd = position + 2 + rest.getUnsignedShort(position);
    KvKey key = KvKey.ofUtf8(rest.getBytes(position + 2, keyEnd));
    if (key.compareTo(lastKey) <= 0) {
      throw new IllegalArgumentException("the key '%s' comes after '%s'".formatted(key, lastKey));
    }
    int valueAt = keyEnd + 20;
    byte[] value = rest.getBytes(valueAt, valueAt + rest.getInt(keyEnd + 16));
    Entry entry = new Entry(value, rest.getLong(keyEnd), rest.getLong(keyEnd + 8));
    state = state.with(key, null, entry);
    lastKey = key;
  }

  private void fileEnded() {
    if (position < rest.length()) {
      fail(new IllegalArgumentException("it ends within an entry"));
    } else {
      nextFile();
    }
  }

  private void finish() {
    if (state.entries().size() != head.entries() || state.bytes() != head.bytes()) {
      name = KvSnapshot.HEAD_FILE;
      fail(
          new IllegalArgumentException(
              "it says that there are %d entries of %d bytes, but there are %d of %d"
                  .formatted(head.entries(), head.bytes(), state.entries().size(), state.bytes())));
      return;
    }
    done.tryComplete(state);
  }

  private void fail(Throwable cause) {
    state = KvState.EMPTY;
    done.tryFail(
        new IllegalStateException(
            "file '%s' of the snapshot at index %d cannot be loaded after byte %d: %s"
                .formatted(name, reader.lastIndex(), restAt + position, cause.getMessage()),
            cause));
  }
}
