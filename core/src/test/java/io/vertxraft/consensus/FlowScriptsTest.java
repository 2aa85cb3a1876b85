package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays every script in {@code src/test/resources/flows} and compares what its commands print. With
 * {@code -Dflows.update=true} it rewrites the printed lines instead; what {@code expect} says must
 * hold all the same.
 */
class FlowScriptsTest {
  private static final Path FLOWS = Path.of("src", "test", "resources", "flows");

  @TestFactory
  Stream<DynamicTest> flows() throws IOException {
    Path directory = Path.of(System.getProperty("basedir", "")).resolve(FLOWS);
    List<Path> scripts;
    try (Stream<Path> files = Files.list(directory)) {
      scripts = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    assertThat(scripts).as("scripts in %s", directory).isNotEmpty();
    return scripts.stream().map(FlowScriptsTest::test);
  }

  private static DynamicTest test(Path file) {
    String name = file.getFileName().toString();
    return DynamicTest.dynamicTest(name, file.toUri(), () -> play(name, file));
  }

  private static void play(String name, Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    FlowRun run = new FlowRun(FlowScript.parse(name, lines));
    if (!Boolean.getBoolean("flows.update")) {
      run.compare();
      return;
    }
    try {
      run.record();
    } finally {
      Files.writeString(file, String.join("\n", run.recorded()) + "\n");
    }
  }
}
