package io.vertxraft.testkit.spec;

import static io.vertxraft.testkit.spec.TraceScript.accepted;
import static io.vertxraft.testkit.spec.TraceScript.entries;
import static io.vertxraft.testkit.spec.TraceScript.entry;
import static io.vertxraft.testkit.spec.TraceScript.heartbeat;
import static io.vertxraft.testkit.spec.TraceScript.now;
import static io.vertxraft.testkit.spec.TraceScript.refused;
import static io.vertxraft.testkit.spec.TraceScript.voteReply;
import static io.vertxraft.testkit.spec.TraceScript.whenDurable;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Histories that break a rule of logs and commits: each breaks one, in its last line. */
class BrokenLogsTest {
  private final TraceScript group = TraceScript.group("n1", "n2", "n3");

  @Test
  void aLeaderThatOverwritesItsLog() {
    group
        .elects("n1", "n2")
        .propose("n1", "a")
        .step("n1", "propose", m -> m.truncate(2).append("b"))
        .breaks(SpecRule.LEADER_APPEND_ONLY);
  }

  @Test
  void aNewLeaderThatTruncates() {
    group.elects("n1", "n2").propose("n1", "a").turn("n1").campaignsAgain("n1").votes("n2", "n1");
    group
        .receive("n1", "n2", voteReply(2, true), m -> m.truncate(2).lead())
        .breaks(SpecRule.LEADER_APPEND_ONLY);
  }

  @Test
  void aLeaderThatAppendsForAnotherTerm() {
    group
        .elects("n1", "n2")
        .step("n1", "propose", m -> m.append(entry(2, 7, "a")))
        .breaks(SpecRule.LOG_EXPLAINED);
  }

  @Test
  void aFollowerThatAppendsByItself() {
    group.propose("n1", "a").breaks(SpecRule.LOG_EXPLAINED);
  }

  @Test
  void aHeartbeatThatTruncates() {
    group
        .elects("n1", "n2")
        .replicates("n1", "n2", 0)
        .turn("n1", now("n2", heartbeat(1, 0, 0, 7)))
        .receive("n2", "n1", heartbeat(1, 0, 0, 7), m -> m.truncate(1))
        .breaks(SpecRule.LOG_EXPLAINED);
  }

  @Test
  void entriesThatDoNotFitTakenOver() {
    group.elects("n1", "n2").propose("n1", "a");
    JsonObject message = group.sends("n1", "n2", 1);
    group
        .receive("n2", "n1", message, m -> m.leader("n1").append(entry(1, 1, "?")).take(message))
        .breaks(SpecRule.CONSISTENCY_CHECK);
  }

  @Test
  void aConflictLeftInPlaceAndConfirmed() {
    JsonObject message = conflict();
    long last = message.getLong("prevLogIndex") + message.getJsonArray("entries").size();
    group
        .receive("n1", "n3", message, m -> m.follow(2).leader("n3"))
        .turn("n1", whenDurable("n3", accepted(2, last)))
        .breaks(SpecRule.REPLY_MATCH);
  }

  @Test
  void aRepairThatRemovesMoreThanTheConflict() {
    group.elects("n1", "n2").propose("n1", "a", "b").turn("n1").replicates("n1", "n2", 0);
    JsonObject again = group.sends("n1", "n2", 0);
    JsonObject first = entries(1, 0, 0, 0, entry(1, 1, "no-op of 1"));
    group
        .receive("n2", "n1", again)
        .turn("n1", now("n2", first))
        .receive("n2", "n1", first, m -> m.truncate(2))
        .breaks(SpecRule.CONFLICT_REPAIR);
  }

  @Test
  void staleEntriesTakenOver() {
    group.elects("n1", "n2").campaigns("n3").campaigns("n3");
    JsonObject message = group.sends("n1", "n3", 0);
    group.receive("n3", "n1", message, m -> m.take(message)).breaks(SpecRule.DROP_STALE);
  }

  @Test
  void staleEntriesAccepted() {
    group.elects("n1", "n2").campaigns("n3").campaigns("n3");
    group
        .receive("n3", "n1", group.sends("n1", "n3", 0))
        .turn("n3", whenDurable("n1", accepted(2, 1)))
        .breaks(SpecRule.REPLY_MATCH);
  }

  @Test
  void anAcceptanceOfWhatIsNotInTheLog() {
    group.elects("n1", "n2").propose("n1", "a");
    JsonObject message = group.sends("n1", "n2", 0);
    group
        .receive("n2", "n1", message, m -> m.leader("n1").take(message))
        .turn("n2", whenDurable("n1", accepted(1, 3)))
        .breaks(SpecRule.REPLY_MATCH);
  }

  @Test
  void anAcceptanceOfAnUncheckedSuffix() {
    conflict();
    JsonObject probe = entries(2, 0, 0, 0);
    group
        .turn("n3", now("n1", probe))
        .receive("n1", "n3", probe, m -> m.follow(2).leader("n3"))
        .turn("n1", whenDurable("n3", accepted(2, 2)))
        .breaks(SpecRule.REPLY_MATCH);
  }

  @Test
  void aRefusalOfEntriesThatFit() {
    group.elects("n1", "n2").replicates("n1", "n2", 0).propose("n1", "a");
    JsonObject message = group.sends("n1", "n2", 1);
    group
        .receive("n2", "n1", message, m -> m.take(message))
        .turn("n2", now("n1", refused(1, 1)))
        .breaks(SpecRule.REPLY_REFUSED);
  }

  @Test
  void entriesSentThatAreNotInTheLog() {
    group
        .elects("n1", "n2")
        .turn("n1", now("n2", entries(1, 0, 0, 0, entry(1, 1, "another"))))
        .breaks(SpecRule.SENT_ENTRIES);
  }

  @Test
  void entriesSentAfterATermThatIsNotInTheLog() {
    group
        .elects("n1", "n2")
        .turn("n1", now("n2", entries(1, 1, 7, 0)))
        .breaks(SpecRule.SENT_ENTRIES);
  }

  @Test
  void aCommitIndexToldBeforeItIsTrue() {
    group
        .elects("n1", "n2")
        .turn("n1", now("n2", entries(1, 1, 1, 1)))
        .breaks(SpecRule.SENT_COMMIT);
  }

  @Test
  void aHeartbeatThatTellsWhatTheFollowerMayNotHold() {
    group
        .elects("n1", "n2")
        .replicates("n1", "n2", 0)
        .step("n1", "tick", m -> m.commit(1))
        .turn("n1", now("n3", heartbeat(1, 1, 1, 7)))
        .breaks(SpecRule.SENT_COMMIT);
  }

  @Test
  void twoEntriesOfTheSameIndexAndTerm() {
    TraceScript old = TraceScript.unstarted("n1", "n2", "n3");
    old.start("n1", m -> m.term(1).append(entry(1, 1, "a")))
        .start("n2", m -> m.term(1).append(entry(1, 1, "b")))
        .breaks(SpecRule.LOG_MATCHING);
  }

  @Test
  void aCommitOfAnOldTermByCounting() {
    group.elects("n1", "n2").propose("n1", "a").turn("n1").persisted("n1");
    group.campaignsAgain("n1").votes("n3", "n1").leads("n1", "n3");
    JsonObject message = entries(2, 0, 0, 0, entry(1, 1, "no-op of 1"), entry(2, 1, "a"));
    group
        .turn("n1", now("n2", message))
        .receive("n2", "n1", message, m -> m.follow(2).leader("n1").take(message))
        .turn("n2", whenDurable("n1", accepted(2, 2)))
        .persisted("n2")
        .receive("n1", "n2", accepted(2, 2), m -> m.commit(2))
        .breaks(SpecRule.COMMIT_OWN_TERM);
  }

  @Test
  void aCommitThatOnlyTheLeaderHolds() {
    group.elects("n1", "n2").tick("n1", m -> m.commit(1)).breaks(SpecRule.COMMIT_QUORUM);
  }

  @Test
  void aCommitBeforeTheLeadersOwnDiskHasIt() {
    group.elects("n1", "n2").propose("n1", "a");
    JsonObject message = group.sends("n1", "n2", 0);
    group
        .receive("n2", "n1", message, m -> m.leader("n1").take(message))
        .turn("n2", whenDurable("n1", accepted(1, 2)))
        .persisted("n2")
        .receive("n1", "n2", accepted(1, 2), m -> m.commit(2))
        .breaks(SpecRule.COMMIT_QUORUM);
  }

  @Test
  void aCommitByAnAcknowledgementOfAnEarlierTerm() {
    group.elects("n1", "n2");
    JsonObject message = group.sends("n1", "n2", 0);
    group
        .receive("n2", "n1", message, m -> m.leader("n1").take(message))
        .turn("n2", whenDurable("n1", accepted(1, 1)))
        .persisted("n2")
        .campaignsAgain("n1")
        .votes("n2", "n1")
        .leads("n1", "n2")
        .receive("n1", "n2", accepted(1, 1), m -> m.commit(2))
        .breaks(SpecRule.DROP_STALE);
  }

  @Test
  void aFollowerThatCommitsMoreThanWasChecked() {
    conflict();
    group.replicates("n3", "n2", 0).tick("n3", m -> m.commit(2));
    JsonObject empty = entries(2, 0, 0, 2);
    group
        .turn("n3", now("n1", empty))
        .receive("n1", "n3", empty, m -> m.follow(2).leader("n3").commit(2))
        .breaks(SpecRule.FOLLOWER_COMMIT);
  }

  @Test
  void aFollowerThatCommitsByItself() {
    group
        .elects("n1", "n2")
        .replicates("n1", "n2", 0)
        .tick("n2", m -> m.commit(1))
        .breaks(SpecRule.FOLLOWER_COMMIT);
  }

  @Test
  void aCommitIndexThatGoesBack() {
    committed().tick("n1", m -> m.commit(0)).breaks(SpecRule.COMMIT_NEVER_BACK);
  }

  @Test
  void aCommittedEntryRemoved() {
    committed()
        .turn("n1", now("n2", heartbeat(1, 1, 1, 7)))
        .receive("n2", "n1", heartbeat(1, 1, 1, 7), m -> m.truncate(1))
        .breaks(SpecRule.COMMITTED_STAYS);
  }

  @Test
  void twoCommittedEntriesAtAnIndex() {
    TraceScript old = TraceScript.unstarted("n1", "n2", "n3");
    old.start("n1", m -> m.term(2).append(entry(1, 1, "a")).commit(1))
        .start("n2", m -> m.term(2).append(entry(1, 2, "b")).commit(1))
        .breaks(SpecRule.COMMITTED_SAME);
  }

  @Test
  void anAppliedEntryThatIsNotCommitted() {
    group.elects("n1", "n2").applied("n1", 1).breaks(SpecRule.APPLY_COMMITTED);
  }

  @Test
  void anEntryAppliedTwice() {
    committed().applied("n1", 1).applied("n1", 0).breaks(SpecRule.APPLY_COMMITTED);
  }

  @Test
  void anIndexReportedThatIsNotTheLogs() {
    group.elects("n1", "n2");
    group.step("n1", "tick", m -> m.claimLast(9)).breaks(SpecRule.STATE_MATCHES_LOG);
  }

  @Test
  void anEntryAtTheWrongPlace() {
    group
        .elects("n1", "n2")
        .step("n1", "propose", m -> m.append(entry(7, 1, "a")))
        .breaks(SpecRule.STATE_MATCHES_LOG);
  }

  @Test
  void aTruncationBeyondTheEnd() {
    group
        .elects("n1", "n2")
        .step("n1", "propose", m -> m.truncate(2))
        .breaks(SpecRule.STATE_MATCHES_LOG);
  }

  @Test
  void aLastTermThatIsNotTheLogs() {
    group.elects("n1", "n2").tick("n1", m -> m.claimLastTerm(9)).breaks(SpecRule.STATE_MATCHES_LOG);
  }

  @Test
  void aCommitIndexBeyondTheLog() {
    group.elects("n1", "n2").tick("n1", m -> m.commit(9)).breaks(SpecRule.STATE_MATCHES_LOG);
  }

  /** n1 leads with one committed entry, which n2 holds. */
  private TraceScript committed() {
    return group.elects("n1", "n2").replicates("n1", "n2", 0).tick("n1", m -> m.commit(1));
  }

  /** n1 holds entries of term 1, n3 leads in term 2; its entries are on their way to n1. */
  private JsonObject conflict() {
    group.elects("n1", "n2").propose("n1", "a").turn("n1").persisted("n1");
    group.campaigns("n3").elects("n3", "n2").propose("n3", "b");
    JsonObject message = group.sends("n3", "n1", 0);
    group.persisted("n3");
    return message;
  }
}
