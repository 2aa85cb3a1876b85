package io.vertxraft.examples.benchmark.member;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.load.LoadResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;

/** A process of members, seen from outside. All calls block; for one thread. */
public final class MemberProcess implements AutoCloseable {
  private static final long ANSWER_SECONDS = 60;
  private static final long START_SECONDS = 300;
  private static final long END_SECONDS = 10;
  private static final long LOOK_MILLIS = 100;

  private final Process process;
  private final PrintStream orders;
  private final Path errors;
  private final Map<String, BlockingQueue<String>> answers = new ConcurrentHashMap<>();

  /**
   * Starts it.
   *
   * @param command the whole command line
   * @param errors where what it prints is kept
   */
  public MemberProcess(List<String> command, Path errors) throws IOException {
    this.errors = errors;
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "answers of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MemberMain.MARK)) {
          String[] words = line.substring(MemberMain.MARK.length()).split(" ", 2);
          answersTo(words[0]).add(words[1]);
        }
      }
    } catch (IOException ended) {
      answersTo(MemberMain.TROUBLE).add("its output cannot be read: " + ended);
    }
  }

  private BlockingQueue<String> answersTo(String word) {
    return answers.computeIfAbsent(word, ignored -> new LinkedBlockingQueue<>());
  }

  private String await(String word, long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() - end < 0) {
      String answer = answersTo(word).poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      if (answer != null) {
        return answer;
      }
      String trouble = answersTo(MemberMain.TROUBLE).poll();
      if (trouble != null) {
        throw new MemberFailure(trouble + " (more in " + errors + ")");
      }
      if (!process.isAlive()) {
        throw new MemberFailure(
            "the process ended with code " + process.exitValue() + " (more in " + errors + ")");
      }
    }
    throw new MemberFailure(
        "no answer '" + word + "' within " + seconds + " s (more in " + errors + ")");
  }

  /** Waits until its members run. */
  public void awaitStart() throws InterruptedException {
    await(MemberMain.STARTED, START_SECONDS);
  }

  /** How many of its members lead. */
  public int leaders() throws InterruptedException {
    orders.println(MemberMain.LEADER);
    return Integer.parseInt(await(MemberMain.LEADER, ANSWER_SECONDS));
  }

  /** Has it collect its garbage. */
  public void collect() throws InterruptedException {
    orders.println(MemberMain.COLLECT);
    await(MemberMain.COLLECT, ANSWER_SECONDS);
  }

  /** What it has used so far. */
  public Usage usage() throws InterruptedException {
    askUsage();
    return awaitUsage();
  }

  /** Asks what it has used, so that several can be asked at the same instant. */
  public void askUsage() {
    orders.println(MemberMain.USAGE);
  }

  /** The answer to {@link #askUsage}. */
  public Usage awaitUsage() throws InterruptedException {
    return Usage.decode(await(MemberMain.USAGE, ANSWER_SECONDS));
  }

  /** Makes a load on its leader. */
  public void startLoad(LoadPlan plan) {
    orders.println(MemberMain.LOAD + " " + plan.encode());
  }

  /** Waits until the load is measured. */
  public void awaitOpened(LoadPlan plan) throws InterruptedException {
    await(MemberMain.OPENED, ANSWER_SECONDS + plan.settleMillis() / 1_000);
  }

  /** Waits until the load is no longer measured. */
  public void awaitClosed(LoadPlan plan) throws InterruptedException {
    await(MemberMain.CLOSED, ANSWER_SECONDS + plan.measureMillis() / 1_000);
  }

  /** Waits until the load has died down. */
  public LoadResult awaitResult() throws InterruptedException {
    try {
      return LoadResult.decode(await(MemberMain.RESULT, 2 * ANSWER_SECONDS));
    } catch (DataFormatException broken) {
      throw new IllegalStateException("the histogram of the member cannot be read", broken);
    }
  }

  /** Begins to try commands until the first is acknowledged. */
  public void startProbe(long number) {
    orders.println(MemberMain.PROBE + " " + number);
  }

  /**
   * Whether the probe of that number, or of a later one, has been acknowledged; waits for a moment.
   */
  public boolean acknowledged(long number) throws InterruptedException {
    String answer = answersTo(MemberMain.ACKNOWLEDGED).poll(1, TimeUnit.MILLISECONDS);
    return answer != null && Long.parseLong(answer) >= number;
  }

  /** Ends it and what it runs beside it at once, as {@code kill -9} does. */
  public void kill() {
    process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Ends it. */
  @Override
  public void close() {
    orders.close();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        kill();
        process.waitFor();
      }
    } catch (InterruptedException interrupted) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
