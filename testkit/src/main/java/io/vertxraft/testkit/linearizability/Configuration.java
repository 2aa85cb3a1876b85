package io.vertxraft.testkit.linearizability;

import java.util.Arrays;

/**
 * A point of the search: which operations have their place, and the state that this order of them
 * leads to.
 *
 * <p>Of the operations with an answer all before {@code base}, in the order of their calls, have
 * their place, {@code base} has not, and {@code window} tells of those after it. At an instant at
 * which no operation is under way the window is empty, so that nothing but the state connects what
 * comes after with what was before: a long history costs no more than its parts.
 *
 * <p>Equality leaves out which operations without an answer were used; see {@link Visited}.
 */
final class Configuration<S> {
  /** First operation without a place. */
  final int base;

  /** Bit i: operation base + i has its place. */
  final long[] window;

  /** Bit i: operation i of those without an answer was used. */
  final long[] used;

  final S state;

  /** Number of operations with an answer that have their place. */
  final int placed;

  /** How many operations without an answer came since the last one with. */
  final int guesses;

  /** Whether its successors by an operation with an answer are known already. */
  final boolean onlyGuessesLeft;

  private final int hash;

  Configuration(
      int base,
      long[] window,
      long[] used,
      S state,
      int placed,
      int guesses,
      boolean onlyGuessesLeft) {
    this.base = base;
    this.window = window;
    this.used = used;
    this.state = state;
    this.placed = placed;
    this.guesses = guesses;
    this.onlyGuessesLeft = onlyGuessesLeft;
    this.hash = (base * 31 + Arrays.hashCode(window)) * 31 + (state == null ? 0 : state.hashCode());
  }

  static <S> Configuration<S> start(S state, int windowMax, int openCount) {
    return new Configuration<>(
        0, new long[words(windowMax)], new long[words(openCount)], state, 0, 0, false);
  }

  private static int words(int bits) {
    return (bits + Long.SIZE - 1) / Long.SIZE;
  }

  /** Whether an operation has its place; {@code base} and those after it are asked. */
  boolean isPlaced(int operation) {
    int bit = operation - base;
    return bit < window.length * Long.SIZE && isSet(window, bit);
  }

  boolean isUsed(int open) {
    return isSet(used, open);
  }

  private static boolean isSet(long[] bits, int bit) {
    return (bits[bit / Long.SIZE] >>> bit & 1) != 0;
  }

  /** The point after placing an operation that has an answer. */
  Configuration<S> place(int operation, S next) {
    long[] bits = window.clone();
    set(bits, operation - base);
    int newBase = base;
    while ((bits[0] & 1) != 0) {
      int run = Math.min(Long.numberOfTrailingZeros(~bits[0]), Long.SIZE - 1);
      shiftRight(bits, run);
      newBase += run;
    }
    return new Configuration<>(newBase, bits, used, next, placed + 1, 0, false);
  }

  /** The point after the guess that an operation without an answer took effect here. */
  Configuration<S> guess(int open, S next) {
    long[] bits = used.clone();
    set(bits, open);
    return new Configuration<>(base, window, bits, next, placed, guesses + 1, false);
  }

  /** The same point, to be looked at again when it is time to guess. */
  Configuration<S> leaveGuesses() {
    return new Configuration<>(base, window, used, state, placed, guesses + 1, true);
  }

  private static void set(long[] bits, int bit) {
    bits[bit / Long.SIZE] |= 1L << bit;
  }

  private static void shiftRight(long[] bits, int by) {
    for (int i = 0; i < bits.length; i++) {
      long above = i + 1 < bits.length ? bits[i + 1] << (Long.SIZE - by) : 0;
      bits[i] = bits[i] >>> by | above;
    }
  }

  @Override
  public boolean equals(Object object) {
    if (!(object instanceof Configuration<?> other)) {
      return false;
    }
    return hash == other.hash
        && base == other.base
        && Arrays.equals(window, other.window)
        && (state == null ? other.state == null : state.equals(other.state));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
