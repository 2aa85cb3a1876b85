package io.vertxraft.client;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Several commands, or their replies, as one: each with its length as u32 before it. */
public final class Joined {
  private Joined() {}

  /**
   * Joins.
   *
   * @throws IllegalArgumentException if there is nothing to join
   */
  public static Buffer of(List<Buffer> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no commands: at least one is needed");
    }
    int bytes = 0;
    for (Buffer part : parts) {
      bytes += Integer.BYTES + part.length();
    }
    Buffer joined = Buffer.buffer(bytes);
    for (Buffer part : parts) {
      joined.appendInt(part.length()).appendBuffer(part);
    }
    return joined;
  }

  /** What was joined. */
  public static List<Buffer> split(Buffer joined) {
    List<Buffer> parts = new ArrayList<>();
    for (int at = 0; at < joined.length(); ) {
      int from = at + Integer.BYTES;
      int to = from + joined.getInt(at);
      parts.add(joined.slice(from, to));
      at = to;
    }
    return parts;
  }
}
