package io.vertxraft.peer;

import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.SnapshotFile;

/** Fields of a peer's message, or a {@link ProtocolException} that names the one that is wrong. */
public final class Checked {
  private Checked() {}

  /** An index, term or size, which the wire carries unsigned. */
  public static long number(String field, long value) {
    if (value < 0) {
      throw new ProtocolException(
          "%s %s is out of range".formatted(field, Long.toUnsignedString(value)));
    }
    return value;
  }

  /** A count that the wire carries unsigned. */
  public static int within(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ProtocolException(
          "%s %s is not within %d..%d".formatted(field, Integer.toUnsignedString(value), min, max));
    }
    return value;
  }

  /** A number that the wire carries unsigned, up to a limit. */
  public static long atMost(String field, long value, long max) {
    if (value < 0 || value > max) {
      throw new ProtocolException(
          "%s %s is not within 0..%d".formatted(field, Long.toUnsignedString(value), max));
    }
    return value;
  }

  /** A text up to a length, which counts characters. */
  public static String text(String field, String text, int charsMax) {
    if (text.length() > charsMax) {
      // Not shown: it is long, and says anything.
      throw new ProtocolException(
          "%s has %d characters, at most %d are allowed".formatted(field, text.length(), charsMax));
    }
    return text;
  }

  /** The id of a node. */
  public static String id(String field, String id) {
    try {
      return GroupIdentity.requireId(field, id);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(field + " is not an id", e);
    }
  }

  /** The name of a file of a snapshot, or nothing, which stands for the manifest. */
  public static String snapshotFile(String name) {
    try {
      return name.isEmpty() ? name : SnapshotFile.requireName(name);
    } catch (IllegalArgumentException e) {
      // Not shown: it may be long, and say anything.
      throw new ProtocolException("file is no name for a file of a snapshot", e);
    }
  }
}
