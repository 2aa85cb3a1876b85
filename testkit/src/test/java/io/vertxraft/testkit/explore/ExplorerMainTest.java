package io.vertxraft.testkit.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExplorerMainTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private boolean run(String... arguments) {
    return ExplorerMain.run(new PrintStream(printed, true, StandardCharsets.UTF_8), arguments);
  }

  @Test
  void it_tells_its_bounds_how_far_it_is_and_what_it_found() {
    assertThat(run("slow-disk", "states=100000", "inFlight=3")).isTrue();

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("SLOW_DISK: Bounds[nodes=3", "inFlight=3", "states=100000")
        .contains("100,000 states, ")
        .contains(" states/s")
        .contains("no rule broken");
  }

  @Test
  void arguments_that_make_no_sense_are_named() {
    assertThatThrownBy(() -> run("figure-9"))
        .hasMessageContaining("no preset is called figure-9; there are [BROAD, ");
    assertThatThrownBy(() -> run("broad", "moons=3"))
        .hasMessageContaining("no bound is called moons");
    assertThatThrownBy(() -> run("broad", "terms"))
        .hasMessage("terms is not of the form bound=number");
  }
}
