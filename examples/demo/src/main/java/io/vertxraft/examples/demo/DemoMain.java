package io.vertxraft.examples.demo;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Starts the demo from the command line. */
public final class DemoMain {
  private static final int EXIT_FAILED = 1;
  private static final long SIGNAL_TIMEOUT_MS = 15_000;
  private static final String NATIVE_LIBRARY_PATH = "library.leveldbjni.path";

  private final PrintStream out;
  private final PrintStream err;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile int exitCode = EXIT_FAILED;
  private volatile Demo running;

  private DemoMain(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs until the demo ends, then exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs until the demo ends; gives the exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return new DemoMain(out, err).run(args);
  }

  private int run(String[] args) {
    DemoOptions options;
    try {
      options = DemoOptions.parse(args);
    } catch (ParameterException e) {
      err.println(e.getMessage());
      err.println("Try --help.");
      return CommandLine.ExitCode.USAGE;
    }
    if (options.isHelp()) {
      options.printHelp(out);
      return CommandLine.ExitCode.OK;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::signalled, "demo-shutdown"));
    try {
      exitCode = run(options);
    } catch (IOException e) {
      err.println("the demo cannot use its files: " + e);
      exitCode = EXIT_FAILED;
    } finally {
      finished.countDown();
    }
    return exitCode;
  }

  private int run(DemoOptions options) throws IOException {
    configureLogging();
    try (WorkDirectory work = WorkDirectory.create();
        Terminal terminal = Terminal.open()) {
      if (System.getProperty(NATIVE_LIBRARY_PATH) == null) {
        // LevelDB unpacks its native library here, so that it goes away with the directory.
        System.setProperty(NATIVE_LIBRARY_PATH, work.path().toString());
      }
      Path data = options.data() == null ? work.path() : options.data();
      boolean colors = !options.noColor() && System.getenv("NO_COLOR") == null;
      return run(
          options,
          new Demo.Environment(
              data.toAbsolutePath(),
              FreePorts.find(options.members()),
              out,
              terminal.isOutput(),
              terminal.hasKeys(),
              colors,
              terminal.columns(),
              options.data() != null && WorkDirectory.holdsData(data),
              ManagementFactory.getRuntimeMXBean().getStartTime()));
    }
  }

  private int run(DemoOptions options, Demo.Environment environment) {
    Vertx vertx = Vertx.vertx();
    Demo demo = new Demo(options, environment);
    running = demo;
    try {
      vertx.deployVerticle(demo).toCompletionStage().toCompletableFuture().join();
      if (environment.keys()) {
        KeyReader.start(System.in, demo::keyPressed);
      }
      return demo.ended().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      err.println("the demo cannot start: " + e.getCause().getMessage());
      return EXIT_FAILED;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /**
   * Runs when the process is told to end, and at each other exit. A process that ends in good order
   * because it was told to has succeeded; without the halt the JVM would report the signal.
   */
  private void signalled() {
    if (finished.getCount() == 0) {
      return;
    }
    Demo demo = running;
    if (demo != null) {
      demo.interrupt();
    }
    try {
      if (finished.await(SIGNAL_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(exitCode);
      }
      err.println("the demo did not end within %d ms".formatted(SIGNAL_TIMEOUT_MS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Libraries say only what matters, on standard error, so that the status line stays readable. */
  private static void configureLogging() throws IOException {
    try (InputStream settings = DemoMain.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
  }
}
