package io.vertxraft.testkit.cli;

import io.vertxraft.testkit.run.SimulationBatch.Summary;
import java.io.PrintStream;
import java.util.Locale;

/** Shows how far a batch is: a bar that redraws itself on a terminal, else a line now and then. */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 15_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final long total;
  private long drawnAt = System.nanoTime();

  ProgressBar(PrintStream out, boolean terminal, long total) {
    this.out = out;
    this.terminal = terminal;
    this.total = total;
  }

  /** Shows the state, unless that has just been done. */
  void show(Summary summary) {
    long now = System.nanoTime();
    if (now - drawnAt >= (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      drawnAt = now;
      out.print(terminal ? "\r" + line(summary) + "\033[K" : line(summary) + "\n");
      out.flush();
    }
  }

  /** Removes the bar. */
  void clear() {
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }

  private String line(Summary summary) {
    int done = (int) (WIDTH * summary.seeds() / total);
    return String.format(
        Locale.ROOT,
        "[%s%s] %d of %d seeds, %.0f simulated seconds per second, %d violations",
        "#".repeat(done),
        ".".repeat(WIDTH - done),
        summary.seeds(),
        total,
        summary.rate(),
        summary.failures().size());
  }
}
