package io.vertxraft.consensus;

import java.util.Arrays;

/**
 * The term of every entry in the log, in a few bytes per term instead of per entry: terms never
 * decrease along the log, so it is enough to know where each begins.
 */
final class TermRuns {
  private long[] starts;
  private long[] terms;
  private int count;

  TermRuns(long[] starts, long[] terms) {
    this.starts = Arrays.copyOf(starts, Math.max(8, starts.length));
    this.terms = Arrays.copyOf(terms, Math.max(8, terms.length));
    this.count = starts.length;
  }

  /** Notes that the entry at {@code index}, the new last one, has {@code term}. */
  void append(long index, long term) {
    if (count > 0 && terms[count - 1] == term) {
      return;
    }
    if (count > 0 && terms[count - 1] > term) {
      throw new InvariantViolation(
          "term %d appended at index %d after term %d".formatted(term, index, terms[count - 1]));
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      terms = Arrays.copyOf(terms, count * 2);
    }
    starts[count] = index;
    terms[count++] = term;
  }

  /** Forgets everything from {@code index} on. */
  void truncateFrom(long index) {
    while (count > 0 && starts[count - 1] >= index) {
      count--;
    }
  }

  /** Forgets everything before {@code index}. */
  void truncatePrefix(long index) {
    int gone = 0;
    while (gone + 1 < count && starts[gone + 1] <= index) {
      gone++;
    }
    System.arraycopy(starts, gone, starts, 0, count - gone);
    System.arraycopy(terms, gone, terms, 0, count - gone);
    count -= gone;
    if (count > 0) {
      starts[0] = Math.max(starts[0], index);
    }
  }

  /** Forgets everything. */
  void clear() {
    count = 0;
  }

  /** The term of the entry at {@code index}, which must be in the log. */
  long termAt(long index) {
    return terms[runOf(index)];
  }

  /** First index that has the same term as the entry at {@code index}. */
  long firstIndexOfTermAt(long index) {
    return starts[runOf(index)];
  }

  private int runOf(long index) {
    int last = count - 1;
    if (last >= 0 && starts[last] <= index) {
      return last;
    }
    int found = Arrays.binarySearch(starts, 0, count, index);
    return found >= 0 ? found : -found - 2;
  }
}
