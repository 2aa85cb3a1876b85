package io.vertxraft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file holds one job and a method fits on a screen; what grows past that is split by job. */
class SourceSizeTest {
  private static final int FILE_LINES_MAX = 500;
  private static final int METHOD_LINES_MAX = 70;

  @Test
  void no_file_of_the_repository_is_longer_than_500_lines() {
    assertThat(sizes(SourceTree.ofRepository()).filesTooLong()).isEmpty();
  }

  @Test
  void no_method_of_the_repository_is_longer_than_70_lines() {
    assertThat(sizes(SourceTree.ofRepository()).methodsTooLong()).isEmpty();
  }

  @Test
  void a_method_of_71_lines_is_reported_with_its_place_and_one_of_70_is_not(@TempDir Path root)
      throws IOException {
    Path file = Files.createDirectories(root.resolve("module/src/main/java")).resolve("Long.java");
    String body = "\n    int x;".repeat(METHOD_LINES_MAX - 2);
    Files.writeString(
        file,
        """
        /** Javadoc does not count. */
        class Long {
          void fits() {%s
          }

          @Override
          void tooLong() {%s
          }
        }
        """
            .formatted(body, body));

    assertThat(sizes(new SourceTree(root)).methodsTooLong())
        .containsExactly(
            "module/src/main/java/Long.java:74 method tooLong has 71 lines, allowed are 70");
  }

  @Test
  void a_file_of_501_lines_is_reported_but_not_in_build_output(@TempDir Path root)
      throws IOException {
    Path sources = Files.createDirectories(root.resolve("module/src/main/resources"));
    Path output = Files.createDirectories(root.resolve("module/target/src/main/resources"));
    Files.writeString(sources.resolve("page.js"), "x\n".repeat(FILE_LINES_MAX + 1));
    Files.writeString(sources.resolve("fits.js"), "x\n".repeat(FILE_LINES_MAX));
    Files.writeString(output.resolve("page.js"), "x\n".repeat(FILE_LINES_MAX + 1));

    assertThat(sizes(new SourceTree(root)).filesTooLong())
        .containsExactly("module/src/main/resources/page.js:1 has 501 lines, allowed are 500");
  }

  private static SourceSizes sizes(SourceTree tree) {
    return new SourceSizes(tree, FILE_LINES_MAX, METHOD_LINES_MAX);
  }
}
