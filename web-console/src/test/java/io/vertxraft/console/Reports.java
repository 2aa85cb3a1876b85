package io.vertxraft.console;

import io.vertxraft.FollowerStatus;
import io.vertxraft.LeaderLease;
import io.vertxraft.Member;
import io.vertxraft.NodeState;
import io.vertxraft.PeerContact;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.util.ArrayList;
import java.util.List;

/** Reports of a group n1, n2, n3 in which n2 leads term 7, to be bent by tests. */
final class Reports {
  static final List<Member> MEMBERS =
      List.of(
          new Member("n1", "127.0.0.1", 7001),
          new Member("n2", "127.0.0.1", 7002),
          new Member("n3", "127.0.0.1", 7003));

  private Reports() {}

  static RaftStatus leader(String id, long term) {
    return base(id, term)
        .setRole(RaftRole.LEADER)
        .setLeaderId(id)
        .setLeaderReady(true)
        .setLeaderLease(
            new LeaderLease()
                .setState(LeaderLease.State.VALID)
                .setEpoch(term)
                .setRemainingMicros(900_000))
        .setFollowers(followersOf(id));
  }

  static RaftStatus follower(String id, String leaderId, long term) {
    return base(id, term).setLeaderId(leaderId).setLeaderContactAgeMs(40);
  }

  /** Knows no leader. */
  static RaftStatus lost(String id, RaftRole role, long term) {
    return base(id, term).setRole(role).setRoleSinceMs(800);
  }

  static FollowerStatus heard(String id) {
    return new FollowerStatus()
        .setNodeId(id)
        .setReplication("REPLICATE")
        .setMatchIndex(1_000)
        .setNextIndex(1_001)
        .setLastContactAgeMs(30)
        .setRoundTripMs(1.5);
  }

  private static List<FollowerStatus> followersOf(String leader) {
    List<FollowerStatus> followers = new ArrayList<>();
    MEMBERS.stream()
        .map(Member::getNodeId)
        .filter(id -> !id.equals(leader))
        .forEach(id -> followers.add(heard(id)));
    return followers;
  }

  private static RaftStatus base(String id, long term) {
    return new RaftStatus()
        .setClusterId("shop")
        .setGroupId("orders")
        .setNodeId(id)
        .setState(NodeState.RUNNING)
        .setTerm(term)
        .setVotedFor("n2")
        .setRoleSinceMs(250_000)
        .setLastIndex(1_000)
        .setDurableIndex(1_000)
        .setCommitIndex(1_000)
        .setAppliedIndex(1_000)
        .setCommandsApplied(990)
        .setContacts(
            MEMBERS.stream()
                .map(Member::getNodeId)
                .filter(other -> !other.equals(id))
                .map(other -> new PeerContact().setNodeId(other).setHeardAgeMs(30))
                .toList())
        .setMembers(MEMBERS);
  }

  /** The report with another age of what was heard last of {@code other}. */
  static RaftStatus hearing(RaftStatus status, String other, long heardAgeMs) {
    status.getContacts().stream()
        .filter(contact -> contact.getNodeId().equals(other))
        .forEach(contact -> contact.setHeardAgeMs(heardAgeMs));
    return status;
  }
}
