package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("R-46: what a group could do without some of its members")
class WhatIfTest {

  static Stream<Arguments> table() {
    return Stream.of(
        row(
            well(),
            List.of(),
            1,
            "With everybody up, 3 of 3 voters are left and 2 are needed: the group serves, and"
                + " survives 1 further failure"),
        row(
            well(),
            List.of("n1"),
            0,
            "Without n1, 2 of 3 voters are left and 2 are needed: the group serves, and survives no"
                + " further failure"),
        row(
            well(),
            List.of("n2"),
            0,
            "Without n2, 2 of 3 voters are left and 2 are needed: the others elect a leader, after"
                + " which the group serves and survives no further failure"),
        row(
            well(),
            List.of("n2", "n3"),
            -1,
            "Without n2 and n3, 1 of 3 voters is left and 2 are needed: nothing is committed until"
                + " 1 more is back"),
        row(
            well(),
            List.of("n1", "n2", "n3"),
            -2,
            "Without n1, n2 and n3, 0 of 3 voters are left and 2 are needed: nothing is committed"
                + " until 2 more are back"),
        row(
            well().state("n3", FollowerState.CATCHING_UP, 9_000),
            List.of("n1"),
            0,
            "Without n1, 2 of 3 voters are left and 2 are needed: the group serves, and survives no"
                + " further failure; but n3 is not in step now, so that commits wait"));
  }

  @ParameterizedTest(name = "{3}")
  @MethodSource("table")
  void theArithmeticIsToldInWords(Views views, List<String> down, int tolerates, String text) {
    WhatIf whatIf = WhatIf.without(views.view(), down);
    assertThat(whatIf.text()).isEqualTo(text);
    assertThat(whatIf.faultTolerance()).isEqualTo(tolerates);
    assertThat(whatIf.hasMajority()).isEqualTo(tolerates >= 0);
    assertThat(whatIf.toJson().getString("text")).isEqualTo(text);
    assertThat(whatIf.toJson().getBoolean("leaderLost")).isEqualTo(down.contains("n2"));
  }

  private static Arguments row(Views views, List<String> down, int tolerates, String text) {
    return Arguments.of(views, down, tolerates, text);
  }

  private static Views well() {
    return Views.of(
        Reports.follower("n1", "n2", 7), Reports.leader("n2", 7), Reports.follower("n3", "n2", 7));
  }
}
