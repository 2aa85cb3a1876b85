package io.vertxraft.examples.kv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key: UTF-8 text, ordered by its unsigned bytes, which is the order of its code points.
 * Immutable.
 */
public final class KvKey implements Comparable<KvKey> {
  /** Most bytes a key may have: {@value}. */
  public static final int BYTES_MAX = 1_024;

  /** The key without any bytes; a prefix of every other, never stored. */
  public static final KvKey EMPTY = new KvKey(new byte[0]);

  private final byte[] utf8;

  private KvKey(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** A key from text; unpaired surrogates become question marks. */
  public static KvKey of(String text) {
    return new KvKey(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A key from its bytes, which are taken over.
   *
   * @throws IllegalArgumentException if the bytes are not UTF-8 or too many
   */
  public static KvKey ofUtf8(byte[] utf8) {
    if (utf8.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "%d bytes are too many, allowed are at most %d".formatted(utf8.length, BYTES_MAX));
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not valid UTF-8", e);
    }
    return new KvKey(utf8);
  }

  /** Length in bytes. */
  public int bytes() {
    return utf8.length;
  }

  /** The bytes; shared, never to be modified. */
  byte[] utf8() {
    return utf8;
  }

  /** Whether this key begins with {@code prefix}. */
  public boolean startsWith(KvKey prefix) {
    return utf8.length >= prefix.utf8.length
        && Arrays.equals(utf8, 0, prefix.utf8.length, prefix.utf8, 0, prefix.utf8.length);
  }

  @Override
  public int compareTo(KvKey other) {
    return Arrays.compareUnsigned(utf8, other.utf8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KvKey that && Arrays.equals(utf8, that.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  /** The text. */
  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
