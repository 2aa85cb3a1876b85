package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.consensus;

import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.RaftMessage;
import java.util.List;

/** Bugs of reads that do not go through the log: answers that are older than they may be. */
final class ReadBugs {
  private static final PlantedBug READ_INDEX_BEFORE_OWN_TERM =
      new PlantedBug(
          "read-index-before-own-term",
          "#2",
          "A new leader gives a read index before an entry of its own term is committed.",
          List.of(
              consensus(
                  "Authority",
                  "} else if (core.commitIndex() < firstOwnIndex) {",
                  "} else if (core.commitIndex() < 0) {")),
          ReadBugs::aNewLeaderDoesNotKnowWhatWasCommitted,
          Stories.FRESH);

  private static final PlantedBug READ_WITHOUT_QUORUM =
      new PlantedBug(
          "read-without-quorum",
          "#3",
          "A leader answers a read before a quorum has confirmed that it still leads.",
          List.of(
              consensus(
                  "Authority",
                  "reads.add(id, core.commitIndex(), lastSentAt);",
                  "core.effects().read(id, core.commitIndex());")),
          ReadBugs::aLeaderIsDeposedAndDoesNotKnow,
          Stories.FRESH);

  private static final PlantedBug READ_CONFIRMED_BY_OLD_ANSWERS =
      new PlantedBug(
          "read-confirmed-by-old-answers",
          "#4",
          "Late answers to an earlier round of heartbeats confirm a later read.",
          List.of(
              consensus(
                  "Authority",
                  "reads.add(id, core.commitIndex(), lastSentAt);",
                  "reads.add(id, core.commitIndex(), startedAt - 1);")),
          ReadBugs::anOldAnswerComesAfterTheRead,
          Stories.FRESH);

  private static final PlantedBug LEASE_READ_BY_ROLE_ALONE =
      new PlantedBug(
          "lease-read-by-role-alone",
          "#5",
          "A lease read looks at the role only, while the lease has run out.",
          List.of(
              consensus(
                  "Authority",
                  "if (byLease && lease(now).kind() == LeaseState.Kind.VALID) {",
                  "if (byLease && core.isReady()) {")),
          ReadBugs::aLeaseEndsAndAnotherLeads,
          Stories.FRESH);

  private ReadBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        READ_INDEX_BEFORE_OWN_TERM,
        READ_WITHOUT_QUORUM,
        READ_CONFIRMED_BY_OLD_ANSWERS,
        LEASE_READ_BY_ROLE_ALONE);
  }

  /** n1 commits by n3's answer and dies; n2 leads, and nobody has told it of the commit. */
  private static void aNewLeaderDoesNotKnowWhatWasCommitted() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.member("n1").propose("a");
    group.settleAmong("n1", "n2");
    long committed = group.member("n1").commitIndex();
    group.crash("n1");
    group.campaign("n2", "n3");
    group.member("n2").read(false);
    group.bring("n2", "n3", io.vertxraft.protocol.Heartbeat.class);
    group.bring("n3", "n2", HeartbeatReply.class);
    requireFresh(group, "n2", committed);
  }

  private static void aLeaderIsDeposedAndDoesNotKnow() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    long committed = commitElsewhere(group);
    group.member("n1").read(false);
    requireFresh(group, "n1", committed);
  }

  /** n2's answer to a heartbeat is on its way for long enough for n2 to be elected. */
  private static void anOldAnswerComesAfterTheRead() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    group.pass(HandMovedGroup.HEARTBEAT);
    group.member("n1").timeOut();
    group.bring("n1", "n2", io.vertxraft.protocol.Heartbeat.class);
    List<RaftMessage> late = group.setAside("n2", "n1", HeartbeatReply.class);
    long committed = commitElsewhere(group);
    group.member("n1").read(false);
    group.putBack("n2", "n1", late);
    group.bring("n2", "n1", HeartbeatReply.class);
    requireFresh(group, "n1", committed);
  }

  private static void aLeaseEndsAndAnotherLeads() {
    HandMovedGroup group = new HandMovedGroup(3);
    group.elect("n1");
    long committed = commitElsewhere(group);
    group.member("n1").read(true);
    requireFresh(group, "n1", committed);
  }

  /** Without n1, which has led until now, n2 is elected and commits; the index. */
  private static long commitElsewhere(HandMovedGroup group) {
    group.loseAll();
    group.campaign("n2", "n3");
    group.settleAmong("n2", "n3");
    group.member("n2").propose("new");
    group.settleAmong("n2", "n3");
    return group.member("n2").commitIndex();
  }

  private static void requireFresh(HandMovedGroup group, String reader, long committed) {
    for (long index : group.member(reader).granted()) {
      Stories.require(
          index >= committed,
          Stories.FRESH,
          "%s answers a read at %d, and %d was committed before"
              .formatted(reader, index, committed));
    }
  }
}
