package io.vertxraft.examples.kv;

import org.pcollections.TreePMap;

/**
 * The replicated map at one log index. Immutable: a change gives a new state that shares with the
 * old one all but the path to what was changed, so that a snapshot of it is a reference.
 *
 * @param entries the map in the order of its keys
 * @param bytes what it is counted with: keys, values and {@link
 *     KvStateMachine#ENTRY_OVERHEAD_BYTES} per entry
 */
record KvState(TreePMap<KvKey, Entry> entries, long bytes) {
  static final KvState EMPTY = new KvState(TreePMap.empty(), 0);

  /** A value, and the log index and term of the write that gave it. Never modified. */
  record Entry(byte[] value, long index, long term) {}

  /** The entry of a key, or null. */
  Entry get(KvKey key) {
    return entries.get(key);
  }

  /**
   * The state with another entry for a key.
   *
   * @param current what the key has now, as {@link #get} says
   * @param next what it gets; null removes it
   */
  KvState with(KvKey key, Entry current, Entry next) {
    return new KvState(
        next == null ? entries.minus(key) : entries.plus(key, next),
        bytes - size(key, current) + size(key, next));
  }

  static long size(KvKey key, Entry entry) {
    return entry == null
        ? 0
        : (long) key.bytes() + entry.value.length + KvStateMachine.ENTRY_OVERHEAD_BYTES;
  }
}
