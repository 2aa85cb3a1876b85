package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.RaftMessage;
import java.util.List;

/** Bugs of leaders: what they take for replicated, durable and committed. */
final class CommitBugs {
  private static final String OWN_TERM_CHECK =
      """
          if (log.termAt(index) != core.term()) {
            core.reached(Mark.OLD_TERM_NOT_COMMITTED);
            return;
          }
      """;

  private static final PlantedBug COMMIT_OF_EARLIER_TERMS =
      new PlantedBug(
          "commit-of-earlier-terms",
          "#1",
          "A leader commits entries of earlier terms by counting their copies.",
          List.of(consensus("Leader", OWN_TERM_CHECK, "")),
          CommitBugs::figure8,
          "I7");

  private static final PlantedBug COMMIT_WITHOUT_QUORUM =
      new PlantedBug(
          "commit-without-quorum",
          "classic",
          "A leader commits what one member less than a quorum holds.",
          List.of(
              consensus(
                  "Quorum",
                  "return values[values.length - majority(values.length)];",
                  "return values[Math.min(values.length - 1, values.length / 2 + 1)];")),
          CommitBugs::aLeaderHearsNobody,
          "I7");

  private static final PlantedBug MATCH_INDEX_STARTS_AT_LAST =
      new PlantedBug(
          "match-index-starts-at-last",
          "#21",
          "A new leader takes everybody's match index for its own last index.",
          List.of(
              consensus(
                  "Progress",
                  "    this.nextIndex = nextIndex;\n",
                  "    this.matchIndex = nextIndex;\n    this.nextIndex = nextIndex + 1;\n")),
          CommitBugs::aLeaderHearsNobody,
          "I7");

  private static final PlantedBug PROGRESS_OF_AN_EARLIER_REIGN =
      new PlantedBug(
          "progress-of-an-earlier-reign",
          "#21",
          "A member that leads again goes on with what it knew of its followers when it led last.",
          List.of(
              consensus(
                  "RaftCore",
                  "  private long announcedTerm = -1;\n",
                  """
                      private long announcedTerm = -1;
                      final java.util.Map<String, Progress> remembered = new java.util.TreeMap<>();
                    """),
              consensus(
                  "Leader",
                  "followers.put(member, new Progress(member, firstOwnIndex, window, clock, now));",
                  """
                    followers.put(
                                member,
                                core.remembered.computeIfAbsent(
                                    member, id -> new Progress(id, firstOwnIndex, window, clock, now)));
                    """)),
          CommitBugs::aLeaderIsDeposedAndLeadsAgain,
          "I7");

  private static final PlantedBug STALE_CONFIRMATION_COUNTED =
      new PlantedBug(
          "stale-confirmation-counted",
          "classic",
          "A follower's answer to an AppendEntries of an earlier term counts in the present one.",
          List.of(
              consensus(
                  "RaftCore",
                  "} else if (message.term() < term) {",
                  """
                    } else if (message.term() < term
                            && !(message instanceof AppendEntriesReply late && late.accepted())) {
                    """)),
          CommitBugs::aConfirmationArrivesTwoTermsLate,
          "I7");

  private static final PlantedBug LEADER_COUNTS_BEFORE_ITS_DISK =
      new PlantedBug(
          "leader-counts-before-its-disk",
          "#9",
          "A leader counts itself for entries that are not on its disk yet.",
          List.of(
              consensus(
                  "Leader",
                  "? core.log().durableIndex() : followers",
                  "? core.log().lastIndex() : followers")),
          CommitBugs::theLeadersDiskIsSlow,
          "I7");

  private static final PlantedBug LONE_VOTER_COMMITS_BEFORE_ITS_DISK =
      new PlantedBug(
          "lone-voter-commits-before-its-disk",
          "#7",
          "A group of one commits a command while its write is under way.",
          List.of(
              consensus(
                  "Leader",
                  "core.log().append(codec.seal("
                      + "bytes, core.log().lastIndex() + 1, core.term(), type));",
                  """
                    core.log().append(
                            codec.seal(bytes, core.log().lastIndex() + 1, core.term(), type));
                        if (core.isLoneVoter()) {
                          core.commitTo(core.log().lastIndex());
                        }
                    """)),
          CommitBugs::aLoneVotersDiskIsSlow,
          "I7");

  private static final PlantedBug WRITE_OUTLIVES_ITS_TRUNCATION =
      new PlantedBug(
          "write-outlives-its-truncation",
          "#24",
          "A leader's first message carries entries, which is allowed, and a write that completes"
              + " after its entries were truncated still counts them as durable, which is not.",
          List.of(
              consensus(
                  "Leader",
                  "build(follower.nextIndex(), List.of())",
                  """
                    build(
                                  follower.nextIndex(),
                                  core.log()
                                      .cachedFrom(
                                          follower.nextIndex(),
                                          core.settings().appendEntriesMax(),
                                          core.settings().appendBytesMax()))
                    """),
              consensus(
                  "LogView",
                  "issued.forEach("
                      + "write -> write.lastIndex = Math.min(write.lastIndex, index - 1));",
                  "")),
          CommitBugs::aDeposedLeadersWriteCompletesLate,
          "R-16");

  private static final PlantedBug DURABLE_MARK_SURVIVES_TRUNCATION =
      new PlantedBug(
          "durable-mark-survives-truncation",
          "#24",
          "A deposed leader keeps its durable mark when its log is truncated.",
          List.of(
              consensus(
                  "LogView", "      durableIndex = Math.min(durableIndex, index - 1);\n", "")),
          CommitBugs::aDeposedLeadersDurableEntriesAreReplaced,
          Stories.SELF);

  private CommitBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        COMMIT_OF_EARLIER_TERMS,
        COMMIT_WITHOUT_QUORUM,
        MATCH_INDEX_STARTS_AT_LAST,
        PROGRESS_OF_AN_EARLIER_REIGN,
        STALE_CONFIRMATION_COUNTED,
        LEADER_COUNTS_BEFORE_ITS_DISK,
        LONE_VOTER_COMMITS_BEFORE_ITS_DISK,
        WRITE_OUTLIVES_ITS_TRUNCATION,
        DURABLE_MARK_SURVIVES_TRUNCATION);
  }

  /**
   * Figure 8 of the Raft paper, the members named n1 to n5. The entry of term 1 comes to a majority
   * in term 3 and must not count: n5 may still lead and replace it.
   */
  private static void figure8() {
    HandMovedGroup group = new HandMovedGroup(5, 1);
    group.elect("n1");
    group.member("n1").propose("a");
    group.bring("n1", "n2", AppendEntries.class);
    group.member("n1").sync();
    group.member("n2").sync();
    group.crash("n1");
    group.campaign("n5", "n3", "n4");
    group.crash("n5");
    group.restart("n1");
    group.loseAll();
    group.campaign("n1", "n2", "n3");
    group.settleAmong("n1", "n2");
    while (group.member("n3").disk().lastIndex() < 2) {
      group.bring("n1", "n3", AppendEntries.class);
      group.member("n3").syncUpTo(2);
      group.bring("n3", "n1", AppendEntriesReply.class);
    }
    group.crash("n1");
    group.crash("n3");
    group.restart("n3");
    group.restart("n5");
    group.campaign("n5", "n3", "n4");
    group.settleAmong("n2", "n3", "n4", "n5");
  }

  private static void aLeaderHearsNobody() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.campaign("n1", "n2");
    group.member("n1").sync();
  }

  /** n1's first reign ends before its commands are committed; n3's entry replaces them. */
  private static void aLeaderIsDeposedAndLeadsAgain() {
    HandMovedGroup group = new HandMovedGroup(5);
    group.elect("n1");
    group.member("n1").propose("a");
    group.member("n1").propose("b");
    group.settleAmong("n1", "n2");
    replaceAndLeadAgain(group);
  }

  /** As above, but n2's confirmation of n1's commands comes only when n1 leads again. */
  private static void aConfirmationArrivesTwoTermsLate() {
    HandMovedGroup group = new HandMovedGroup(5);
    group.elect("n1");
    group.member("n1").propose("a");
    group.member("n1").propose("b");
    group.bring("n1", "n2", AppendEntries.class);
    group.member("n2").sync();
    final List<RaftMessage> late = group.setAside("n2", "n1", AppendEntriesReply.class);
    replaceAndLeadAgain(group);
    group.putBack("n2", "n1", late);
    group.bring("n2", "n1", AppendEntriesReply.class);
  }

  /**
   * n3 replaces everything after the first entry; then n1 leads. n2 answers its heartbeats, and n4
   * alone gets its entries.
   */
  private static void replaceAndLeadAgain(HandMovedGroup group) {
    group.campaign("n3", "n4", "n5");
    group.settle();
    group.crash("n3");
    group.campaign("n1", "n4", "n5");
    for (int i = 0; i < 2; i++) {
      group.bring("n1", "n2", Heartbeat.class);
      group.bring("n2", "n1", HeartbeatReply.class);
      group.settleAmong("n1", "n4");
      group.member("n1").timeOut();
    }
    group.settleAmong("n1", "n4");
  }

  private static void theLeadersDiskIsSlow() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.member("n1").propose("a");
    group.bring("n1", "n2", AppendEntries.class);
    group.member("n2").sync();
    group.bring("n2", "n1", AppendEntriesReply.class);
  }

  private static void aLoneVotersDiskIsSlow() {
    HandMovedGroup group = new HandMovedGroup(1);
    group.elect("n1");
    group.member("n1").propose("a");
  }

  /**
   * n1's write of three commands is under way when n2's first entry replaces them. A leader whose
   * first message carries nothing does not get here: the answer to it waits for that write, and the
   * entries wait for the answer. So the bug changes that, too.
   */
  private static void aDeposedLeadersWriteCompletesLate() {
    HandMovedGroup group = aLeaderHasThreeCommandsOfItsOwn();
    group.bring("n2", "n1", AppendEntries.class);
    group.member("n1").sync();
  }

  /** n1's three commands are on its disk alone when n2's first entry replaces them. */
  private static void aDeposedLeadersDurableEntriesAreReplaced() {
    HandMovedGroup group = aLeaderHasThreeCommandsOfItsOwn();
    group.member("n1").sync();
    group.settle();
  }

  /** n1 has appended three commands, nothing of it is on disk, and n2 leads by n3's vote. */
  private static HandMovedGroup aLeaderHasThreeCommandsOfItsOwn() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    for (String command : List.of("a", "b", "c")) {
      group.member("n1").propose(command);
    }
    group.loseAll();
    group.campaign("n2", "n3");
    return group;
  }
}
