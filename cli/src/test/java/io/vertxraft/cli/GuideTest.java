package io.vertxraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The guide names every command and exit code, and no option that does not exist. */
class GuideTest {
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

  private final Set<String> commands = new TreeSet<>();
  private final Set<String> options = new TreeSet<>();
  private String guide;

  @BeforeEach
  void read() throws IOException {
    guide = Files.readString(Path.of("..", "docs", "guide", "raftctl.md"));
    collect("", RaftCtl.commandLine());
  }

  private void collect(String path, CommandLine command) {
    command.getCommandSpec().options().forEach(o -> options.addAll(Set.of(o.names())));
    command
        .getSubcommands()
        .forEach(
            (name, below) -> {
              if (below.getSubcommands().isEmpty()) {
                commands.add((path + " " + name).strip());
              }
              collect(path + " " + name, below);
            });
  }

  @Test
  void every_command_is_there() {
    Set<String> missing = new TreeSet<>();
    for (String command : commands) {
      boolean listed =
          guide.contains("`raftctl " + command)
              || (command.startsWith("snapshot ")
                  && guide.contains("`" + command.substring("snapshot ".length()) + "`"));
      if (!listed) {
        missing.add(command);
      }
    }
    assertThat(commands).contains("status", "snapshot take", "storage verify");
    assertThat(missing).isEmpty();
  }

  @Test
  void options_of_the_guide_exist() {
    Matcher named = OPTION.matcher(guide);
    while (named.find()) {
      assertThat(options).contains(named.group());
    }
  }

  @Test
  void every_exit_code_is_explained() {
    Set<String> codes =
        RaftCtl.commandLine().getCommandSpec().usageMessage().exitCodeList().keySet();

    assertThat(codes).hasSize(6);
    assertThat(codes).allMatch(code -> guide.contains("| " + code + " |"));
  }
}
