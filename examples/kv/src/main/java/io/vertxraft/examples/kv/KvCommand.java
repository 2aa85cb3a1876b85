package io.vertxraft.examples.kv;

import io.vertx.core.buffer.Buffer;

/** A change to the replicated map, as it stands in the log. */
public sealed interface KvCommand {

  /**
   * Stores a value.
   *
   * @param key the key
   * @param value the value
   * @param condition what must hold of the entry
   * @param storeBytesMax refuse the write if the map would hold more bytes afterwards; it travels
   *     with the command, so that members with different settings still decide alike
   */
  record Put(KvKey key, Buffer value, Condition condition, long storeBytesMax)
      implements KvCommand {}

  /**
   * Removes an entry.
   *
   * @param key the key
   * @param condition what must hold of the entry
   */
  record Delete(KvKey key, Condition condition) implements KvCommand {}
}
