package io.vertxraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.RaftMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbesTest {
  private final List<String> heard = new ArrayList<>();

  @Test
  void allOfThemHearEverythingInTheirOrder() {
    Probe both = Probes.all(probe("a", false), Probe.NONE, probe("b", false));

    both.reached(Mark.VOTE_SPLIT);
    both.stepped(Probe.Step.TICK, null, null, null);
    both.turnEnded(null, null);

    assertThat(heard)
        .containsExactly("a VOTE_SPLIT", "b VOTE_SPLIT", "a TICK", "b TICK", "a turn", "b turn");
  }

  @Test
  void theFirstThatChoosesDecidesAndTheOthersAreNotAsked() {
    assertThat(Probes.all(probe("a", false), probe("b", false)).chooses(Choice.STEP_DOWN))
        .isFalse();
    assertThat(heard).containsExactly("a STEP_DOWN", "b STEP_DOWN");
    heard.clear();

    Probe three = Probes.all(probe("a", false), probe("b", true), probe("c", true));
    assertThat(three.chooses(Choice.STEP_DOWN)).isTrue();
    assertThat(heard).containsExactly("a STEP_DOWN", "b STEP_DOWN");
  }

  @Test
  void noneIsAllOfNothingAndOneStandsForItself() {
    Probe one = probe("a", true);
    assertThat(Probes.all()).isSameAs(Probe.NONE);
    assertThat(Probes.all(Probe.NONE, Probe.NONE)).isSameAs(Probe.NONE);
    assertThat(Probes.all(Probe.NONE, one)).isSameAs(one);
  }

  private Probe probe(String name, boolean answer) {
    return new Probe() {
      @Override
      public void reached(Mark mark) {
        heard.add(name + " " + mark);
      }

      @Override
      public boolean chooses(Choice choice) {
        heard.add(name + " " + choice);
        return answer;
      }

      @Override
      public void stepped(Step step, String from, RaftMessage message, RaftCore core) {
        heard.add(name + " " + step);
      }

      @Override
      public void turnEnded(RaftCore core, Effects effects) {
        heard.add(name + " turn");
      }
    };
  }
}
