package io.vertxraft.leveldb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands of the operating system that tests with root's rights need. */
final class Shell {
  private Shell() {}

  /** Runs a command and returns what it prints; fails if it does. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(List.of(command) + " failed: " + said);
    }
    return said.strip();
  }

  /** Skips the test, and says why, unless this is root on Linux with these commands. */
  static void assumeRoot(String... commands) throws IOException, InterruptedException {
    assume(System.getProperty("os.name").equals("Linux"), "this is not Linux");
    assume(run("id", "-u").equals("0"), "this is not root");
    for (String command : commands) {
      assume(
          new ProcessBuilder("sh", "-c", "command -v " + command).start().waitFor() == 0,
          command + " is not installed");
    }
  }

  /** Skips the test, and says why, unless a command works here: containers forbid some. */
  static void assumeWorks(String... command) throws IOException, InterruptedException {
    try {
      run(command);
    } catch (IOException e) {
      assume(false, e.getMessage());
    }
  }

  private static void assume(boolean met, String whyNot) {
    if (!met) {
      System.err.println("skipped: " + whyNot);
    }
    assumeTrue(met, whyNot);
  }
}
