package io.vertxraft.testkit;

import io.vertxraft.protocol.LogEntry;
import java.util.Arrays;

/**
 * A log with its {@linkplain ChainHash hash chain}, kept up to date entry by entry. It also
 * remembers what changed, so that a checker looks at each entry once.
 *
 * <p>Holds references to the entries, not copies. Confined to one thread.
 */
public final class LogChain {
  private LogEntry[] entries = new LogEntry[64];
  private long[] chain = new long[64];
  private int size;
  private long changedFrom = Long.MAX_VALUE;
  private long truncations;

  /** Index of the first entry: 1. */
  public long firstIndex() {
    return 1;
  }

  /** Index of the last entry, 0 for an empty log. */
  public long lastIndex() {
    return size;
  }

  /** Term of the last entry, 0 for an empty log. */
  public long lastTerm() {
    return termAt(size);
  }

  /** Term of the entry at {@code index}; 0 at index 0. */
  public long termAt(long index) {
    return index == 0 ? 0 : entryAt(index).term();
  }

  /**
   * The entry at {@code index}.
   *
   * @throws IndexOutOfBoundsException if the log has no such entry
   */
  public LogEntry entryAt(long index) {
    requireWithin(index, 1);
    return entries[(int) index - 1];
  }

  /** Hash of the log up to and including {@code index}; {@link ChainHash#EMPTY} at index 0. */
  public long chainHashAt(long index) {
    requireWithin(index, 0);
    return index == 0 ? ChainHash.EMPTY : chain[(int) index - 1];
  }

  /** Whether the log reaches {@code index} and its chain there is {@code chainHash}. */
  public boolean contains(long index, long chainHash) {
    return index >= 0 && index <= size && chainHashAt(index) == chainHash;
  }

  /**
   * Appends an entry.
   *
   * @throws IllegalStateException if it does not follow the last one: index plus one, term not
   *     lower
   */
  public void append(LogEntry entry) {
    if (entry.index() != size + 1L || entry.term() < lastTerm()) {
      throw new IllegalStateException(
          "entry %d/%d does not follow %d/%d (term/index)"
              .formatted(entry.term(), entry.index(), lastTerm(), (long) size));
    }
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
      chain = Arrays.copyOf(chain, size * 2);
    }
    long hash = ChainHash.link(chainHashAt(size), ChainHash.entry(entry));
    entries[size] = entry;
    chain[size] = hash;
    size++;
    changedFrom = Math.min(changedFrom, size);
  }

  /** Removes the entry at {@code index} and all after it; does nothing beyond the end. */
  public void truncateFrom(long index) {
    if (index < 1) {
      throw new IllegalStateException("cannot truncate from index " + index);
    }
    if (index > size) {
      return;
    }
    Arrays.fill(entries, (int) index - 1, size, null);
    size = (int) index - 1;
    truncations++;
    changedFrom = Math.min(changedFrom, index);
  }

  /** Takes over the content of another log. */
  public void copyFrom(LogChain other) {
    entries = other.entries.clone();
    chain = other.chain.clone();
    size = other.size;
    truncations++;
    changedFrom = 1;
  }

  /** How often entries were removed. */
  public long truncations() {
    return truncations;
  }

  /**
   * Lowest index that was appended or removed since {@link #markChecked}; {@link Long#MAX_VALUE} if
   * none.
   */
  public long changedFrom() {
    return changedFrom;
  }

  /** Forgets the changes so far. */
  public void markChecked() {
    changedFrom = Long.MAX_VALUE;
  }

  private void requireWithin(long index, long lowest) {
    if (index < lowest || index > size) {
      throw new IndexOutOfBoundsException(
          "index %d is not in the log 1..%d".formatted(index, size));
    }
  }
}
