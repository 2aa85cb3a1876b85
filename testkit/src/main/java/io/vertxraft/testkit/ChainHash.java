package io.vertxraft.testkit;

import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.LogEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * 64-bit hashes of entries, and of whole logs as a chain: {@code chain(i) = link(chain(i - 1),
 * entry(i))}. Two logs whose chains agree at an index agree on everything up to it, so that log
 * prefixes are compared in constant time.
 *
 * <p>Not cryptographic: it guards against mistakes, not against an adversary. The values are the
 * same on every JVM.
 */
public final class ChainHash {
  /** Chain of the empty log. */
  public static final long EMPTY = 0x6c6f_672d_7374_6172L;

  private static final long MULTIPLIER_1 = 0xbf58_476d_1ce4_e5b9L;
  private static final long MULTIPLIER_2 = 0x94d0_49bb_1331_11ebL;
  private static final long INCREMENT = 0x9e37_79b9_7f4a_7c15L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private ChainHash() {}

  /** Spreads every bit of {@code value} over the whole result; a bijection. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * MULTIPLIER_1;
    z = (z ^ (z >>> 27)) * MULTIPLIER_2;
    return z ^ (z >>> 31);
  }

  /** Appends {@code value} to a chain; the order of the values matters. */
  public static long link(long chain, long value) {
    return mix(Long.rotateLeft(chain, 17) + INCREMENT ^ mix(value + INCREMENT));
  }

  /** Hash of an entry: position, type and payload. */
  public static long entry(LogEntry entry) {
    long hash = link(link(entry.index(), entry.term()), entry.type().code());
    return link(hash, payload(entry));
  }

  /**
   * Hash of the command of an entry: of its payload, or of what its envelope holds. Of several
   * commands it is a chain that begins with the hash of the first.
   */
  public static long command(LogEntry entry) {
    if (entry.type() != EntryType.ENVELOPE) {
      return payload(entry);
    }
    Envelope envelope = Envelope.of(entry);
    if (!envelope.several()) {
      return bytes(envelope.bytes(), envelope.bodyAt(), envelope.bodyBytes());
    }
    ByteBuffer body = ByteBuffer.wrap(envelope.bytes(), envelope.bodyAt(), envelope.bodyBytes());
    long hash = nextCommand(body);
    while (body.hasRemaining()) {
      hash = link(hash, nextCommand(body));
    }
    return hash;
  }

  private static long nextCommand(ByteBuffer body) {
    int length = body.getInt();
    long hash = bytes(body.array(), body.position(), length);
    body.position(body.position() + length);
    return hash;
  }

  /** Hash of an entry's payload alone; equals {@link #bytes} of the payload. */
  public static long payload(LogEntry entry) {
    return bytes(entry.encoded(), entry.payloadOffset(), entry.payloadBytes());
  }

  /** Hash of {@code length} bytes from {@code offset}. */
  public static long bytes(byte[] bytes, int offset, int length) {
    long hash = INCREMENT ^ length;
    int at = offset;
    int end = offset + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = link(hash, (long) LONGS.get(bytes, at));
    }
    long rest = 1;
    for (; at < end; at++) {
      rest = rest << 8 | (bytes[at] & 0xff);
    }
    return link(hash, rest);
  }

  /** Hash of a whole array. */
  public static long bytes(byte[] bytes) {
    return bytes(bytes, 0, bytes.length);
  }

  /** Hash of a text; null has a hash of its own. */
  public static long text(String text) {
    if (text == null) {
      return EMPTY;
    }
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = link(hash, text.charAt(i));
    }
    return hash;
  }
}
