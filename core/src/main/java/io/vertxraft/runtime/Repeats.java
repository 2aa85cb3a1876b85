package io.vertxraft.runtime;

import java.util.TreeSet;

/**
 * Which commands of sessions in the log had no effect, because they had been applied before or were
 * refused. Nobody can tell that from the log alone, so it is known only of what this life of the
 * member has applied. As many as clients repeat within the log that is kept. Confined to the node's
 * context.
 */
final class Repeats {
  private final TreeSet<Long> indexes = new TreeSet<>();
  private long knownFrom;

  /** Nothing is known of the entries before {@code knownFrom}. */
  Repeats(long knownFrom) {
    this.knownFrom = knownFrom;
  }

  /** A state takes the place of everything before {@code newKnownFrom}. */
  void restart(long newKnownFrom) {
    knownFrom = newKnownFrom;
    indexes.clear();
  }

  void add(long index) {
    indexes.add(index);
  }

  /** The log begins at {@code firstIndex}. */
  void forgetBefore(long firstIndex) {
    // Asked after every turn, and mostly there is nothing.
    if (!indexes.isEmpty()) {
      indexes.headSet(firstIndex).clear();
    }
  }

  /** First index from which on {@link #hadEffect} can tell. */
  long knownFrom() {
    return knownFrom;
  }

  /** Whether the commands of the entry, which is applied, took effect then. */
  boolean hadEffect(long index) {
    return !indexes.contains(index);
  }
}
