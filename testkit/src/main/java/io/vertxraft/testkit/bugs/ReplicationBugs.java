package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.RaftMessage;
import java.util.List;

/** Bugs of followers: what they append, remove, confirm, and take for committed. */
final class ReplicationBugs {
  private static final String PREV_CHECK =
      """
          if (prev >= log.firstIndex() - 1 && log.termAt(prev) != message.prevLogTerm()) {
            refuseConflict(from, prev);
            return;
          }
      """;

  private static final PlantedBug HEARTBEAT_COMMITS_UNPROVEN_ENTRIES =
      new PlantedBug(
          "heartbeat-commits-unproven-entries",
          "#12",
          "A heartbeat commits whatever the follower has at the leader's commit index.",
          List.of(
              consensus(
                  "Authority",
                  "Math.min(core.commitIndex(), follower.matchIndex());",
                  "core.commitIndex();"),
              consensus(
                  "Follower",
                  "commitTo(Math.min(message.commitIndex(), verifiedIndex));",
                  "commitTo(Math.min(message.commitIndex(), core.log().lastIndex()));")),
          ReplicationBugs::anOldLeaderHearsAHeartbeat,
          "I7");

  private static final PlantedBug APPEND_COMMITS_UNPROVEN_ENTRIES =
      new PlantedBug(
          "append-commits-unproven-entries",
          "#12",
          "AppendEntries commits up to the follower's last entry, not to the last one it proves.",
          List.of(
              consensus(
                  "Follower",
                  "commitTo(Math.min(message.leaderCommit(), verifiedIndex));",
                  "commitTo(Math.min(message.leaderCommit(), log.lastIndex()));")),
          ReplicationBugs::anOldLeaderIsProbed,
          "I7");

  private static final PlantedBug FOLLOWER_CONFIRMS_ITS_LAST_INDEX =
      new PlantedBug(
          "follower-confirms-its-last-index",
          "#8",
          "A follower confirms its last index, not the last one the leader's message proves.",
          List.of(
              consensus(
                  "Follower",
                  "AppendEntriesReply.accepted(core.term(), verifiedIndex)",
                  "AppendEntriesReply.accepted(core.term(), log.lastIndex())")),
          ReplicationBugs::anOldLeaderAnswersAProbeBeforeACommit,
          "I7");

  private static final PlantedBug APPEND_WITHOUT_PREVIOUS_CHECK =
      new PlantedBug(
          "append-without-previous-check",
          "classic",
          "A follower appends whatever it gets, without a look at the entry before.",
          List.of(consensus("Follower", PREV_CHECK, "")),
          ReplicationBugs::aLeaderBelievesAFollowerToBeEqual,
          "I4");

  private static final PlantedBug EVERY_APPEND_TRUNCATES =
      new PlantedBug(
          "every-append-truncates",
          "classic",
          "A follower cuts its log at any entry it gets, also at those it holds already.",
          List.of(
              consensus("Follower", " || log.termAt(entry.index()) == entry.term()", ""),
              consensus(
                  "Follower",
                  "entry.index() > core.commitIndex() && entry.index() > verifiedIndex,",
                  "true,")),
          ReplicationBugs::anAppendIsRepeatedAfterALaterOne,
          "R-16");

  private static final PlantedBug REPAIR_NEVER_GOES_BACK =
      new PlantedBug(
          "repair-never-goes-back",
          "#14",
          "A leader whose probe is refused asks for the same place again.",
          List.of(
              consensus(
                  "Leader",
                  "return Math.max(1, Math.min(next, refused));",
                  "return Math.max(1, Math.min(next, refused) + 1);")),
          ReplicationBugs::aLeaderBelievesAFollowerToBeEqual,
          Stories.LIVENESS);

  private ReplicationBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        HEARTBEAT_COMMITS_UNPROVEN_ENTRIES,
        APPEND_COMMITS_UNPROVEN_ENTRIES,
        FOLLOWER_CONFIRMS_ITS_LAST_INDEX,
        APPEND_WITHOUT_PREVIOUS_CHECK,
        EVERY_APPEND_TRUNCATES,
        REPAIR_NEVER_GOES_BACK);
  }

  /**
   * n1 has an entry at index 2 that nobody else saw, n2 leads term 2 by n3's vote and has its own
   * entry there. n1 is back; nothing of term 2 has reached it.
   */
  private static HandMovedGroup anOldLeaderIsBack() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.member("n1").propose("stale");
    group.member("n1").sync();
    group.crash("n1");
    group.campaign("n2", "n3");
    group.restart("n1");
    return group;
  }

  private static void anOldLeaderHearsAHeartbeat() {
    HandMovedGroup group = anOldLeaderIsBack();
    group.settleAmong("n2", "n3");
    group.member("n2").timeOut();
    group.bring("n2", "n1", Heartbeat.class);
  }

  private static void anOldLeaderIsProbed() {
    HandMovedGroup group = anOldLeaderIsBack();
    group.settleAmong("n2", "n3");
    group.member("n2").timeOut();
    group.bring("n2", "n1", AppendEntries.class);
  }

  private static void anOldLeaderAnswersAProbeBeforeACommit() {
    HandMovedGroup group = anOldLeaderIsBack();
    group.member("n2").timeOut();
    group.bring("n2", "n1", AppendEntries.class);
    group.member("n1").sync();
    group.bring("n1", "n2", AppendEntriesReply.class);
  }

  /** n3 leads term 3 and takes n1 for equal up to index 2, where n1 has an entry of term 1. */
  private static void aLeaderBelievesAFollowerToBeEqual() {
    HandMovedGroup group = anOldLeaderIsBack();
    group.settleAmong("n2", "n3");
    group.crash("n2");
    group.campaign("n3", "n1");
    group.settleAmong("n1", "n3");
    Stories.require(
        group.member("n1").lastIndex() == group.member("n3").lastIndex(),
        Stories.LIVENESS,
        "n1 never gets the log of n3");
  }

  private static void anAppendIsRepeatedAfterALaterOne() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.member("n1").propose("a");
    group.repeat("n1", "n2", AppendEntries.class);
    List<RaftMessage> appends = group.setAside("n1", "n2", AppendEntries.class);
    group.putBack("n1", "n2", appends.subList(0, 1));
    group.member("n1").propose("b");
    group.settleAmong("n1", "n2");
    group.putBack("n1", "n2", appends.subList(1, 2));
    group.settleAmong("n1", "n2");
  }
}
