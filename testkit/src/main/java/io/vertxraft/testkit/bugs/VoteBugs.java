package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.List;

/** Bugs of votes: who gets them, how often, and how they are counted. */
final class VoteBugs {
  private static final PlantedBug VOTE_WITHOUT_LOG_CHECK =
      new PlantedBug(
          "vote-without-log-check",
          "classic",
          "Votes and pre-votes go to candidates whose log is behind.",
          List.of(
              consensus(
                  "RaftCore",
                  """
                        return lastLogTerm > log.lastTerm()
                            || (lastLogTerm == log.lastTerm() && lastLogIndex >= log.lastIndex());
                    """,
                  "    return true;\n")),
          VoteBugs::aMemberThatMissedACommitCampaigns,
          "I5");

  private static final PlantedBug VOTE_BY_LOG_LENGTH =
      new PlantedBug(
          "vote-by-log-length",
          "classic",
          "Voters compare the length of logs and not the term of their last entries.",
          List.of(
              consensus(
                  "RaftCore",
                  "return lastLogTerm > log.lastTerm()\n        ||",
                  "return lastLogIndex >= log.lastIndex()\n        ||")),
          VoteBugs::aLongLogOfAnOldTermCampaigns,
          "I5");

  private static final PlantedBug TWO_VOTES_IN_A_TERM =
      new PlantedBug(
          "two-votes-in-a-term",
          "classic",
          "A member that has given its vote gives it again to another candidate.",
          List.of(
              consensus(
                  "Role",
                  "boolean free = core.votedFor() == null || core.votedFor().equals(from);",
                  "boolean free = true;")),
          VoteBugs::twoCandidatesAskOneVoter,
          "I2");

  private static final PlantedBug VOTE_NOT_PERSISTED =
      new PlantedBug(
          "vote-not-persisted",
          "#10",
          "A vote given in a term that is known already is not written to disk.",
          List.of(
              consensus(
                  "RaftCore",
                  "votedFor = candidate;\n      hardStateChanged = true;",
                  "votedFor = candidate;")),
          VoteBugs::aVoterKnowsTheTermBeforeItVotes,
          "R-16");

  private static final PlantedBug TERM_NOT_PERSISTED =
      new PlantedBug(
          "term-not-persisted",
          "#10",
          "A term learned from another member is not written to disk.",
          List.of(
              consensus(
                  "RaftCore",
                  "votedFor = null;\n      hardStateChanged = true;",
                  "votedFor = null;")),
          VoteBugs::aMemberThatDidNotVoteHearsTheLeader,
          "R-16");

  private static final PlantedBug TERM_NOT_RAISED =
      new PlantedBug(
          "term-not-raised",
          "classic",
          "A member forgets its vote when it sees a higher term, but stays in its own term.",
          List.of(
              consensus("RaftCore", "term = newTerm;\n      votedFor = null;", "votedFor = null;")),
          VoteBugs::theFirstCandidateDiesAndAnotherAsks,
          "I2");

  private static final PlantedBug STALE_VOTE_COUNTED =
      new PlantedBug(
          "stale-vote-counted",
          "classic",
          "A vote given in an earlier term counts in the present one.",
          List.of(
              consensus(
                  "RaftCore",
                  "} else if (message.term() < term) {",
                  "} else if (message.term() < term && !(message instanceof VoteReply)) {")),
          VoteBugs::aVoteArrivesOneElectionLate,
          "I1");

  private static final PlantedBug OWN_VOTE_COUNTED_TWICE =
      new PlantedBug(
          "own-vote-counted-twice",
          "classic",
          "A candidate counts its own vote twice.",
          List.of(
              consensus(
                  "Candidate",
                  "switch (Quorum.tally(core.configuration(), votes)) {",
                  """
                    long given = 1 + votes.values().stream().filter(vote -> vote).count();
                        boolean enough =
                            given >= Quorum.majority(core.configuration().voters().size());
                        switch (enough ? Quorum.Tally.WON : Quorum.Tally.PENDING) {
                    """)),
          VoteBugs::twoCandidatesWithNoVoteButTheirOwn,
          "I1");

  private static final PlantedBug LEAD_BEFORE_OWN_VOTE_IS_DURABLE =
      new PlantedBug(
          "lead-before-own-vote-is-durable",
          "#11",
          "A candidate counts its own vote before it is on disk, and so leads a term twice.",
          List.of(
              consensus(
                  "RaftCore",
                  "    next.start(transfer);\n",
                  "    next.start(transfer);\n    next.persisted(Long.MAX_VALUE, now);\n")),
          VoteBugs::aLoneVoterLosesPowerRightAfterItsElection,
          "I1");

  private static final PlantedBug REPEATED_VOTE_REFUSED =
      new PlantedBug(
          "repeated-vote-refused",
          "#24",
          "A vote request that the network repeats is refused to the very candidate voted for.",
          List.of(
              consensus(
                  "Role",
                  "boolean free = core.votedFor() == null || core.votedFor().equals(from);",
                  "boolean free = core.votedFor() == null;")),
          VoteBugs::theFirstGrantIsLostAndTheRequestRepeated,
          Stories.SAME_ANSWER);

  private static final PlantedBug MAJORITY_OF_AN_EVEN_GROUP =
      new PlantedBug(
          "majority-of-an-even-group",
          "classic",
          "Half of a group of even size counts as its majority.",
          List.of(consensus("Quorum", "voters / 2 + 1", "(voters + 1) / 2")),
          VoteBugs::bothHalvesOfFourElect,
          "I1");

  private VoteBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        VOTE_WITHOUT_LOG_CHECK,
        VOTE_BY_LOG_LENGTH,
        TWO_VOTES_IN_A_TERM,
        VOTE_NOT_PERSISTED,
        TERM_NOT_PERSISTED,
        TERM_NOT_RAISED,
        STALE_VOTE_COUNTED,
        OWN_VOTE_COUNTED_TWICE,
        LEAD_BEFORE_OWN_VOTE_IS_DURABLE,
        REPEATED_VOTE_REFUSED,
        MAJORITY_OF_AN_EVEN_GROUP);
  }

  /** n1 commits with n2 and dies; n3, which saw nothing of it, asks n2. */
  private static void aMemberThatMissedACommitCampaigns() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.member("n1").propose("a");
    group.settleAmong("n1", "n2");
    group.crash("n1");
    group.campaign("n3", "n2");
  }

  /** n1 has three entries that nobody saw; meanwhile the others commit one of a later term. */
  private static void aLongLogOfAnOldTermCampaigns() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    for (String command : List.of("a", "b", "c")) {
      group.member("n1").propose(command);
    }
    group.member("n1").sync();
    group.crash("n1");
    group.campaign("n2", "n3");
    group.settleAmong("n2", "n3");
    group.crash("n2");
    group.restart("n1");
    group.campaign("n1", "n3");
  }

  private static void twoCandidatesAskOneVoter() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.becomeCandidate("n1", "n3");
    group.becomeCandidate("n2", "n3");
    group.bring("n1", "n3", VoteRequest.class);
    group.member("n3").sync();
    group.bring("n2", "n3", VoteRequest.class);
    group.member("n3").sync();
  }

  /** n2 learns of term 1 by a refused pre-vote; only then n1's request for its vote arrives. */
  private static void aVoterKnowsTheTermBeforeItVotes() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.becomeCandidate("n1", "n3");
    group.member("n2").timeOut();
    group.bring("n2", "n1", PreVoteRequest.class);
    group.bring("n1", "n2", PreVoteReply.class);
    group.member("n2").sync();
    group.bring("n1", "n2", VoteRequest.class);
    group.member("n2").sync();
  }

  private static void aMemberThatDidNotVoteHearsTheLeader() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.campaign("n1", "n3");
    group.bring("n1", "n2", AppendEntries.class);
    group.member("n2").sync();
  }

  private static void theFirstCandidateDiesAndAnotherAsks() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.campaign("n1", "n2");
    group.crash("n1");
    group.campaign("n3", "n2");
  }

  /** n2's vote for n1 in term 1 arrives when n1 campaigns in term 2, which n3 wins. */
  private static void aVoteArrivesOneElectionLate() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.becomeCandidate("n1", "n3");
    group.bring("n1", "n2", VoteRequest.class);
    group.member("n2").sync();
    List<RaftMessage> late = group.setAside("n2", "n1", VoteReply.class);
    group.loseAll();
    group.member("n1").timeOut();
    group.becomeCandidate("n1", "n3");
    group.loseAll();
    group.campaign("n3", "n2");
    group.putBack("n2", "n1", late);
    group.bring("n2", "n1", VoteReply.class);
  }

  private static void twoCandidatesWithNoVoteButTheirOwn() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.becomeCandidate("n1", "n3");
    group.becomeCandidate("n2", "n3");
  }

  private static void aLoneVoterLosesPowerRightAfterItsElection() {
    HandMovedGroup group = new HandMovedGroup(1);
    group.member("n1").timeOut();
    group.crash("n1");
    group.restart("n1");
    group.elect("n1");
  }

  private static void theFirstGrantIsLostAndTheRequestRepeated() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.becomeCandidate("n1", "n3");
    group.repeat("n1", "n2", VoteRequest.class);
    List<RaftMessage> requests = group.setAside("n1", "n2", VoteRequest.class);
    group.putBack("n1", "n2", requests.subList(0, 1));
    group.bring("n1", "n2", VoteRequest.class);
    group.member("n2").sync();
    group.lose("n2", "n1", VoteReply.class);
    group.putBack("n1", "n2", requests.subList(1, 2));
    group.bring("n1", "n2", VoteRequest.class);
    group.member("n2").sync();
    group.bring("n2", "n1", VoteReply.class);
    Stories.require(
        group.member("n1").isLeader(),
        Stories.SAME_ANSWER,
        "n2 voted for n1 and refused when it was asked again");
  }

  private static void bothHalvesOfFourElect() {
    HandMovedGroup group = new HandMovedGroup(4);
    group.campaign("n1", "n2");
    group.campaign("n3", "n4");
  }
}
