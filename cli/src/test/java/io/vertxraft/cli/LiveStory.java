package io.vertxraft.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import picocli.CommandLine;

/** What the stories of commands about running members share. */
abstract class LiveStory {
  ScriptedConsole console;
  private final StringWriter printed = new StringWriter();
  private final StringWriter complained = new StringWriter();

  @BeforeEach
  void openConsole() throws IOException {
    console = new ScriptedConsole();
  }

  @AfterEach
  void closeConsole() {
    console.close();
  }

  /** Runs a command against the console, and returns the exit code. */
  int raftctl(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--url")) {
      all.add("--url");
      all.add(console.url());
    }
    printed.getBuffer().setLength(0);
    complained.getBuffer().setLength(0);
    CommandLine commandLine = RaftCtl.commandLine();
    commandLine.setOut(new PrintWriter(printed, true));
    commandLine.setErr(new PrintWriter(complained, true));
    return commandLine.execute(all.toArray(String[]::new));
  }

  String out() {
    return printed.toString();
  }

  String err() {
    return complained.toString();
  }
}
