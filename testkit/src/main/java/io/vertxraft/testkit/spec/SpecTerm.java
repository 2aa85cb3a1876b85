package io.vertxraft.testkit.spec;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a member learned in one term of one life; most of it only grows. */
final class SpecTerm {
  /** Whom it heard as leader of the term, or null. */
  private String leader;

  /** Its log is known to equal that leader's up to here. */
  private long verified;

  /** That leader's highest commit index heard of. */
  private long leaderCommit;

  /** Previous indexes of entries that did not fit its log. */
  private final Set<Long> refused = new HashSet<>();

  /** Who gave it their vote, as a candidate of this term. */
  private final Set<String> votes = new HashSet<>();

  /** Who gave it their pre-vote, for the term after this. */
  private final Set<String> preVotes = new HashSet<>();

  /** As a leader: what each follower acknowledged. */
  private final Map<String, Long> matches = new HashMap<>();

  void heard(String from) {
    leader = from;
  }

  String leader() {
    return leader;
  }

  void verify(long index) {
    verified = Math.max(verified, index);
  }

  long verified() {
    return verified;
  }

  void leaderCommits(long index) {
    leaderCommit = Math.max(leaderCommit, index);
  }

  /** What the leader called committed and this log was checked for. */
  long committed() {
    return Math.min(leaderCommit, verified);
  }

  Set<Long> refused() {
    return refused;
  }

  Set<String> votes() {
    return votes;
  }

  Set<String> preVotes() {
    return preVotes;
  }

  void acknowledged(String follower, long index) {
    matches.merge(follower, index, Math::max);
  }

  long match(String follower) {
    return matches.getOrDefault(follower, 0L);
  }
}
