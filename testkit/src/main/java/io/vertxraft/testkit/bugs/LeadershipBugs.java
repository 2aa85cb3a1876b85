package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.consensus;

import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.testkit.run.SimCluster;
import io.vertxraft.testkit.run.SimNode;
import java.util.List;

/** Bugs of coming to lead and ceasing to: terms, pre-vote, check quorum, stepping down. */
final class LeadershipBugs {
  private static final long CUT_MS = 20_000;

  private static final PlantedBug LEADER_KEEPS_LEADING =
      new PlantedBug(
          "leader-keeps-leading",
          "classic",
          "A leader that sees a higher term takes it over and goes on leading.",
          List.of(
              consensus(
                  "RaftCore",
                  "becomeFollower(message.term(), null, \"higher term seen at \" + from, now);",
                  """
                    if (isLeader()) {
                              term = message.term();
                              hardStateChanged = true;
                            } else {
                              becomeFollower(message.term(), null, "higher term seen", now);
                            }
                    """)),
          LeadershipBugs::aDeposedLeaderHearsOfItsSuccessor,
          Stories.SELF);

  private static final PlantedBug PRE_VOTE_HIDES_TERMS =
      new PlantedBug(
          "pre-vote-hides-terms",
          "#22",
          "Answers to pre-votes count only in the own term, and higher terms in them are ignored.",
          List.of(
              consensus(
                  "RaftCore",
                  "} else if (message instanceof PreVoteReply reply && reply.term() <= term) {",
                  """
                    } else if (message instanceof PreVoteReply reply && reply.term() != term) {
                          reached(Mark.LATE_VOTE_IGNORED);
                        } else if (message instanceof PreVoteReply reply) {
                    """)),
          LeadershipBugs::theLongestLogIsInTheLowerTerm,
          Stories.LIVENESS);

  private static final PlantedBug PRE_VOTE_AGAINST_A_LIVE_LEADER =
      new PlantedBug(
          "pre-vote-against-a-live-leader",
          "#22",
          "A member that hears its leader helps another that does not to depose it.",
          List.of(
              consensus("Role", "            && !leaderIsAlive\n", ""),
              consensus(
                  "RaftCore",
                  "return owesSilence(now) && !request.transfer() && !repeated;",
                  "return false;")),
          LeadershipBugs::oneMemberIsCutOffTheLeaderOnly,
          "I10");

  private static final PlantedBug NO_CHECK_QUORUM =
      new PlantedBug(
          "no-check-quorum",
          "#23",
          "A leader that nobody answers goes on leading.",
          List.of(consensus("Leader", "if (!authority.quorumIsAlive(now)) {", "if (false) {")),
          LeadershipBugs::everybodyHearsTheLeaderAndItHearsNobody,
          Stories.LIVENESS);

  private static final PlantedBug ROLLBACK_ON_STEP_DOWN =
      new PlantedBug(
          "rollback-on-step-down",
          "#24",
          "A member that becomes follower in a new term removes what it does not know as committed.",
          List.of(
              consensus(
                  "RaftCore",
                  "      votedFor = null;\n",
                  """
                          votedFor = null;
                          if (log.lastIndex() > commitIndex) {
                            log.truncateFrom(commitIndex + 1);
                          }
                    """)),
          LeadershipBugs::aFollowerHearsANewTermBeforeTheCommit,
          "I5");

  private LeadershipBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        LEADER_KEEPS_LEADING,
        PRE_VOTE_HIDES_TERMS,
        PRE_VOTE_AGAINST_A_LIVE_LEADER,
        NO_CHECK_QUORUM,
        ROLLBACK_ON_STEP_DOWN);
  }

  /** n3 has voted for n2 in term 2 when it answers n1's heartbeat of term 1. */
  private static void aDeposedLeaderHearsOfItsSuccessor() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.member("n1").timeOut();
    group.campaign("n2", "n3");
    group.bring("n1", "n3", Heartbeat.class);
    group.bring("n3", "n1", HeartbeatReply.class);
    group.settle();
  }

  /**
   * n2 is alone in term 2 with a short log, n1 and n3 commit in term 1; then n3 is gone for good,
   * and n1 and n2 are a quorum only together.
   */
  private static void theLongestLogIsInTheLowerTerm() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.pass(2 * HandMovedGroup.ELECTION_TIMEOUT);
    group.becomeCandidate("n2", "n3");
    group.lose("n2", "n1", VoteRequest.class);
    group.lose("n2", "n3", VoteRequest.class);
    group.member("n1").propose("a");
    group.settleAmong("n1", "n3");
    group.crash("n3");
    group.crash("n1");
    group.restart("n1");
    for (int i = 0; i < 20 && !group.member("n1").isLeader(); i++) {
      group.member(i % 2 == 0 ? "n1" : "n2").timeOut();
      group.settleAmong("n1", "n2");
    }
    Stories.require(
        group.member("n1").isLeader(), Stories.LIVENESS, "n1 and n2 elect nobody, for ever");
  }

  /** n2 is the bridge between n1, which leads, and n3, which does not hear it. */
  private static void oneMemberIsCutOffTheLeaderOnly() {
    SimCluster cluster = Stories.ledByFirst(Stories.options());
    long term = cluster.node("n1").term();
    cluster.network().cut("n1", "n3");
    cluster.run(CUT_MS);
    Stories.require(
        cluster.node("n1").isLeader() && cluster.node("n1").term() == term,
        Stories.STABILITY,
        "n3 has deposed a leader that n2 hears");
  }

  private static void everybodyHearsTheLeaderAndItHearsNobody() {
    SimCluster cluster = Stories.ledByFirst(Stories.options());
    long before = cluster.node("n1").commitIndex();
    cluster.network().cutOneWay("n2", "n1");
    cluster.network().cutOneWay("n3", "n1");
    cluster.clients().start(50);
    cluster.run(CUT_MS);
    SimNode leader = cluster.leader();
    Stories.require(
        leader != null && leader.commitIndex() > before,
        Stories.LIVENESS,
        "n1 leads for ever and commits nothing, while n2 and n3 are a quorum");
  }

  /** n3's request for a vote reaches n2 when n1 has committed by n2's answer, unknown to n2. */
  private static void aFollowerHearsANewTermBeforeTheCommit() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.pass(2 * HandMovedGroup.ELECTION_TIMEOUT);
    group.becomeCandidate("n3", "n2");
    group.member("n1").propose("a");
    group.settleAmong("n1", "n2");
    group.pass(HandMovedGroup.ELECTION_TIMEOUT);
    group.bring("n3", "n2", VoteRequest.class);
    group.settleAmong("n2", "n3");
  }
}
