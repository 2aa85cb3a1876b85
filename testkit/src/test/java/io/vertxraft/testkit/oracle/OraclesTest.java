package io.vertxraft.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.testkit.ChainHash;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Each rule fires when it is broken by hand, and stays quiet in the nearest lawful story. */
class OraclesTest {
  private final FakeNode n1 = new FakeNode("n1");
  private final FakeNode n2 = new FakeNode("n2");
  private final FakeNode n3 = new FakeNode("n3");
  private final OracleSuite suite =
      new OracleSuite(
              0xbeef,
              () -> 1_500_000_000L,
              List.of(n1, n2, n3),
              Configuration.of(Set.of("n1", "n2", "n3")))
          // Here a node leads because the story says so.
          .addAll(oracle -> !(oracle instanceof ElectedByMajority));

  private void step(FakeNode... nodes) {
    for (FakeNode node : nodes) {
      suite.afterStep(node);
    }
  }

  private void breaks(String oracleId, ThrowingCallable story) {
    Violation violation = catchThrowableOfType(Violation.class, story);
    assertThat(violation).isNotNull();
    assertThat(violation.oracleId()).as(violation.getMessage()).isEqualTo(oracleId);
    assertThat(violation).hasMessageContaining("seed 0xbeef").hasMessageContaining("1.500000000 s");
  }

  private void lawful(ThrowingCallable story) {
    assertThatCode(story).doesNotThrowAnyException();
  }

  private static long payload(int value) {
    return ChainHash.bytes(new byte[] {(byte) value});
  }

  /** n1 leads term 1 and has committed two commands; n2 holds them, n3 nothing. */
  private void twoCommitted() {
    n1.leads(1).appends(1, 10, 11);
    n2.follows(1).appends(1, 10, 11);
    step(n1, n2);
    step(n1.commits(2));
  }

  @Test
  void i1FiresOnTwoLeadersOfOneTerm() {
    step(n1.leads(3));
    lawful(() -> step(n2.leads(4), n1));
    breaks("I1", () -> step(n3.leads(4)));
  }

  @Test
  void i1FiresOnALeaderThatLeadsTheSameTermInItsNextLife() {
    step(n1.leads(3));
    breaks(
        "I1",
        () -> {
          n1.restarts().leader = true;
          step(n1);
        });
  }

  @Test
  void i2FiresOnASecondVoteSaidToOthersAfterARestart() {
    n1.inTerm(2, "n2");
    suite.sent("n1", "n2", new VoteReply(2, true));
    n1.restarts();
    lawful(
        () -> {
          suite.sent("n1", "n2", new VoteReply(2, true));
          suite.sent("n1", "n3", new VoteReply(2, false));
          step(n1);
        });
    breaks(
        "I2",
        () -> {
          suite.sent("n1", "n3", new VoteReply(2, true));
          step(n1);
        });
  }

  @Test
  void i2FiresOnAVoteForAnotherAfterItsOwnCandidature() {
    n1.inTerm(2, "n1");
    suite.sent("n1", "n2", VoteRequest.of(2, 0, 0));
    breaks(
        "I2",
        () -> {
          suite.sent("n1", "n3", new VoteReply(2, true));
          step(n1);
        });
  }

  @Test
  void i3FiresOnALeaderThatRemovesEntriesOfItsLog() {
    n1.leads(1).appends(1, 10, 11);
    step(n1);
    lawful(() -> step(n1.appends(1, 12)));
    breaks(
        "I3",
        () -> {
          n1.replaces(3, 1, 12);
          step(n1);
        });
  }

  @Test
  void i3IsQuietWhenAFormerLeaderTruncates() {
    n1.leads(1).appends(1, 10, 11);
    step(n1);
    lawful(
        () -> {
          step(n1.follows(2));
          n1.replaces(2, 2, 20);
          step(n1);
          step(n1.leads(3));
        });
  }

  @Test
  void i4FiresOnEqualPositionsWithDifferentContent() {
    step(n1.follows(1).appends(1, 10, 11));
    lawful(() -> step(n2.follows(1).appends(1, 10, 11)));
    breaks("I4", () -> step(n3.follows(1).appends(1, 10, 12)));
  }

  @Test
  void i4FiresOnEqualPositionsAfterDifferentPasts() {
    step(n1.follows(2).appends(1, 10).appends(2, 20));
    breaks("I4", () -> step(n2.follows(2).appends(2, 15, 20)));
  }

  @Test
  void i4RemembersEveryVersionOfAPosition() {
    step(n1.follows(3).appends(1, 10));
    step(n2.follows(3).appends(2, 20));
    lawful(
        () -> {
          n1.replaces(1, 2, 20);
          step(n1);
        });
    breaks("I4", () -> step(n3.follows(3).appends(2, 21)));
  }

  @Test
  void i5FiresOnALeaderThatLacksACommittedEntry() {
    twoCommitted();
    step(n1.follows(2), n3.follows(2));
    breaks("I5", () -> step(n3.leads(3)));
  }

  @Test
  void i5IsQuietForALeaderElectedBeforeTheCommit() {
    n1.leads(5).appends(5, 10);
    n2.follows(5).appends(5, 10);
    step(n1, n2);
    step(n1.commits(1));
    lawful(() -> step(n3.leads(4)));
  }

  @Test
  void i6FiresOnAnEntryThatIsNotCommittedOrNotTheCommittedOne() {
    twoCommitted();
    lawful(
        () -> {
          suite.applied(n1, 1, 1, payload(10), 7);
          suite.applied(n1, 2, 1, payload(11), 8);
          suite.applied(n2, 1, 1, payload(10), 7);
          step(n1);
        });
    breaks(
        "I6",
        () -> {
          suite.applied(n2, 2, 1, payload(12), 8);
          step(n1);
        });
  }

  @Test
  void i6FiresOnAnEntryBeyondTheCommitIndex() {
    twoCommitted();
    breaks(
        "I6",
        () -> {
          suite.applied(n1, 3, 1, payload(12), 8);
          step(n1);
        });
  }

  @Test
  void i6FiresOnASkippedAndOnARepeatedCommand() {
    twoCommitted();
    suite.applied(n1, 1, 1, payload(10), 7);
    step(n1);
    Violation repeated =
        catchThrowableOfType(
            Violation.class,
            () -> {
              suite.applied(n1, 1, 1, payload(10), 7);
              step(n1);
            });
    assertThat(repeated.oracleId()).isEqualTo("I6");
    breaks(
        "I6",
        () -> {
          suite.applied(n2, 2, 1, payload(11), 8);
          step(n1);
        });
  }

  @Test
  void i6FiresOnStatesThatDifferAfterTheSameCommands() {
    twoCommitted();
    suite.applied(n1, 1, 1, payload(10), 7);
    step(n1);
    breaks(
        "I6",
        () -> {
          suite.applied(n2, 1, 1, payload(10), 99);
          step(n1);
        });
  }

  @Test
  void i7FiresOnACommitThatIsDurableOnlyInMemory() {
    n1.leads(1).appends(1, 10);
    n2.follows(1).appendsInMemory(1, 10);
    breaks("I7", () -> step(n1.commits(1)));
  }

  @Test
  void i7CountsTheDisksOfCrashedNodes() {
    n1.leads(1).appends(1, 10);
    n2.follows(1).appends(1, 10);
    n2.running = false;
    lawful(() -> step(n1.commits(1)));
  }

  @Test
  void i7FiresOnAnOldTermCommittedByCounting() {
    n1.leads(3).appends(2, 10);
    n2.follows(3).appends(2, 10);
    breaks("I7", () -> step(n1.commits(1)));
  }

  @Test
  void i7FiresOnACommitIndexThatGoesBackButNotAfterARestart() {
    twoCommitted();
    lawful(() -> step(n1.restarts()));
    step(n2.commits(2));
    breaks("I7", () -> step(n2.commits(1)));
  }

  @Test
  void i7FiresOnALogThatLosesWhatItsMemberTakesForCommitted() {
    twoCommitted();
    step(n2.commits(2));
    n2.log.truncateFrom(2);
    breaks("I7", () -> step(n2));
  }

  @Test
  void i7FiresOnAFollowerThatCommitsAnotherEntry() {
    twoCommitted();
    n3.follows(2).appends(2, 20);
    breaks("I7", () -> step(n3.commits(1)));
  }

  @Test
  void i8FiresOnAnAcknowledgedCommandThatIsNotCommittedOrNotThere() {
    twoCommitted();
    lawful(
        () -> {
          suite.acknowledged(2, payload(11));
          step(n1);
          suite.finish();
        });
    breaks(
        "I8",
        () -> {
          suite.acknowledged(1, payload(11));
          step(n1);
        });
  }

  @Test
  void i8FiresAtTheEndWhenAQuorumHasLostAnAcknowledgedCommand() {
    twoCommitted();
    suite.acknowledged(2, payload(11));
    step(n1.follows(9));
    n1.replaces(2, 9, 90);
    breaks("I8", suite::finish);
  }

  @Test
  void i9FiresOnATermThatGoesBackAndOnAForgottenVote() {
    step(n1.inTerm(5, "n2"));
    breaks("I9", () -> step(n1.inTerm(5, null)));
  }

  @Test
  void i9FiresOnALifeThatDoesNotStartFromItsDisk() {
    step(n1.inTerm(5, "n2"));
    lawful(() -> step(n1.restarts()));
    n1.restarts().votedFor = null;
    breaks("I9", () -> step(n1));
  }

  @Test
  void i9FiresOnATermBelowTheDisks() {
    step(n1.inTerm(5, null));
    n1.term = 4;
    breaks("I9", () -> step(n1));
  }

  @Test
  void r16FiresOnAVoteThatLeavesBeforeItIsDurable() {
    step(n1.inTerm(2, null));
    n1.votedFor = "n2";
    lawful(
        () -> {
          suite.sent("n1", "n3", new VoteReply(2, false));
          step(n1);
        });
    breaks(
        "R-16",
        () -> {
          suite.sent("n1", "n2", new VoteReply(2, true));
          step(n1);
        });
  }

  @Test
  void r16FiresOnAcceptedEntriesThatAreNotDurable() {
    n2.follows(1).appends(1, 10).appendsInMemory(1, 11);
    lawful(
        () -> {
          suite.sent("n2", "n1", AppendEntriesReply.accepted(1, 1));
          step(n2);
        });
    breaks(
        "R-16",
        () -> {
          suite.sent("n2", "n1", AppendEntriesReply.accepted(1, 2));
          step(n2);
        });
  }
}
