package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.Recovery;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.VoteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A vote that was given is given again to whoever it was given to. */
class VoteAnswersTest {
  private static final VoteRequest REQUEST = VoteRequest.of(1, 0, 0);

  private final List<String> complaints = new ArrayList<>();
  private final VoteAnswers rule = new VoteAnswers(complaints::add);
  private final RaftCore voter =
      new RaftCore(
          new CoreSettings(
              "g",
              "n1",
              Configuration.of(Set.of("n1", "n2", "n3")),
              Map.of(),
              1_000,
              100,
              10,
              1_000,
              1_000,
              16,
              1 << 20,
              64,
              1 << 20,
              Probe.NONE),
          Recovery.of(HardState.INITIAL, new LogView(1, 0, 0, new long[0], new long[0], 1 << 20)),
          bound -> 0,
          1);

  private void receives(String from) {
    voter.receive(from, REQUEST, 2);
    rule.stepped(Probe.Step.RECEIVE, from, REQUEST, voter);
  }

  @Test
  void theAnswerOfTheProductIsRight() {
    receives("n2");
    rule.turnEnded(voter, voter.endTurn(2));
    receives("n2");
    rule.turnEnded(voter, voter.endTurn(2));

    assertThat(complaints).isEmpty();
  }

  @Test
  void aTurnThatAsksForNothingButKeepsSilentIsBroken() {
    receives("n2");

    rule.turnEnded(voter, new Effects());

    assertThat(complaints)
        .containsExactly(
            "n1 has voted for n2 and does not say so when it is asked again: no"
                + " VoteReply[term=1, granted=true]");
  }

  @Test
  void whoDidNotGetTheVoteIsOwedNone() {
    receives("n2");
    rule.turnEnded(voter, voter.endTurn(2));
    receives("n3");

    rule.turnEnded(voter, new Effects());

    assertThat(complaints).isEmpty();
  }

  @Test
  void whoKnowsTheLeaderOfTheTermOwesNoVote() {
    receives("n2");
    rule.turnEnded(voter, voter.endTurn(2));
    voter.receive("n2", new Heartbeat(1, 0, 0, 2, 0), 3);
    receives("n2");

    rule.turnEnded(voter, new Effects());

    assertThat(complaints).isEmpty();
  }
}
