package io.vertxraft.testkit.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is true of the whole group for ever: leaders, votes, entries, and what is committed. */
final class SpecHistory {
  private final SpecJudge judge;
  private final Map<Long, String> leaders = new HashMap<>();
  private final Map<Ballot, String> votes = new HashMap<>();
  private final Map<Place, Known> entries = new HashMap<>();
  private final List<Committed> committed = new ArrayList<>();
  private List<String> voters;

  private record Ballot(String voter, long term) {}

  private record Place(long index, long term) {}

  /** What is known of an entry: its command, and the term of the entry before it. */
  private record Known(String hash, long previousTerm) {}

  /** A committed entry and the term in which it was first seen to be. */
  private record Committed(TraceEntry entry, long term) {}

  SpecHistory(SpecJudge judge) {
    this.judge = judge;
  }

  /** A member names the voters. */
  void voters(List<String> named) {
    List<String> sorted = named.stream().sorted().toList();
    voters = voters == null ? sorted : voters;
    judge.requireSame(voters, sorted, SpecRule.SAME_VOTERS, "the list of voters");
  }

  /** A member leads in a term (§5.2). */
  void leads(String node, long term) {
    String first = leaders.putIfAbsent(term, node);
    judge.require(
        first == null || first.equals(node),
        SpecRule.ONE_LEADER,
        "%s leads in term %d, as does %s",
        node,
        term,
        first);
  }

  /** A vote was seen by someone else than the voter (§5.2). */
  void voted(String voter, long term, String candidate) {
    String first = votes.putIfAbsent(new Ballot(voter, term), candidate);
    judge.require(
        first == null || first.equals(candidate),
        SpecRule.VOTE_ONCE,
        "%s voted for %s in term %d, and for %s before",
        voter,
        candidate,
        term,
        first);
  }

  /** Entries came into a log, which holds them now (§5.3). */
  void entered(LogView log, long fromIndex) {
    for (long index = fromIndex; index <= log.lastIndex(); index++) {
      TraceEntry entry = log.at(index);
      Known known = new Known(entry.hash(), log.termAt(index - 1));
      Known first = entries.putIfAbsent(new Place(index, entry.term()), known);
      judge.require(
          first == null || first.equals(known),
          SpecRule.LOG_MATCHING,
          "entry %s after an entry of term %d, elsewhere it has hash %s and follows term %d",
          entry,
          known.previousTerm(),
          first == null ? "" : first.hash(),
          first == null ? 0 : first.previousTerm());
    }
  }

  /**
   * The only voter of a group has restarted. Nobody else saw what its disk did not keep: it may
   * lead in the same term again, and give the same places to other entries.
   */
  void restartedAlone() {
    entries.clear();
  }

  /** A member calls its entries up to an index committed (§5.4.3). */
  void committed(LogView log, long fromIndex, long toIndex, long term) {
    for (long index = fromIndex; index <= toIndex; index++) {
      TraceEntry entry = log.at(index);
      if (index == committed.size() + 1L) {
        committed.add(new Committed(entry, term));
      }
      judge.requireSame(
          index <= committed.size() ? committed.get((int) index - 1).entry() : null,
          entry,
          SpecRule.COMMITTED_SAME,
          "the committed entry");
    }
  }

  /** A member removes its entries from an index on (§5.4). */
  void removes(LogView log, long fromIndex) {
    long last = Math.min(log.lastIndex(), committed.size());
    for (long index = fromIndex; index <= last; index++) {
      judge.require(
          !log.at(index).equals(committed.get((int) index - 1).entry()),
          SpecRule.COMMITTED_STAYS,
          "entry %s is committed and removed",
          log.at(index));
    }
  }

  /** A member with this log is elected: what earlier terms committed must be in it (§5.4.3). */
  void elected(LogView log, long term) {
    for (Committed entry : committed) {
      long index = entry.entry().index();
      judge.require(
          entry.term() >= term || (log.has(index) && log.at(index).equals(entry.entry())),
          SpecRule.LEADER_COMPLETENESS,
          "entry %s was committed in term %d, the leader of term %d has %s",
          entry.entry(),
          entry.term(),
          term,
          log.has(index) ? log.at(index) : "none");
    }
  }
}
