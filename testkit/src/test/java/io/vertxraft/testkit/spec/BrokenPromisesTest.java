package io.vertxraft.testkit.spec;

import static io.vertxraft.testkit.spec.TraceScript.accepted;
import static io.vertxraft.testkit.spec.TraceScript.entry;
import static io.vertxraft.testkit.spec.TraceScript.now;
import static io.vertxraft.testkit.spec.TraceScript.voteReply;
import static io.vertxraft.testkit.spec.TraceScript.voteRequest;
import static io.vertxraft.testkit.spec.TraceScript.whenDurable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories that break a rule of lives, disks and messages: each breaks one, in its last line. */
class BrokenPromisesTest {
  private final TraceScript group = TraceScript.group("n1", "n2", "n3");

  @Test
  void aMessageNeverSent() {
    group
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1))
        .breaks(SpecRule.RECEIVED_WAS_SENT);
  }

  @Test
  void aMessageSentToAnother() {
    group
        .tick("n1", m -> m.campaign())
        .turn("n1", whenDurable("n3", voteRequest(1, 0, 0)))
        .persisted("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1))
        .breaks(SpecRule.RECEIVED_WAS_SENT);
  }

  @Test
  void aMessageWithAnotherContent() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 5, 1), m -> m.follow(1))
        .breaks(SpecRule.RECEIVED_WAS_SENT);
  }

  @Test
  void aMessageToAStranger() {
    group
        .tick("n1", m -> m.campaign())
        .turn("n1", whenDurable("n9", voteRequest(1, 0, 0)))
        .breaks(SpecRule.SAME_VOTERS);
  }

  @Test
  void aVoteThatLeavesAtOnce() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1).vote("n1"))
        .turn("n2", now("n1", voteReply(1, true)))
        .breaks(SpecRule.DURABLE_BEFORE_SENT);
  }

  @Test
  void aCandidatureThatLeavesAtOnce() {
    group
        .tick("n1", m -> m.campaign())
        .turn("n1", now("n2", voteRequest(1, 0, 0)))
        .breaks(SpecRule.DURABLE_BEFORE_SENT);
  }

  @Test
  void anAcceptanceThatLeavesAtOnce() {
    group.elects("n1", "n2");
    JsonObject message = group.sends("n1", "n2", 0);
    group
        .receive("n2", "n1", message, m -> m.leader("n1").take(message))
        .turn("n2", now("n1", accepted(1, 1)))
        .breaks(SpecRule.DURABLE_BEFORE_SENT);
  }

  @Test
  void aVoteDeliveredBeforeItIsDurable() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1).vote("n1"))
        .turn("n2", whenDurable("n1", voteReply(1, true)))
        .receive("n1", "n2", voteReply(1, true), m -> m.lead())
        .breaks(SpecRule.DURABLE_BEFORE_SENT);
  }

  @Test
  void anAcceptanceDeliveredWhenOnlyAnEarlierWriteIsDurable() {
    group.elects("n1", "n2");
    JsonObject first = group.sends("n1", "n2", 0);
    group.propose("n1", "a");
    JsonObject second = group.sends("n1", "n2", 1);
    group
        .receive("n2", "n1", first, m -> m.leader("n1").take(first))
        .turn("n2", whenDurable("n1", accepted(1, 1)))
        .receive("n2", "n1", second, m -> m.take(second))
        .turn("n2", whenDurable("n1", accepted(1, 2)))
        .persisted("n2", m -> m.durable(1))
        .receive("n1", "n2", accepted(1, 1))
        .receive("n1", "n2", accepted(1, 2))
        .breaks(SpecRule.DURABLE_BEFORE_SENT);
  }

  @Test
  void aVoteDeliveredWhenOnlyAnEarlierWriteIsConfirmed() {
    group
        .campaigns("n1")
        .campaigns("n3")
        .campaigns("n3")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1))
        .turn("n2")
        .receive("n2", "n3", voteRequest(2, 0, 0), m -> m.follow(2).vote("n3"))
        .turn("n2", whenDurable("n3", voteReply(2, true)))
        .persistedUpTo("n2", 1, m -> m)
        .receive("n3", "n2", voteReply(2, true), m -> m.lead())
        .breaks(SpecRule.DURABLE_BEFORE_SENT);
  }

  @Test
  void aTermThatGoesBackAfterARestart() {
    group
        .campaigns("n1")
        .votes("n2", "n1")
        .leads("n1", "n2")
        .stop("n2")
        .start("n2", m -> m.term(0).vote(null))
        .breaks(SpecRule.PROMISES_KEPT);
  }

  @Test
  void aVoteForgottenAfterARestart() {
    group
        .elects("n1", "n2")
        .stop("n2")
        .start("n2", m -> m.vote(null))
        .breaks(SpecRule.PROMISES_KEPT);
  }

  @Test
  void anAcknowledgedEntryForgottenAfterARestart() {
    group
        .elects("n1", "n2")
        .replicates("n1", "n2", 0)
        .stop("n2")
        .start("n2", m -> m.truncate(1))
        .breaks(SpecRule.PROMISES_KEPT);
  }

  @Test
  void anEntryKnownToBeDurableForgottenAfterARestart() {
    group
        .elects("n1", "n2")
        .stop("n1")
        .start("n1", m -> m.truncate(1))
        .breaks(SpecRule.PROMISES_KEPT);
  }

  @Test
  void aVoteThatArrivesAfterItsVoterForgotIt() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1).vote("n1"))
        .turn("n2", whenDurable("n1", voteReply(1, true)))
        .persisted("n2")
        .stop("n2")
        .start("n2", m -> m.term(0).vote(null))
        .receive("n1", "n2", voteReply(1, true), m -> m.lead())
        .breaks(SpecRule.PROMISES_KEPT);
  }

  @Test
  void aRestartWithWhatWasNeverWritten() {
    group
        .elects("n1", "n2")
        .stop("n2")
        .start("n2", m -> m.term(5).vote(null))
        .breaks(SpecRule.RECOVERS_WHAT_WAS_WRITTEN);
  }

  @Test
  void aLogOfALaterTermThanTheStoredOne() {
    TraceScript old = TraceScript.unstarted("n1");
    old.start("n1", m -> m.append(entry(1, 3, "a"))).breaks(SpecRule.RECOVERS_WHAT_WAS_WRITTEN);
  }

  @Test
  void aCommitIndexThatARestartInvents() {
    group
        .elects("n1", "n2")
        .stop("n1")
        .start("n1", m -> m.commit(1))
        .breaks(SpecRule.FOLLOWER_COMMIT);
  }

  @Test
  void aStartAsLeader() {
    group
        .elects("n1", "n2")
        .stop("n1")
        .start("n1", m -> m.role("LEADER").leader("n1"))
        .breaks(SpecRule.STARTS_AS_FOLLOWER);
  }

  @Test
  void aStepOfAStoppedMember() {
    group.stop("n1").tick("n1", m -> m).breaks(SpecRule.LIFE_CYCLE);
  }

  @Test
  void aTurnThatDoesNotWriteItsVote() {
    group
        .tick("n1", m -> m.campaign())
        .turn("n1", null, new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  @Test
  void aTurnThatDoesNotWriteItsEntries() {
    group
        .elects("n1", "n2")
        .propose("n1", "a")
        .turn("n1", null, new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  @Test
  void aTurnThatWritesOtherEntries() {
    JsonObject write =
        new JsonObject().put("seq", 9).put("entries", new JsonArray().add(entry(2, 1, "b")));
    group
        .elects("n1", "n2")
        .propose("n1", "a")
        .turn("n1", write, new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  @Test
  void aTurnThatDoesNotWriteATruncation() {
    group.elects("n1", "n2").propose("n1", "a").turn("n1").persisted("n1");
    group.campaigns("n3").elects("n3", "n2");
    JsonObject message = group.sends("n3", "n1", 0);
    JsonObject write =
        new JsonObject()
            .put("seq", 9)
            .put("hardState", new JsonObject().put("term", 2))
            .put("entries", new JsonArray());
    group
        .receive("n1", "n3", message, m -> m.follow(2).leader("n3").take(message))
        .turn("n1", write, new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  @Test
  void aDurableIndexNobodyConfirmed() {
    group
        .elects("n1", "n2")
        .propose("n1", "a")
        .turn("n1")
        .tick("n1", m -> m.durable(2))
        .breaks(SpecRule.DURABLE_INDEX);
  }

  @Test
  void aDurableIndexBeyondWhatWasWritten() {
    group
        .elects("n1", "n2")
        .propose("n1", "a")
        .persisted("n1", m -> m.durable(2))
        .breaks(SpecRule.DURABLE_INDEX);
  }

  @Test
  void aDurableIndexBeyondTheConfirmedWrite() {
    group
        .elects("n1", "n2")
        .propose("n1", "a")
        .turn("n1")
        .propose("n1", "b")
        .turn("n1")
        .persistedUpTo("n1", 3, m -> m.durable(3))
        .breaks(SpecRule.DURABLE_INDEX);
  }

  @Test
  void anotherGroup() {
    TraceScript other = TraceScript.group("n1", "n2");
    JsonObject start = new JsonObject(group.text().lines().skip(2).findFirst().orElseThrow());
    other.line(start).breaks(SpecRule.SAME_VOTERS);
  }

  @Test
  void aLifeThatIsNotTheNext() {
    JsonObject first = new JsonObject(group.text().lines().findFirst().orElseThrow());
    group.stop("n1").line(first).breaks(SpecRule.LIFE_CYCLE);
  }

  @Test
  void aStartWithAnAppliedEntryThatIsNotCommitted() {
    group
        .elects("n1", "n2")
        .stop("n1")
        .start("n1", m -> m.applied(1))
        .breaks(SpecRule.APPLY_COMMITTED);
  }

  @Test
  void aStartWithALogThatIsNotDurable() {
    TraceScript old = TraceScript.unstarted("n1");
    JsonObject start = old.start("n1", m -> m.term(1).append(entry(1, 1, "a"))).lastLine();
    start.getJsonObject("state").put("durableIndex", 0);
    TraceScript.unstarted("n1").line(start).breaks(SpecRule.DURABLE_INDEX);
  }

  @Test
  void aWriteNumberedLikeTheOneBefore() {
    group
        .elects("n1", "n2")
        .propose("n1", "a")
        .turn("n1", write(2, 0, entry(2, 1, "a")), new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  @Test
  void aWriteOfAnotherVote() {
    JsonObject write = write(9, 0).put("hardState", new JsonObject().put("term", 1));
    group
        .tick("n1", m -> m.campaign())
        .turn("n1", write, new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  @Test
  void aWriteThatLacksTheLastEntry() {
    group
        .elects("n1", "n2")
        .propose("n1", "a", "b")
        .turn("n1", write(9, 0, entry(2, 1, "a")), new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  @Test
  void aWriteThatLeavesAReplacedEntry() {
    group.elects("n1", "n2").campaigns("n3").elects("n3", "n2");
    JsonObject message = group.sends("n3", "n1", 0);
    JsonObject write = write(9, 0).put("hardState", new JsonObject().put("term", 2));
    group
        .receive("n1", "n3", message, m -> m.follow(2).leader("n3").take(message))
        .turn("n1", write, new JsonObject[0])
        .breaks(SpecRule.WRITE_COMPLETE);
  }

  private static JsonObject write(long seq, long truncateFrom, JsonArray... entries) {
    return new JsonObject()
        .put("seq", seq)
        .put("truncateFrom", truncateFrom)
        .put("entries", new JsonArray(List.of(entries)));
  }

  @Test
  void aConfirmationOfAWriteToCome() {
    group.campaigns("n1").persistedUpTo("n1", 2, m -> m).breaks(SpecRule.DURABLE_INDEX);
  }

  @Test
  void aDurableIndexThatGoesBack() {
    group.elects("n1", "n2").persisted("n1", m -> m.durable(0)).breaks(SpecRule.DURABLE_INDEX);
  }
}
