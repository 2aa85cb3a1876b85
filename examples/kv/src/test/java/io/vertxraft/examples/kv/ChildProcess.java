package io.vertxraft.examples.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The packaged server as a process of its own. */
final class ChildProcess {
  private static final long START_SECONDS_MAX = 60;
  private static final long POLL_MS = 100;
  private static final List<String> SMALL_JVM =
      List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Process process;
  private final Path output;
  private final Http http;

  private ChildProcess(Process process, Path output, Http http) {
    this.process = process;
    this.output = output;
    this.http = http;
  }

  /**
   * Starts a process.
   *
   * @param directory takes the output
   * @param httpPort where the process is going to serve, if it is
   */
  static ChildProcess start(Path directory, int httpPort, String... arguments) throws IOException {
    return start(directory, httpPort, Map.of(), arguments);
  }

  /** The same with more variables in its environment. */
  static ChildProcess start(
      Path directory, int httpPort, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(directory, httpPort, SMALL_JVM, environment, arguments);
  }

  /** The same with other options for the JVM. */
  static ChildProcess start(
      Path directory, int httpPort, List<String> jvmOptions, String... arguments)
      throws IOException {
    return start(directory, httpPort, jvmOptions, Map.of(), arguments);
  }

  private static ChildProcess start(
      Path directory,
      int httpPort,
      List<String> jvmOptions,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", System.getProperty("kv.jar")));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new ChildProcess(builder.start(), output, new Http(httpPort));
  }

  Http http() {
    return http;
  }

  long pid() {
    return process.pid();
  }

  /** All that the process has printed. */
  String output() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** Waits until the process serves and knows a leader. */
  void awaitHealthy() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    while (System.nanoTime() < deadline) {
      try {
        if (http.get("/health").status() == 200) {
          return;
        }
      } catch (IOException notYetServing) {
        if (!process.isAlive()) {
          break;
        }
      }
      pause();
    }
    throw new AssertionError("the process does not become healthy; it says: " + output());
  }

  /** Waits for the end; gives the exit code. */
  int awaitExit() throws IOException, InterruptedException {
    if (!process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new AssertionError("the process does not end; it says: " + output());
    }
    return process.exitValue();
  }

  /** SIGTERM; gives the exit code. */
  int terminate() throws IOException, InterruptedException {
    process.destroy();
    return awaitExit();
  }

  /** SIGKILL, without waiting. */
  void kill() {
    process.destroyForcibly();
  }

  /** Sends a signal by its name, such as STOP and CONT. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -%s failed".formatted(name));
    }
  }

  /** Lets other processes have their turn. */
  static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MS));
  }
}
