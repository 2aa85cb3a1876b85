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
  private long prevIndex;
  private long prevTerm;
  private long prevChain = ChainHash.EMPTY;
  private long changedFrom = Long.MAX_VALUE;
  private long truncations;

  /** Index of the first entry, there or to come; 1 unless the log has been cut at its front. */
  public long firstIndex() {
    return prevIndex + 1;
  }

  /** Index of the last entry, {@code firstIndex() - 1} for an empty log. */
  public long lastIndex() {
    return prevIndex + size;
  }

  /** Term of the last entry; of an empty log, of the entry before the first. */
  public long lastTerm() {
    return termAt(lastIndex());
  }

  /** Term of the entry at {@code index}, which may be the one before the first; 0 at index 0. */
  public long termAt(long index) {
    return index == prevIndex ? prevTerm : entryAt(index).term();
  }

  /**
   * The entry at {@code index}.
   *
   * @throws IndexOutOfBoundsException if the log has no such entry
   */
  public LogEntry entryAt(long index) {
    requireWithin(index, firstIndex());
    return entries[slot(index)];
  }

  /**
   * Hash of the log up to and including {@code index}, which may be the one before the first;
   * {@link ChainHash#EMPTY} at index 0.
   */
  public long chainHashAt(long index) {
    requireWithin(index, prevIndex);
    return index == prevIndex ? prevChain : chain[slot(index)];
  }

  /** Whether the log reaches {@code index} and its chain there is {@code chainHash}. */
  public boolean contains(long index, long chainHash) {
    return index >= prevIndex && index <= lastIndex() && chainHashAt(index) == chainHash;
  }

  /**
   * Appends an entry.
   *
   * @throws IllegalStateException if it does not follow the last one: index plus one, term not
   *     lower
   */
  public void append(LogEntry entry) {
    if (entry.index() != lastIndex() + 1 || entry.term() < lastTerm()) {
      throw new IllegalStateException(
          "entry %d/%d does not follow %d/%d (term/index)"
              .formatted(entry.term(), entry.index(), lastTerm(), lastIndex()));
    }
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
      chain = Arrays.copyOf(chain, size * 2);
    }
    long hash = ChainHash.link(chainHashAt(lastIndex()), ChainHash.entry(entry));
    entries[size] = entry;
    chain[size] = hash;
    size++;
    changedFrom = Math.min(changedFrom, lastIndex());
  }

  /** Removes the entry at {@code index} and all after it; does nothing beyond the end. */
  public void truncateFrom(long index) {
    if (index < firstIndex()) {
      throw new IllegalStateException("cannot truncate from index " + index);
    }
    if (index > lastIndex()) {
      return;
    }
    Arrays.fill(entries, slot(index), size, null);
    size = slot(index);
    truncations++;
    changedFrom = Math.min(changedFrom, index);
  }

  /**
   * Removes the entries before {@code index}, whose chain stays known; does nothing if the log
   * starts there or later.
   *
   * @throws IllegalStateException if the log does not reach the entry before {@code index}
   */
  public void truncatePrefix(long index) {
    if (index <= firstIndex()) {
      return;
    }
    if (index > lastIndex() + 1) {
      throw new IllegalStateException(
          "cannot cut before index %d, the log ends at %d".formatted(index, lastIndex()));
    }
    int removed = slot(index);
    long term = termAt(index - 1);
    prevChain = chainHashAt(index - 1);
    prevTerm = term;
    prevIndex = index - 1;
    entries = Arrays.copyOfRange(entries, removed, removed + Math.max(64, entries.length));
    chain = Arrays.copyOfRange(chain, removed, removed + Math.max(64, chain.length));
    size -= removed;
  }

  /**
   * Forgets everything; the log starts at {@code firstIndex}. Its chain starts anew from the two
   * numbers, so that only logs that were started in the same way can be compared.
   */
  public void restart(long firstIndex, long termBefore) {
    restart(firstIndex, termBefore, unknownChain(firstIndex - 1, termBefore));
  }

  /** The same with the chain of what it follows, so that it goes on as if it were all there. */
  public void restart(long firstIndex, long termBefore, long chainBefore) {
    Arrays.fill(entries, 0, size, null);
    size = 0;
    prevIndex = firstIndex - 1;
    prevTerm = termBefore;
    prevChain = chainBefore;
    truncations++;
    changedFrom = firstIndex;
  }

  /** Stands for the chain of a log that nobody knows but its last entry's index and term. */
  public static long unknownChain(long index, long term) {
    return index == 0
        ? ChainHash.EMPTY
        : ChainHash.link(ChainHash.link(ChainHash.EMPTY, index), term);
  }

  /** Takes over the content of another log. */
  public void copyFrom(LogChain other) {
    entries = other.entries.clone();
    chain = other.chain.clone();
    size = other.size;
    prevIndex = other.prevIndex;
    prevTerm = other.prevTerm;
    prevChain = other.prevChain;
    truncations++;
    changedFrom = firstIndex();
  }

  /** How often entries were removed at the end. */
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

  private int slot(long index) {
    return (int) (index - prevIndex - 1);
  }

  private void requireWithin(long index, long lowest) {
    if (index < lowest || index > lastIndex()) {
      throw new IndexOutOfBoundsException(
          "index %d is not in the log %d..%d".formatted(index, firstIndex(), lastIndex()));
    }
  }
}
