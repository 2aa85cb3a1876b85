package io.vertxraft.testkit.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Runs many seeds on several threads, each run on one of them, and sums up. Safe for one caller.
 */
public final class SimulationBatch {
  /**
   * What a batch came to.
   *
   * @param seeds runs made
   * @param virtualMs virtual time of all of them
   * @param events events of all of them
   * @param applied commands that clients know to be applied
   * @param coverage marks reached
   * @param failures runs that broke a rule, by seed
   * @param wallNanos time it took
   */
  public record Summary(
      long seeds,
      long virtualMs,
      long events,
      long applied,
      Coverage coverage,
      List<SimulationResult> failures,
      long wallNanos) {
    /** Simulated seconds per second. */
    public double rate() {
      return wallNanos == 0 ? 0 : virtualMs * 1e6 / wallNanos;
    }
  }

  private final LongFunction<SimulationResult> run;
  private final int threads;
  private final Consumer<Summary> progress;
  private final Coverage coverage = new Coverage();
  private final List<SimulationResult> failures = new ArrayList<>();
  private final long start = System.nanoTime();
  private long seeds;
  private long virtualMs;
  private long events;
  private long applied;

  /**
   * A batch that has not run.
   *
   * @param run makes one run
   * @param threads how many at a time
   * @param progress told after each run, on the thread that made it, one at a time
   */
  public SimulationBatch(
      LongFunction<SimulationResult> run, int threads, Consumer<Summary> progress) {
    this.run = run;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Runs the seeds {@code first} up to {@code last} inclusive. After {@code failuresMax} failures
   * no further run is started.
   */
  public Summary run(long first, long last, int failuresMax) throws InterruptedException {
    AtomicLong next = new AtomicLong(first);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(() -> work(next, last, failuresMax)));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run ended by an exception", e.getCause());
    } finally {
      pool.shutdownNow();
    }
    return summary();
  }

  private void work(AtomicLong next, long last, int failuresMax) {
    long seed;
    while ((seed = next.getAndIncrement()) <= last && failureCount() < failuresMax) {
      add(run.apply(seed));
    }
  }

  private synchronized int failureCount() {
    return failures.size();
  }

  private synchronized void add(SimulationResult result) {
    seeds++;
    virtualMs += result.virtualMs();
    events += result.events();
    applied += result.applied();
    coverage.addAll(result.coverage());
    if (!result.ok()) {
      failures.add(result);
    }
    progress.accept(summary());
  }

  private synchronized Summary summary() {
    List<SimulationResult> sorted = new ArrayList<>(failures);
    sorted.sort(Comparator.comparingLong(SimulationResult::seed));
    return new Summary(
        seeds, virtualMs, events, applied, coverage, sorted, System.nanoTime() - start);
  }
}
