package io.vertxraft.examples.kv;

/** A question to the replicated map. It is never in the log. */
public sealed interface KvQuery {

  /**
   * Reads an entry.
   *
   * @param key the key
   */
  record Get(KvKey key) implements KvQuery {}

  /**
   * Lists keys in order.
   *
   * @param prefix the keys begin with it; may be empty
   * @param after only keys that are greater; empty for no such bound
   * @param limit most keys in the reply
   */
  record List(KvKey prefix, KvKey after, int limit) implements KvQuery {}
}
