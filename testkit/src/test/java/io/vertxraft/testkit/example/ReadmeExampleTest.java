package io.vertxraft.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What README and guide show of the simulator is the test that runs here. */
class ReadmeExampleTest {
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/guide/simulation.md"})
  void showsTheTestThatRunsHere(String document) throws IOException {
    Path source =
        Path.of("src/test/java")
            .resolve(CounterSimulationTest.class.getName().replace('.', '/') + ".java");
    String code = Files.readString(source);

    assertThat(Files.readString(Path.of("..").resolve(document)))
        .contains(
            "```java\n" + code.substring(code.indexOf("class CounterSimulationTest")) + "```");
  }
}
