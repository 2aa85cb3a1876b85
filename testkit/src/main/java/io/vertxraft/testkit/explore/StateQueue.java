package io.vertxraft.testkit.explore;

import java.util.ArrayDeque;

/** States to be explored, first in, first out, in large blocks of numbers. */
final class StateQueue {
  private static final int BLOCK = 1 << 18;
  private static final int HEADER = 3;

  private final ArrayDeque<int[]> blocks = new ArrayDeque<>();
  private final ArrayDeque<int[]> spare = new ArrayDeque<>();
  private int readAt;
  private int writeAt = BLOCK;
  private int size;
  private int number;
  private int depth;
  private int length;

  /** Adds a state of {@code count} numbers; it is copied. */
  void add(int stateNumber, int stateDepth, int[] state, int count) {
    if (writeAt + HEADER + count > BLOCK) {
      if (!blocks.isEmpty() && writeAt < BLOCK) {
        // An impossible length says that the rest of the block is empty.
        blocks.getLast()[writeAt] = -1;
      }
      blocks.add(spare.isEmpty() ? new int[BLOCK] : spare.poll());
      writeAt = 0;
    }
    int[] block = blocks.getLast();
    block[writeAt] = count;
    block[writeAt + 1] = stateNumber;
    block[writeAt + 2] = stateDepth;
    System.arraycopy(state, 0, block, writeAt + HEADER, count);
    writeAt += HEADER + count;
    size++;
  }

  /**
   * Takes the oldest state into {@code target}, which must be long enough; false if there is none.
   */
  boolean poll(int[] target) {
    if (size == 0) {
      return false;
    }
    if (readAt >= BLOCK || blocks.getFirst()[readAt] < 0) {
      spare.add(blocks.poll());
      readAt = 0;
    }
    int[] block = blocks.getFirst();
    length = block[readAt];
    number = block[readAt + 1];
    depth = block[readAt + 2];
    System.arraycopy(block, readAt + HEADER, target, 0, length);
    readAt += HEADER + length;
    size--;
    return true;
  }

  int size() {
    return size;
  }

  /** Number of the state taken last. */
  int number() {
    return number;
  }

  /** Actions from the first state to the one taken last. */
  int depth() {
    return depth;
  }

  /** Length of the state taken last. */
  int length() {
    return length;
  }
}
