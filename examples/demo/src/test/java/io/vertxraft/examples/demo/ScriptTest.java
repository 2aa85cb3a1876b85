package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {
  @Test
  void aScriptIsAListOfTimesAndKeys() {
    assertThat(Script.parse("10s k, 20s r,30s q").steps())
        .containsExactly(
            new Script.Step(10_000, Action.KILL_LEADER),
            new Script.Step(20_000, Action.RESTART),
            new Script.Step(30_000, Action.QUIT));
  }

  @Test
  void timesMayHaveAFractionOrBeMilliseconds() {
    assertThat(Script.parse("250ms c, 1.5s h, 1.5s +").steps())
        .containsExactly(
            new Script.Step(250, Action.CUT_LEADER),
            new Script.Step(1_500, Action.HEAL),
            new Script.Step(1_500, Action.LOAD_UP));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''             | step ''",
        "10 k           | step '10 k'",
        "10s            | step '10s'",
        "10s k,         | step ''",
        "-1s k          | step '-1s k'",
        "10s kill       | step '10s kill'",
        "10s x          | key 'x' in step '10s x' is unknown, allowed are k f r c h + - v ? q",
        "9999999999s k  | step '9999999999s k'",
        "20s k, 10s r   | step '10s r' is earlier than the one before it",
      })
  void whatIsWrongIsNamed(String text, String message) {
    assertThatThrownBy(() -> Script.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
