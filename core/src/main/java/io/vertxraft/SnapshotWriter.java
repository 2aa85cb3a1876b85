package io.vertxraft;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/**
 * Takes a snapshot of a state machine, see {@link StateMachine#saveSnapshot}. Used on the state
 * machine's context, where its futures and handlers come back.
 *
 * <p>Names of files are relative paths: up to eight parts joined by {@code /}, of letters, digits,
 * dots, underscores and hyphens. Lengths and checksums are the toolkit's business.
 */
public interface SnapshotWriter {
  /** The name of the file that {@link #write(Buffer)} writes. */
  String STATE_FILE = "state";

  /** Index of the last log entry that the state has seen. */
  long lastIndex();

  /** Term of that entry. */
  long lastTerm();

  /**
   * A new file. It is complete when the stream has {@linkplain WriteStream#end() ended}; files may
   * be written one after the other or at the same time.
   *
   * <p>The stream's queue is full when more than its {@linkplain WriteStream#setWriteQueueMaxSize
   * maximum} of bytes, 1 MiB at first, waits for the disk.
   *
   * @param name the file's name, given once per snapshot
   * @return a stream that fails once the snapshot is given up: it took too long, a snapshot of the
   *     leader made it needless, or the node was closed
   * @throws IllegalArgumentException if the name is not allowed, or was given before
   */
  WriteStream<Buffer> file(String name);

  /**
   * Writes a whole file.
   *
   * @param name the file's name, given once per snapshot
   * @param content all of it
   */
  default Future<Void> write(String name, Buffer content) {
    return file(name).end(content);
  }

  /** Writes the whole state as one file: for state that fits in memory twice. */
  default Future<Void> write(Buffer state) {
    return write(STATE_FILE, state);
  }

  /** Fails, with the reason, as soon as the snapshot is given up: nobody wants the rest then. */
  Future<Void> givenUp();
}
