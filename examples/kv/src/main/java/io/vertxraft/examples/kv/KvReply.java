package io.vertxraft.examples.kv;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * What the state machine answers.
 *
 * @param status how the command or query ended
 * @param index log index: of the write for a successful PUT or DELETE; of the entry's last write
 *     for GET and for a failed precondition, 0 if the key is absent; 0 for LIST
 * @param term the term that belongs to {@code index}
 * @param value the value read; empty unless the query is a successful GET
 * @param keys the keys listed; empty unless the query is a LIST
 * @param more whether a LIST left keys out
 */
public record KvReply(
    Status status, long index, long term, Buffer value, List<KeyInfo> keys, boolean more) {

  /** How a command or query ended. The order is part of the reply format. */
  public enum Status {
    /** Done. */
    OK,
    /** The condition did not hold; nothing was changed. */
    PRECONDITION_FAILED,
    /** There is no such key; nothing was changed. */
    NOT_FOUND,
    /** The map would hold too many bytes; nothing was changed. */
    STORE_FULL,
    /** The command's bytes make no sense; nothing was changed. */
    MALFORMED
  }

  /**
   * One listed key.
   *
   * @param key the key
   * @param index log index of its last write
   * @param bytes length of its value
   */
  public record KeyInfo(KvKey key, long index, int bytes) {}

  /** Makes the list immutable. */
  public KvReply {
    keys = List.copyOf(keys);
  }

  static KvReply of(Status status, long index, long term) {
    return new KvReply(status, index, term, Buffer.buffer(), List.of(), false);
  }

  static KvReply value(long index, long term, Buffer value) {
    return new KvReply(Status.OK, index, term, value, List.of(), false);
  }

  static KvReply listing(List<KeyInfo> keys, boolean more) {
    return new KvReply(Status.OK, 0, 0, Buffer.buffer(), keys, more);
  }
}
