package io.vertxraft.consensus;

import java.util.ArrayDeque;

/**
 * Reads that wait for proof that this leader still leads (ReadIndex, thesis 6.4; R-39).
 *
 * <p>A read may rely on the commit index at its arrival as soon as a quorum has answered a round of
 * heartbeats that was sent later. Reads that arrive while a round is under way share the next one.
 * A round is named by its send time, which never repeats within a leadership, and answers of other
 * terms do not count: so no late answer confirms a read it was not asked for.
 */
final class ReadQueue {
  private record Waiting(long id, long index, long lastSentAt) {}

  private final ArrayDeque<Long> beforeOwnTerm = new ArrayDeque<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  /** Whether nothing waits for a round. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Reads that wait for anything. */
  int size() {
    return waiting.size() + beforeOwnTerm.size();
  }

  /**
   * The leader has not committed an entry of its term yet, and so does not know the commit index
   * (§8): the read waits for that first.
   */
  void addBeforeOwnTerm(long id) {
    beforeOwnTerm.add(id);
  }

  /**
   * Takes a read.
   *
   * @param index the commit index
   * @param lastSentAt name of the newest round sent: only a later one counts
   */
  void add(long id, long index, long lastSentAt) {
    waiting.add(new Waiting(id, index, lastSentAt));
  }

  /** An entry of the leader's term is committed. */
  void ownTermCommitted(long index, long lastSentAt) {
    while (!beforeOwnTerm.isEmpty()) {
      add(beforeOwnTerm.poll(), index, lastSentAt);
    }
  }

  /** Whether a read waits for a round later than {@code lastSentAt}, the newest one. */
  boolean needsRound(long lastSentAt) {
    return !waiting.isEmpty() && waiting.peekLast().lastSentAt() == lastSentAt;
  }

  /** Whether a read waits for the round {@code lastSentAt}, the newest one, or an earlier one. */
  boolean isRoundUnderWay(long lastSentAt) {
    return !waiting.isEmpty() && waiting.peek().lastSentAt() - lastSentAt < 0;
  }

  /** A quorum has answered the round named {@code sentAt}. */
  void confirmed(long sentAt, Effects effects) {
    while (!waiting.isEmpty() && waiting.peek().lastSentAt() - sentAt < 0) {
      Waiting read = waiting.poll();
      effects.read(read.id(), read.index());
    }
  }

  /** The leader leads no more: nothing can be confirmed. */
  void refuseAll(Effects effects) {
    beforeOwnTerm.forEach(effects::refuseRead);
    waiting.forEach(read -> effects.refuseRead(read.id()));
    beforeOwnTerm.clear();
    waiting.clear();
  }
}
