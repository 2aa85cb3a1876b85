package io.vertxraft;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;

/**
 * A verified snapshot, see {@link StateMachine#loadSnapshot}. Used on the state machine's context,
 * where its futures and handlers come back.
 *
 * <p>A disk may damage what was verified a moment ago. So a file that is read to its end is
 * compared with its checksum once more: if it is wrong, {@link #read} fails, and a stream fails
 * instead of giving its last piece. Until then what came of it may be wrong. Of a file that is read
 * in part the rest is read and compared when {@code loadSnapshot} is done. Either way the load has
 * failed, and the member with it. A state machine that makes its state durable therefore does so
 * only when it has read the files that it uses to their end.
 */
public interface SnapshotReader {
  /** Index of the last log entry that the state has seen. */
  long lastIndex();

  /** Term of that entry. */
  long lastTerm();

  /** The names of all files, in the order in which they were begun. */
  List<String> files();

  /**
   * The length of a file in bytes.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  long bytes(String file);

  /**
   * The content of a file, in pieces, from its beginning; paused until it has a handler.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  ReadStream<Buffer> file(String name);

  /**
   * The whole content of a file in memory.
   *
   * @throws IllegalArgumentException if there is no such file, or it has more than 2 GiB
   */
  Future<Buffer> read(String name);

  /** What {@link SnapshotWriter#write(Buffer)} wrote. */
  default Future<Buffer> read() {
    return read(SnapshotWriter.STATE_FILE);
  }
}
