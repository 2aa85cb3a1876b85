package io.vertxraft.testkit.explore;

import java.util.Arrays;

/**
 * The fingerprints of the states met, in open addressing, and how each was first reached. Two
 * states with the same 128 bits are taken for one: among ten million states the chance that it ever
 * happens is below 10^-24.
 */
final class VisitedStates {
  /** Most states that fit. */
  static final int MAX = 1 << 28;

  private static final int SLOTS_FIRST = 1 << 16;

  private long[] highs = new long[SLOTS_FIRST];
  private long[] lows = new long[SLOTS_FIRST];
  private int[] parents = new int[SLOTS_FIRST];
  private int[] actions = new int[SLOTS_FIRST];
  private int size;

  /** Adds a state; false if it was there. Its number is the size before. */
  boolean add(long high, long low, int parent, int action) {
    // No fingerprint with a half of zero: a zero marks a free slot.
    long key = high == 0 ? 1 : high;
    int slot = slotOf(key, low);
    if (highs[slot] != 0) {
      return false;
    }
    highs[slot] = key;
    lows[slot] = low;
    if (size == parents.length) {
      parents = Arrays.copyOf(parents, size * 2);
      actions = Arrays.copyOf(actions, size * 2);
    }
    parents[size] = parent;
    actions[size++] = action;
    if (size > highs.length / 3 * 2) {
      grow();
    }
    return true;
  }

  int size() {
    return size;
  }

  /** The actions that lead from state 0 to the given one, in order. */
  int[] pathTo(int state) {
    int steps = 0;
    for (int at = state; at != 0; at = parents[at]) {
      steps++;
    }
    int[] path = new int[steps];
    for (int at = state; at != 0; at = parents[at]) {
      path[--steps] = actions[at];
    }
    return path;
  }

  private int slotOf(long high, long low) {
    int mask = highs.length - 1;
    int slot = (int) high & mask;
    while (highs[slot] != 0 && (highs[slot] != high || lows[slot] != low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldHighs = highs;
    long[] oldLows = lows;
    highs = new long[oldHighs.length * 2];
    lows = new long[highs.length];
    for (int i = 0; i < oldHighs.length; i++) {
      if (oldHighs[i] != 0) {
        int slot = slotOf(oldHighs[i], oldLows[i]);
        highs[slot] = oldHighs[i];
        lows[slot] = oldLows[i];
      }
    }
  }
}
