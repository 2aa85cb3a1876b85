package io.vertxraft.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The classes here that a chapter of the guide shows. */
final class GuideCode {
  private static final Path GUIDE = Path.of("../../docs/guide");
  private static final Path SOURCES = Path.of("src/test/java/io/vertxraft/examples/guide");

  private GuideCode() {}

  /** A chapter has the class word for word, without what stands before it in its file. */
  static void assertShown(String chapter, String name) throws IOException {
    String code = Files.readString(SOURCES.resolve(name + ".java"));

    assertThat(Files.readString(GUIDE.resolve(chapter)))
        .contains("```java\n" + code.substring(code.indexOf("class " + name)) + "```");
  }
}
