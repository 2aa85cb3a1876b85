package io.vertxraft.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a group as it changes. */
@Command(
    name = "watch",
    description = {
      "Shows a running group as it changes, until Ctrl-C: in place on a terminal, elsewhere a line",
      "for each change and event; with --json an object a line for each picture."
    },
    mixinStandardHelpOptions = true)
final class WatchCommand extends LiveCommand {
  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many pictures, with the exit code of the last one's health.")
  private Long count;

  @Option(names = "--plain", description = "Print lines on a terminal, too.")
  private boolean plain;

  @Option(
      names = "--reconnect-ms",
      hidden = true,
      defaultValue = "1000",
      description = "Pause before a lost connection is tried again.")
  private long reconnectMs;

  @Option(
      names = "--silence-ms",
      hidden = true,
      defaultValue = "45000",
      description = "A stream without even a comment for this long is given up.")
  private long silenceMs;

  private String newestId;
  private long shown;
  private String health;

  WatchCommand() {}

  @Override
  int ask(ConsoleClient console, PrintWriter out) {
    if (count != null && count < 1) {
      throw wrongUsage("--count is %d: use at least 1".formatted(count));
    }
    ScheduledExecutorService watchdog =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "raftctl-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    WatchView view = view(console, out);
    Thread onExit = new Thread(view::close, "raftctl-exit");
    Runtime.getRuntime().addShutdownHook(onExit);
    try (view) {
      follow(console, view, watchdog);
    } finally {
      watchdog.shutdownNow();
      withdraw(onExit);
    }
    return exitCode(health);
  }

  private WatchView view(ConsoleClient console, PrintWriter out) {
    if (json()) {
      return new JsonView(out, err());
    }
    Terminal terminal = new Terminal();
    return plain || !terminal.isOutput()
        ? new LinesView(out)
        : new ScreenView(
            out, terminal::size, System.getenv("NO_COLOR") == null, console.address().toString());
  }

  /** Shows what comes until enough was shown. Only the first connection must succeed. */
  private void follow(ConsoleClient console, WatchView view, ScheduledExecutorService watchdog) {
    boolean connected = false;
    while (!isEnough()) {
      String trouble;
      try (InputStream bytes = console.open("stream", resume())) {
        connected = true;
        read(bytes, view, watchdog);
        trouble = "the console has ended its stream";
      } catch (IOException e) {
        trouble = "the connection is lost (%s)".formatted(Plain.text(e.getMessage()));
      } catch (ConsoleException e) {
        if (!connected || e.exitCode() != RaftCtl.UNREACHABLE) {
          throw e;
        }
        trouble = e.getMessage();
      }
      if (!isEnough()) {
        view.note("%s: trying again".formatted(trouble));
        pause();
      }
    }
  }

  private Map<String, String> resume() {
    return newestId == null ? Map.of() : Map.of("Last-Event-ID", newestId);
  }

  private boolean isEnough() {
    return count != null && shown >= count;
  }

  private void read(InputStream bytes, WatchView view, ScheduledExecutorService watchdog)
      throws IOException {
    EventStream stream = new EventStream(bytes);
    var check =
        watchdog.scheduleWithFixedDelay(
            () -> closeIfSilent(stream, bytes),
            silenceMs / 4,
            Math.max(1, silenceMs / 4),
            TimeUnit.MILLISECONDS);
    try {
      for (var event = stream.next(); event != null; event = stream.next()) {
        if (event.id() != null) {
          newestId = event.id();
        }
        if (event.type().equals("snapshot") || event.type().equals("frame")) {
          Picture picture = new Picture(parse(event.data()));
          health = picture.health();
          view.show(picture);
          shown++;
        }
        if (isEnough()) {
          return;
        }
      }
    } finally {
      check.cancel(false);
    }
  }

  private static JsonObject parse(String data) throws IOException {
    try {
      return new JsonObject(data);
    } catch (DecodeException e) {
      throw new IOException("an event that is no JSON", e);
    }
  }

  /** Nothing but this ends a read from a peer that is gone without a word. */
  private void closeIfSilent(EventStream stream, InputStream bytes) {
    if (System.nanoTime() - stream.heardNanos() > TimeUnit.MILLISECONDS.toNanos(silenceMs)) {
      try {
        bytes.close();
      } catch (IOException e) {
        err().println("raftctl: cannot close a silent stream: " + Plain.text(e.getMessage()));
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(reconnectMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConsoleException(RaftCtl.UNREACHABLE, "interrupted", e);
    }
  }

  private static void withdraw(Thread onExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      onExit.interrupt(); // the process ends already, and the hook has run
    }
  }
}
