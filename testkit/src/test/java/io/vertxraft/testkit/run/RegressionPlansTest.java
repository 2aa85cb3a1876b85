package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plans that once broke a rule, as small as they could be made: the product must bear them for
 * ever. Their names tell what went wrong. They are written by {@code --shrink --save-plan}.
 */
class RegressionPlansTest {
  private static final Path PLANS = Path.of("src", "test", "resources", "plans");

  static Stream<String> plans() throws IOException {
    try (Stream<Path> files = Files.list(PLANS)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertThat(names).isNotEmpty();
      return names.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("plans")
  void isBorne(String name) {
    SimulationPlan plan = SimulationPlan.fromJson(new JsonObject(read(name)));

    SimulationResult result = Simulation.run(plan, Recording.againstSpecification());

    assertThat(result.ok()).as("%s%n%s", result, result.violation()).isTrue();
  }

  private static String read(String name) {
    try {
      return Files.readString(PLANS.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
