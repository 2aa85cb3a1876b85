package io.vertxraft.examples.demo;

import io.vertx.core.buffer.Buffer;

/**
 * A write of the load: which run of the demo made it, its id, and filling up to the wanted size.
 * The run keeps the writes of an earlier run on the same data apart.
 *
 * @param runId the run that made the write
 * @param id unique within the run
 */
record WriteCommand(long runId, long id) {
  /** Smallest encoded size. */
  static final int BYTES_MIN = 2 * Long.BYTES;

  private static final int ID_OFFSET = Long.BYTES;

  /** The encoded form, {@code bytes} long. */
  Buffer encode(int bytes) {
    return Buffer.buffer(new byte[bytes]).setLong(0, runId).setLong(ID_OFFSET, id);
  }

  /**
   * Reads the encoded form.
   *
   * @throws IllegalArgumentException if it is too short
   */
  static WriteCommand decode(Buffer encoded) {
    if (encoded.length() < BYTES_MIN) {
      throw new IllegalArgumentException(
          "a write of the demo has at least %d bytes, this one %d: the data directory holds the log"
                  .formatted(BYTES_MIN, encoded.length())
              + " of another application");
    }
    return new WriteCommand(encoded.getLong(0), encoded.getLong(ID_OFFSET));
  }
}
