package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Prints messages, and a status line that stays last: rewritten in place on a terminal, printed as
 * a plain line elsewhere.
 *
 * <p>A terminal may stand still (Ctrl-S) and a pipe may be full, so a thread of its own prints.
 * While it is held up, status lines are left out. Confined to the demo's context.
 */
final class Screen {
  private static final int PENDING_MAX = 1_000;
  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private final WorkerExecutor printer;
  private final PrintStream out;
  private final boolean terminal;
  private final boolean colors;
  private int pending;
  private String status = "";
  private Future<Void> last = Future.succeededFuture();

  /**
   * Creates a screen.
   *
   * @param terminal whether {@code out} is a terminal
   * @param colors whether colours are wanted; never used without a terminal
   */
  Screen(Vertx vertx, PrintStream out, boolean terminal, boolean colors) {
    this.printer = vertx.createSharedWorkerExecutor("demo-screen", 1);
    this.out = out;
    this.terminal = terminal;
    this.colors = terminal && colors;
  }

  /** Whether the status line is rewritten in place. */
  boolean isTerminal() {
    return terminal;
  }

  /** Whether text may have colours. */
  boolean colors() {
    return colors;
  }

  /** Prints a message of one or more lines. */
  void print(String message) {
    if (terminal) {
      write(Ansi.LINE_START, Ansi.CLEAR_TO_END, message, System.lineSeparator(), statusText());
    } else {
      write(message, System.lineSeparator());
    }
  }

  /** Shows a new status. */
  void status(String newStatus) {
    status = newStatus;
    if (pending > 0) {
      return;
    }
    if (terminal) {
      write(statusText());
    } else {
      write(status, System.lineSeparator());
    }
  }

  private String statusText() {
    return status.isEmpty()
        ? ""
        : Ansi.LINE_START + Ansi.WRAP_OFF + status + Ansi.CLEAR_TO_END + Ansi.WRAP_ON;
  }

  private void write(String... parts) {
    if (pending >= PENDING_MAX) {
      return;
    }
    pending++;
    last =
        printer.executeBlocking(
            () -> {
              out.print(String.join("", parts));
              out.flush();
              return null;
            });
    last.onComplete(done -> pending--);
  }

  /** Takes the status line away and waits, within reason, until everything is printed. */
  Future<Void> close() {
    if (terminal && !status.isEmpty()) {
      status = "";
      write(Ansi.LINE_START, Ansi.CLEAR_TO_END);
    }
    return last.timeout(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
