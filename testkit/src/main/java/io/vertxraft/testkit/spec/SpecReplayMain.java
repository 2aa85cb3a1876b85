package io.vertxraft.testkit.spec;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Checks a trace from the command line: {@code SpecReplayMain trace.ndjson}. Prints "N events, M
 * transitions checked, ok" and ends with 0, or prints what is wrong and ends with 1.
 */
public final class SpecReplayMain {
  private SpecReplayMain() {}

  /** See the class comment. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.out, System.err));
  }

  /**
   * As {@link #main}, without ending the process.
   *
   * @return the exit code
   */
  public static int run(String[] arguments, PrintStream out, PrintStream err) {
    if (arguments.length != 1) {
      err.println("usage: SpecReplayMain <trace file>");
      return 1;
    }
    try {
      out.println(SpecReplay.check(Path.of(arguments[0])));
      return 0;
    } catch (SpecViolation | MalformedTraceException | UncheckedIOException e) {
      err.println(e.getMessage());
      return 1;
    }
  }
}
