package io.vertxraft.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.VoteReply;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules about what members believe: it must rest on votes, confirmations and disks. */
class EvidenceTest {
  private final FakeNode n1 = new FakeNode("n1");
  private final FakeNode n2 = new FakeNode("n2");
  private final FakeNode n3 = new FakeNode("n3");
  private final OracleSuite suite =
      new OracleSuite(1, () -> 0, List.of(n1, n2, n3), Configuration.of(Set.of("n1", "n2", "n3")))
          .addAll();

  private void step(FakeNode... nodes) {
    for (FakeNode node : nodes) {
      suite.afterStep(node);
    }
  }

  /** n1 leads a term by the vote of n2. */
  private void elected(long term) {
    step(n2.inTerm(term, "n1"));
    suite.sent("n2", "n1", new VoteReply(term, true));
    step(n1.leads(term));
  }

  @Test
  void aLeaderHasTheVotesOfAMajority() {
    assertThatCode(() -> elected(1)).doesNotThrowAnyException();

    step(n2.inTerm(2, "n3"));

    assertThatThrownBy(() -> step(n1.leads(2)))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("I1")
        .hasMessageContaining("n1 leads term 2 without the votes of a majority");
  }

  @Test
  void aVoteOfAnEarlierTermElectsNobody() {
    elected(1);

    assertThatThrownBy(() -> step(n1.leads(3)))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("without the votes");
  }

  @Test
  void whatALeaderTakesForReplicatedWasConfirmedInItsTerm() {
    elected(1);
    step(n1.appends(1, 10, 11), n2.appends(1, 10, 11));
    suite.sent("n2", "n1", AppendEntriesReply.accepted(1, 2));
    n1.matchIndexes.put("n2", 2L);
    assertThatCode(() -> step(n1)).doesNotThrowAnyException();

    n1.matchIndexes.clear();
    elected(2);
    n1.matchIndexes.put("n2", 2L);

    assertThatThrownBy(() -> step(n1))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("I7")
        .hasMessageContaining("takes n2 for equal up to 2, which has confirmed 2 in term 1");
  }

  @Test
  void aLeaderThatIsNotToKnowOfALaterTermKeepsWhatItKnows() {
    elected(1);
    step(n1.appends(1, 10, 11), n2.appends(1, 10, 11));
    suite.sent("n2", "n1", AppendEntriesReply.accepted(1, 2));
    n1.matchIndexes.put("n2", 1L);
    step(n1);
    step(n2.inTerm(5, null));
    suite.sent("n2", "n1", AppendEntriesReply.accepted(5, 1));

    n1.matchIndexes.put("n2", 2L);

    assertThatCode(() -> step(n1)).doesNotThrowAnyException();
  }

  @Test
  void whatAMemberTakesForDurableIsOnItsDisk() {
    n1.follows(1).appends(1, 10).appendsInMemory(1, 11);
    n1.durableIndex = 1;
    assertThatCode(() -> step(n1)).doesNotThrowAnyException();

    n1.durableIndex = 2;

    assertThatThrownBy(() -> step(n1))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("R-16")
        .hasMessageContaining("n1 takes its log for durable up to 2");
  }
}
