package io.vertxraft.testkit.oracle;

import io.vertxraft.testkit.LogChain;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * I4, Log Matching (§5.3): if two logs hold an entry with the same index and term, they are the
 * same up to it. Every entry that enters a log is checked once, in constant time.
 */
public final class LogMatching implements Oracle {
  private final OracleContext context;
  private final Map<Position, Long> others = new HashMap<>();
  private long[] firstTerms = new long[64];
  private long[] firstChains = new long[64];

  /** The rule for a run. */
  public LogMatching(OracleContext context) {
    this.context = context;
  }

  /** A position of which an index has a second, third, ... version. */
  private record Position(long index, long term) {}

  @Override
  public String id() {
    return "I4";
  }

  @Override
  public void logChanged(NodeProbe node, long fromIndex) {
    LogChain log = node.log();
    for (long index = Math.max(fromIndex, log.firstIndex()); index <= log.lastIndex(); index++) {
      long term = log.termAt(index);
      long chain = log.chainHashAt(index);
      if (knownChain(index, term, chain) != chain) {
        throw context.violation(
            id(),
            "%s has another log up to entry %d/%d (term/index) than was seen before",
            node.nodeId(),
            term,
            index);
      }
    }
  }

  /** The chain first seen at a position; remembers {@code chain} if there is none. */
  private long knownChain(long index, long term, long chain) {
    int slot = (int) index - 1;
    if (slot >= firstTerms.length) {
      int length = Math.max(slot + 1, firstTerms.length * 2);
      firstTerms = Arrays.copyOf(firstTerms, length);
      firstChains = Arrays.copyOf(firstChains, length);
    }
    if (firstTerms[slot] == 0) {
      firstTerms[slot] = term;
      firstChains[slot] = chain;
      return chain;
    }
    if (firstTerms[slot] == term) {
      return firstChains[slot];
    }
    Long known = others.putIfAbsent(new Position(index, term), chain);
    return known == null ? chain : known;
  }
}
