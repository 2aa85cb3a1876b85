package io.vertxraft.console;

import io.vertxraft.NodeState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The reports of all members as one of them collected them: the input of {@link Explain}.
 *
 * @param seenFrom the member that collected the reports
 * @param timeMs wall-clock time in milliseconds since the epoch, for display
 * @param silentAfterMs a report or contact older than this counts as silence
 * @param noLeaderForMs how long no leader has been known, 0 while there is one
 * @param members one report per member of the group
 * @param followers what the leader's report says of its followers; empty without a fresh leader
 */
public record ClusterView(
    String seenFrom,
    long timeMs,
    long silentAfterMs,
    long noLeaderForMs,
    List<MemberReport> members,
    List<FollowerReport> followers) {

  /** Copies the lists. */
  public ClusterView {
    members = List.copyOf(members);
    followers = List.copyOf(followers);
  }

  /** The collecting member's own report. */
  public Optional<MemberReport> own() {
    return member(seenFrom);
  }

  /** The report of a member. */
  public Optional<MemberReport> member(String nodeId) {
    return members.stream().filter(m -> m.nodeId().equals(nodeId)).findFirst();
  }

  /** Whether a member's report is recent enough to judge by. */
  public boolean isFresh(MemberReport member) {
    return member.isFresh(silentAfterMs);
  }

  /** The members whose reports are recent. */
  public List<MemberReport> fresh() {
    return members.stream().filter(this::isFresh).toList();
  }

  /** The member with a recent report that claims to lead the highest term. */
  public Optional<MemberReport> claimant() {
    return fresh().stream()
        .filter(MemberReport::claimsToLead)
        .reduce((a, b) -> b.status().getTerm() > a.status().getTerm() ? b : a);
  }

  /** Whose majority decides: one set of voters. */
  public List<VoterSet> configurations() {
    return List.of(new VoterSet("current", members.stream().map(MemberReport::nodeId).toList()));
  }

  /**
   * The members that can be counted on now: the leader and each follower that is well and in step;
   * without a leader, those that report and run.
   */
  public Set<String> countedOn() {
    Set<String> counted = new LinkedHashSet<>();
    Optional<MemberReport> leader = claimant();
    for (MemberReport member : members) {
      boolean counts =
          leader.isPresent()
              ? member.nodeId().equals(leader.get().nodeId()) || followsInStep(member.nodeId())
              : isFresh(member) && member.status().getState() == NodeState.RUNNING;
      if (counts) {
        counted.add(member.nodeId());
      }
    }
    return counted;
  }

  private boolean followsInStep(String nodeId) {
    return followers.stream().anyMatch(f -> f.nodeId().equals(nodeId) && f.isInStep());
  }

  /** How many members a decision needs. */
  public int majority() {
    return members.size() / 2 + 1;
  }

  /** How many members may fail while all others are well. */
  public int faultTolerance() {
    return members.size() - majority();
  }

  /**
   * How many members the leader can count on: itself and each follower that is well and in step.
   */
  public int inStep() {
    return 1 + (int) followers.stream().filter(FollowerReport::isInStep).count();
  }

  /** How many members the leader hears, itself included. */
  public int heardByLeader() {
    return 1 + (int) followers.stream().filter(this::isHeard).count();
  }

  /** Whether the leader has heard a follower recently. */
  public boolean isHeard(FollowerReport follower) {
    long ageMs = follower.status().getLastContactAgeMs();
    return ageMs >= 0 && ageMs <= silentAfterMs;
  }
}
