package io.vertxraft.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Finds out what standard input and output are connected to, and switches a terminal to single keys
 * until closed. Works where there is {@code sh} and {@code stty}; elsewhere nothing is taken for a
 * terminal. Blocks: not for event loops.
 */
final class Terminal implements AutoCloseable {
  private static final long COMMAND_TIMEOUT_MS = 2_000;
  private static final int STDIN = 1;
  private static final int STDOUT = 2;
  private static final String DETECT = "n=0; test -t 0 && n=1; test -t 1 && n=$((n+2)); exit $n";

  private final boolean input;
  private final boolean output;
  private int columns = Integer.MAX_VALUE;
  private String saved;

  private Terminal(int what) {
    this.input = (what & STDIN) != 0;
    this.output = (what & STDOUT) != 0;
  }

  /** Looks, and switches to single keys if both ends are a terminal. */
  static Terminal open() {
    Terminal terminal = new Terminal(Math.max(0, run(DETECT, null)));
    if (terminal.hasKeys()) {
      StringBuilder settings = new StringBuilder();
      if (run("stty -g", settings) == 0) {
        terminal.saved = settings.toString().trim();
        run("stty -icanon -echo min 1 time 0", null);
      }
      StringBuilder size = new StringBuilder();
      if (run("stty size", size) == 0) {
        terminal.columns = columns(size.toString());
      }
    }
    return terminal;
  }

  /** Whether somebody sits there and may press keys. */
  boolean hasKeys() {
    return input && output;
  }

  /** Whether output goes to a terminal. */
  boolean isOutput() {
    return output;
  }

  /** How long a line may be as of the start; any length if that is not known. */
  int columns() {
    return columns;
  }

  /** Reads "rows columns"; a terminal that does not know its size says 0. */
  static int columns(String size) {
    String[] numbers = size.trim().split(" ", -1);
    boolean known = numbers.length == 2 && numbers[1].matches("[1-9]\\d{0,4}");
    return known ? Integer.parseInt(numbers[1]) : Integer.MAX_VALUE;
  }

  /** Gives the terminal back as it was. Idempotent. */
  @Override
  public synchronized void close() {
    if (saved != null) {
      run("stty " + saved, null);
      saved = null;
    }
  }

  /** Exit code of a shell command on the terminal; -1 if it cannot run. */
  private static int run(String command, StringBuilder stdout) {
    try {
      Process process =
          new ProcessBuilder("sh", "-c", command)
              .redirectInput(Redirect.INHERIT)
              .redirectOutput(stdout == null ? Redirect.INHERIT : Redirect.PIPE)
              .redirectError(Redirect.DISCARD)
              .start();
      if (stdout != null) {
        try (InputStream printed = process.getInputStream()) {
          stdout.append(new String(printed.readAllBytes(), StandardCharsets.US_ASCII));
        }
      }
      if (!process.waitFor(COMMAND_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
