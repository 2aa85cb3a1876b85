package io.vertxraft.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Whether standard output is a terminal, and how large it is. Works where there is {@code sh} and
 * {@code stty}; elsewhere nothing is taken for a terminal.
 */
final class Terminal {
  private static final long COMMAND_TIMEOUT_MS = 2_000;
  private static final long SIZE_AGE_MAX_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Size USUAL = new Size(24, 80);

  private Size known = USUAL;
  private long askedNanos;
  private boolean asked;

  /**
   * What fits.
   *
   * @param rows lines
   * @param columns characters in a line
   */
  record Size(int rows, int columns) {}

  /** Whether somebody looks at what is printed. */
  boolean isOutput() {
    return "yes".equals(run("test -t 1 && echo yes >&2", true))
        && !"dumb".equals(System.getenv("TERM"));
  }

  /** How much fits now; a window may have been dragged. */
  Size size() {
    long now = System.nanoTime();
    if (!asked || now - askedNanos > SIZE_AGE_MAX_NANOS) {
      asked = true;
      askedNanos = now;
      known = parse(run("stty size </dev/tty", false));
    }
    return known;
  }

  /** Reads "rows columns"; a terminal that does not know its size says 0. */
  static Size parse(String printed) {
    return printed.matches("[1-9]\\d{0,3} [1-9]\\d{0,3}")
        ? new Size(
            Integer.parseInt(printed.substring(0, printed.indexOf(' '))),
            Integer.parseInt(printed.substring(printed.indexOf(' ') + 1)))
        : USUAL;
  }

  /**
   * What a shell command prints, on its standard error if its output stays that of this process.
   */
  private static String run(String command, boolean onError) {
    try {
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
      builder.redirectInput(Redirect.INHERIT);
      builder.redirectOutput(onError ? Redirect.INHERIT : Redirect.PIPE);
      builder.redirectError(onError ? Redirect.PIPE : Redirect.DISCARD);
      Process process = builder.start();
      try (InputStream printed = onError ? process.getErrorStream() : process.getInputStream()) {
        String text = new String(printed.readAllBytes(), StandardCharsets.US_ASCII).strip();
        return process.waitFor(COMMAND_TIMEOUT_MS, TimeUnit.MILLISECONDS) ? text : "";
      }
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
