package io.vertxraft.protocol;

import java.nio.ByteBuffer;

/**
 * One entry of the replicated log, together with its encoded form.
 *
 * <p>An entry is encoded once, by the leader that appends it ({@link EntryCodec#encode}); the very
 * same bytes, checksum included, go to the local log and to every peer. The accessors read from
 * those bytes. Instances are immutable by contract: nobody writes to {@link #encoded()}.
 */
public final class LogEntry {
  private final byte[] encoded;
  private final long index;
  private final long term;
  private final EntryType type;
  private final int payloadOffset;

  LogEntry(byte[] encoded, long index, long term, EntryType type, int payloadOffset) {
    this.encoded = encoded;
    this.index = index;
    this.term = term;
    this.type = type;
    this.payloadOffset = payloadOffset;
  }

  /** Position in the log; the first entry of a group has index 1. */
  public long index() {
    return index;
  }

  /** Term of the leader that created the entry. */
  public long term() {
    return term;
  }

  /** What the entry carries. */
  public EntryType type() {
    return type;
  }

  /** The encoded entry as it stands on disk and on the wire. Shared, never to be modified. */
  public byte[] encoded() {
    return encoded;
  }

  /** Length of the encoded entry in bytes; the unit of every byte budget. */
  public int encodedBytes() {
    return encoded.length;
  }

  /** Offset of the payload within {@link #encoded()}. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** Length of the payload in bytes. */
  public int payloadBytes() {
    return encoded.length - payloadOffset;
  }

  /** A read-only view of the payload. */
  public ByteBuffer payload() {
    return ByteBuffer.wrap(encoded, payloadOffset, payloadBytes()).slice().asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogEntry that && java.util.Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(encoded);
  }

  /** Position, type and size; never the payload, which may be secret. */
  @Override
  public String toString() {
    return term + "/" + index + " " + type + " " + payloadBytes() + "B";
  }
}
