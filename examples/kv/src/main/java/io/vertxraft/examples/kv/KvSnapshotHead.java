package io.vertxraft.examples.kv;

import io.vertx.core.buffer.Buffer;

/**
 * What a snapshot holds, in its first file; see {@link KvSnapshot}.
 *
 * @param entries how many entries the other files hold
 * @param bytes what {@link KvState#bytes()} of all of them is
 */
record KvSnapshotHead(long entries, long bytes) {
  private static final String MAGIC = "raft-kv\n";
  private static final int BYTES = MAGIC.length() + 4 + 8 + 8;

  Buffer encode() {
    return Buffer.buffer(MAGIC).appendInt(KvSnapshot.VERSION).appendLong(entries).appendLong(bytes);
  }

  /**
   * Reads {@link #encode()}.
   *
   * @throws KvCodec.UnknownVersionException if a later version wrote it
   * @throws IllegalArgumentException if it is anything else
   */
  static KvSnapshotHead decode(Buffer buffer) {
    int versionAt = MAGIC.length();
    if (buffer.length() < versionAt + 4 || !buffer.slice(0, versionAt).toString().equals(MAGIC)) {
      throw new IllegalArgumentException("raft-kv did not write it");
    }
    int version = buffer.getInt(versionAt);
    if (version != KvSnapshot.VERSION) {
      throw new KvCodec.UnknownVersionException(
          "the snapshot has format version %d, this program knows %d; run the newer program on this member"
              .formatted(version, KvSnapshot.VERSION));
    }
    if (buffer.length() != BYTES) {
      throw new IllegalArgumentException(
          "it has %d bytes instead of %d".formatted(buffer.length(), BYTES));
    }
    return new KvSnapshotHead(buffer.getLong(versionAt + 4), buffer.getLong(versionAt + 12));
  }
}
