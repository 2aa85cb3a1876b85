package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.FlowScript.Step;
import java.util.ArrayList;
import java.util.List;

/** Plays a script from its first command on. */
final class FlowRun {
  private final FlowScript script;
  private final FlowEngine engine = new FlowEngine();
  private final List<List<String>> outputs = new ArrayList<>();

  FlowRun(FlowScript script) {
    this.script = script;
  }

  /** Fails at the first command that prints something else than the script says. */
  void compare() {
    for (Step step : script.steps()) {
      assertThat(run(step))
          .as("%s; if the new output is right, update it", script.placeOf(step))
          .isEqualTo(step.expected());
    }
  }

  /** Takes whatever the commands print; fails only if a command or what it expects does. */
  void record() {
    for (Step step : script.steps()) {
      outputs.add(run(step));
    }
  }

  /** The script's lines, with what has been recorded in place of what was expected. */
  List<String> recorded() {
    return script.with(outputs);
  }

  private List<String> run(Step step) {
    try {
      return engine.run(step.command());
    } catch (IllegalArgumentException | AssertionError | InvariantViolation e) {
      throw new AssertionError("%s: %s".formatted(script.placeOf(step), e.getMessage()), e);
    }
  }
}
