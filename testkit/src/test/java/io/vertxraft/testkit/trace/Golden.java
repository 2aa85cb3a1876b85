package io.vertxraft.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text that a test compares with a file beside it. {@code -Dflows.update=true} writes the file
 * anew instead: look at what changed before you commit it.
 */
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/io/vertxraft/testkit/trace");

  private Golden() {}

  static void check(String fileName, String actual) {
    try {
      Path file = FOLDER.resolve(fileName);
      if (Boolean.getBoolean("flows.update")) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, actual, StandardCharsets.UTF_8);
      }
      assertThat(actual)
          .as("differs from %s; if that is right, run with -Dflows.update=true", file)
          .isEqualTo(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError("cannot use the golden file " + fileName, e);
    }
  }
}
