package io.vertxraft.testkit.explore;

import io.vertxraft.testkit.ChainHash;
import java.util.Arrays;

/** Numbers by number: open addressing, nothing boxed, nothing removed. Keys are not negative. */
final class LongIntMap {
  private static final long FREE = -1;

  private long[] keys = freeKeys(1 << 12);
  private int[] values = new int[1 << 12];
  private int size;

  private static long[] freeKeys(int length) {
    long[] keys = new long[length];
    Arrays.fill(keys, FREE);
    return keys;
  }

  /** The value of {@code key}, or -1. */
  int get(long key) {
    int slot = slotOf(key);
    return keys[slot] == FREE ? -1 : values[slot];
  }

  /** Adds a key that is not there. */
  void put(long key, int value) {
    if (size >= keys.length / 2) {
      grow();
    }
    int slot = slotOf(key);
    keys[slot] = key;
    values[slot] = value;
    size++;
  }

  int size() {
    return size;
  }

  private int slotOf(long key) {
    int mask = keys.length - 1;
    int slot = (int) ChainHash.mix(key) & mask;
    while (keys[slot] != FREE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = freeKeys(oldKeys.length * 2);
    values = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int slot = slotOf(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
