package io.vertxraft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Words that tell of unfinished work, of a test that hides a fault, or of one machine.
 *
 * <p>Each pattern is written so that it does not find itself.
 */
class WordsTest {
  private static final String CODE = ".*\\.(java|js|css|html|proto)";
  private static final String TEST_CODE = ".*/src/test/.*\\.java";
  private static final String TEXT =
      ".*\\.(java|js|css|html|proto|xml|md|json|yaml|yml)|\\.ci/.*|\\.mvn/.*";

  private static final List<Ban> BANS =
      List.of(
          new Ban(CODE, "\\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\\b", "finish it or delete it"),
          new Ban(CODE, "(?i)\\bnot [i]mplemented\\b|\\bin a [r]eal ", "finish it"),
          new Ban(CODE, "(?i)\\bfor [n]ow\\b|\\b[s]implified\\b", "say what holds, and why"),
          new Ban(TEST_CODE, "\\bThread\\.[s]leep\\(", "use virtual time or wait for the event"),
          new Ban(TEST_CODE, "@[D]isabled\\b|\\b[r]erunFailing", "mend the cause"),
          new Ban(TEXT, "(?<![\\w.*])/(wor[k]|roo[t]|tm[p]/wt|hom[e]/\\w+)\\b", "no machine paths"),
          new Ban(TEXT, "https?://[^ \"<]*/mave[n]2|distribution[U]rl", "name no registry host"));

  @Test
  void the_repository_speaks_of_finished_work_and_of_itself_only() {
    assertThat(offendersOf(SourceTree.ofRepository())).isEmpty();
  }

  @Test
  void an_unfinished_place_a_sleeping_test_and_a_machine_path_are_reported(@TempDir Path root)
      throws IOException {
    Path tests = Files.createDirectories(root.resolve("core/src/test/java"));
    Files.writeString(tests.resolve("A.java"), "class A {\n  // TO" + "DO later\n}\n");
    Files.writeString(tests.resolve("B.java"), "{ Thread.sl" + "eep(1); }\n");
    Files.writeString(root.resolve("README.md"), "Look into `/wo" + "rk/main`.\n");

    assertThat(offendersOf(new SourceTree(root)))
        .containsExactly(
            "README.md:1 '/wo" + "rk': no machine paths",
            "core/src/test/java/A.java:2 'TO" + "DO': finish it or delete it",
            "core/src/test/java/B.java:1 'Thread.sl"
                + "eep(': use virtual time or wait for the event");
  }

  private static List<String> offendersOf(SourceTree tree) {
    List<String> offenders = new ArrayList<>();
    for (Path file : tree.files(name -> name.matches(TEXT))) {
      String name = tree.nameOf(file);
      List<Ban> bans = BANS.stream().filter(ban -> name.matches(ban.files)).toList();
      List<String> lines = SourceTree.linesOf(file);
      for (int line = 0; line < lines.size(); line++) {
        for (Ban ban : bans) {
          var found = ban.words.matcher(lines.get(line));
          if (found.find()) {
            offenders.add("%s:%d '%s': %s".formatted(name, line + 1, found.group(), ban.remedy));
          }
        }
      }
    }
    return offenders;
  }

  private static final class Ban {
    final String files;
    final Pattern words;
    final String remedy;

    Ban(String files, String words, String remedy) {
      this.files = files;
      this.words = Pattern.compile(words);
      this.remedy = remedy;
    }
  }
}
