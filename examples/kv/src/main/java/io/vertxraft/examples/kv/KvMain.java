package io.vertxraft.examples.kv;

import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Runs one member as a process of its own; {@code --help} tells how. */
public final class KvMain {
  /** Exit code after SIGTERM or SIGINT, and after {@code --help}. */
  static final int STOPPED = 0;

  /** Exit code if the member cannot start, or cannot be closed in time. */
  static final int FAILED = 1;

  /** Exit code for wrong options. */
  static final int USAGE = 2;

  /** Caches, requests on their way, and the garbage they leave, at default limits. */
  private static final long HEAP_BESIDES_STORE_BYTES = 256L * 1024 * 1024;

  private static final long START_SECONDS_MAX = 300;
  private static final long STOP_SECONDS_MAX = 10;

  private KvMain() {}

  /** Starts the member; returns once it serves, and leaves it running. */
  public static void main(String[] arguments) {
    KvLogging.quieten();
    int code = run(arguments, System.out, System.err, KvMain::serve);
    if (code != STOPPED) {
      System.exit(code);
    }
  }

  /**
   * Reads the command line and hands what it describes to {@code server}.
   *
   * @return the exit code
   */
  static int run(
      String[] arguments,
      PrintStream out,
      PrintStream err,
      Function<KvServerOptions, String> server) {
    CommandSpec spec = KvArguments.spec();
    CommandLine commandLine = new CommandLine(spec);
    KvServerOptions options;
    try {
      ParseResult given = commandLine.parseArgs(arguments);
      if (given.isUsageHelpRequested()) {
        commandLine.usage(out);
        return STOPPED;
      }
      if (given.isVersionHelpRequested()) {
        commandLine.printVersionHelp(out);
        return STOPPED;
      }
      options = KvArguments.parse(given);
    } catch (ParameterException | IllegalArgumentException e) {
      err.println("raft-kv: " + e.getMessage());
      err.println("raft-kv: --help lists all options");
      return USAGE;
    }
    String trouble = server.apply(options);
    if (trouble != null) {
      err.println("raft-kv: " + trouble);
      return FAILED;
    }
    out.println(
        "raft-kv: member %s serves http://%s/kv"
            .formatted(options.raft().getNodeId(), options.httpAddress()));
    return STOPPED;
  }

  /** Starts a server that stops with the process; gives the reason if that is not possible. */
  private static String serve(KvServerOptions options) {
    AtomicBoolean signalled = new AtomicBoolean();
    AtomicInteger exitCode = new AtomicInteger(STOPPED);
    String trouble;
    try {
      KvServer server = KvServer.create(options);
      Runnable stop =
          () -> {
            signalled.set(true);
            stop(server, exitCode);
          };
      Runtime.getRuntime().addShutdownHook(new Thread(stop, "raft-kv-stop"));
      server
          .start()
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS_MAX, TimeUnit.SECONDS);
      warnOfSmallHeap(options.storeBytesMax(), Runtime.getRuntime().maxMemory());
      return null;
    } catch (ExecutionException e) {
      trouble = StartTrouble.describe(e.getCause(), options);
    } catch (TimeoutException e) {
      trouble = "did not start within %d s".formatted(START_SECONDS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trouble = "was interrupted while it started";
    } catch (RuntimeException e) {
      trouble = StartTrouble.describe(e, options);
    }
    if (signalled.get()) {
      return "was stopped while it started";
    }
    exitCode.set(FAILED);
    return trouble;
  }

  /** A map that outgrows the heap fails every member, and again at each start. */
  private static void warnOfSmallHeap(long storeBytesMax, long heapBytesMax) {
    if (heapBytesMax < storeBytesMax + HEAP_BESIDES_STORE_BYTES) {
      System.err.println(
          "raft-kv: warning: a heap of %d MiB may not hold --store-bytes-max %d; use -Xmx%dm"
              .formatted(
                  heapBytesMax >> 20,
                  storeBytesMax,
                  (storeBytesMax + HEAP_BESIDES_STORE_BYTES) >> 20));
    }
  }

  /** Halting is the only way to an exit code of one's own once a signal ends the process. */
  private static void stop(KvServer server, AtomicInteger exitCode) {
    try {
      server
          .stop()
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      System.err.println("raft-kv: closing failed: " + e.getCause());
      exitCode.set(FAILED);
    } catch (TimeoutException e) {
      System.err.println("raft-kv: not closed within %d s".formatted(STOP_SECONDS_MAX));
      exitCode.set(FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode.get());
  }
}
