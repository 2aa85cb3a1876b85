package io.vertxraft.testkit.sim;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A reply of {@link SimStateMachine}.
 *
 * @param index where the command was applied
 * @param stateHash hash over all commands up to it
 * @param value what the operation gives; the size of a list
 * @param elements the elements of a list that was read, else empty
 */
public record SimReply(long index, long stateHash, long value, List<Long> elements) {
  private static final int FIXED_BYTES = 3 * Long.BYTES;

  /** The reply's bytes. */
  public Buffer encode() {
    Buffer bytes =
        Buffer.buffer(FIXED_BYTES + elements.size() * Long.BYTES)
            .appendLong(index)
            .appendLong(stateHash)
            .appendLong(value);
    for (int i = 0; i < elements.size(); i++) {
      bytes.appendLong(elements.get(i));
    }
    return bytes;
  }

  /** Reads a reply's bytes. */
  public static SimReply decode(Buffer bytes) {
    List<Long> elements = List.of();
    if (bytes.length() > FIXED_BYTES) {
      elements = new ArrayList<>((bytes.length() - FIXED_BYTES) / Long.BYTES);
      for (int at = FIXED_BYTES; at < bytes.length(); at += Long.BYTES) {
        elements.add(bytes.getLong(at));
      }
    }
    return new SimReply(
        bytes.getLong(0), bytes.getLong(Long.BYTES), bytes.getLong(2 * Long.BYTES), elements);
  }
}
