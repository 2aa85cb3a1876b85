package io.vertxraft.examples.demo;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * An open loop of writes: each is due at its own time, whether or not earlier ones have been
 * answered, and goes to a random running member. Latency counts from when a write was due, so a
 * stalled group shows. What exceeds the bound of outstanding writes is shed and counted.
 *
 * <p>No write is sent twice. Confined to the demo's context.
 */
final class LoadGenerator {
  private static final long TICK_MS = 5;
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long LATENCY_MICROS_MAX = 60_000_000L;
  private static final int OUTSTANDING_MAX = 10_000;
  private static final long OUTSTANDING_BYTES_MAX = 64L * 1024 * 1024;
  private static final int PROBE_RATE = 100;

  private final Vertx vertx;
  private final DemoCluster cluster;
  private final AckLedger ledger;
  private final long runId;
  private final int valueBytes;
  private final int outstandingPerMemberMax;
  private final SplittableRandom random;
  private final Map<DemoMember, Integer> outstanding = new LinkedHashMap<>();
  private final Histogram interval = new Histogram(LATENCY_MICROS_MAX, 2);
  private LongConsumer ackHandler = sentNanos -> {};
  private Runnable idleHandler = () -> {};
  private int rate;
  private boolean probing;
  private boolean running;
  private long timerId = -1;
  private long dueNanos;
  private long nextId;
  private long rejected;
  private long unknown;
  private long failed;
  private long shed;

  /**
   * Counts since the start.
   *
   * @param acknowledged committed and applied
   * @param rejected certainly not in the log
   * @param unknown perhaps in the log
   * @param failed refused by a failed member
   * @param shed never sent, because too many were outstanding
   */
  record Counts(long acknowledged, long rejected, long unknown, long failed, long shed) {}

  /** Creates a generator that stands still until {@link #start()}. */
  LoadGenerator(
      Vertx vertx, DemoCluster cluster, AckLedger ledger, long runId, int rate, int valueBytes) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.ledger = ledger;
    this.runId = runId;
    this.rate = rate;
    this.valueBytes = valueBytes;
    this.random = new SplittableRandom(runId);
    int all = (int) Math.min(OUTSTANDING_MAX, OUTSTANDING_BYTES_MAX / valueBytes);
    this.outstandingPerMemberMax = Math.max(1, all / cluster.members().size());
  }

  /** Called at each acknowledgement with the {@link System#nanoTime()} at which it was sent. */
  void ackHandler(LongConsumer handler) {
    ackHandler = handler;
  }

  void start() {
    running = true;
    dueNanos = System.nanoTime();
    timerId = vertx.setPeriodic(TICK_MS, id -> tick());
  }

  /**
   * Sends nothing more.
   *
   * @param whenIdle called once, when no write is outstanding any more
   */
  void stop(Runnable whenIdle) {
    running = false;
    vertx.cancelTimer(timerId);
    idleHandler = whenIdle;
    checkIdle();
  }

  private void checkIdle() {
    if (!running && outstanding() == 0) {
      Runnable handler = idleHandler;
      idleHandler = () -> {};
      handler.run();
    }
  }

  /** Writes per second wanted. */
  int rate() {
    return rate;
  }

  /** Sets the writes per second. */
  void rate(int newRate) {
    rate = newRate;
  }

  /** While on, at least a few writes are sent, so that the end of an outage is noticed. */
  void probing(boolean on) {
    probing = on;
  }

  /** Writes sent and not yet answered. */
  int outstanding() {
    return outstanding.values().stream().mapToInt(Integer::intValue).sum();
  }

  Counts counts() {
    return new Counts(ledger.count(), rejected, unknown, failed, shed);
  }

  /** The latencies in microseconds of the writes acknowledged since the last call. */
  Histogram takeLatencies() {
    Histogram latencies = interval.copy();
    interval.reset();
    return latencies;
  }

  private void tick() {
    long now = System.nanoTime();
    int wanted = probing ? Math.max(rate, PROBE_RATE) : rate;
    if (wanted == 0) {
      dueNanos = now;
      return;
    }
    long stepNanos = SECOND_NANOS / wanted;
    if (now - dueNanos > SECOND_NANOS) {
      shed += (now - dueNanos) / stepNanos;
      dueNanos = now;
    }
    for (; dueNanos - now <= 0; dueNanos += stepNanos) {
      write(dueNanos);
    }
  }

  private void write(long due) {
    DemoMember target = choose();
    if (target == null) {
      shed++;
      return;
    }
    long id = nextId++;
    long sent = System.nanoTime();
    outstanding.merge(target, 1, Integer::sum);
    target
        .node()
        .apply(new WriteCommand(runId, id).encode(valueBytes))
        .onComplete(
            reply -> {
              acknowledged(id, due, sent, reply);
              answered(target);
            },
            cause -> {
              refused(cause);
              answered(target);
            });
  }

  /** A random running member with room; null if there is none. */
  private DemoMember choose() {
    List<DemoMember> up = cluster.up();
    int first = up.isEmpty() ? 0 : random.nextInt(up.size());
    for (int i = 0; i < up.size(); i++) {
      DemoMember member = up.get((first + i) % up.size());
      if (outstanding.getOrDefault(member, 0) < outstandingPerMemberMax) {
        return member;
      }
    }
    return null;
  }

  private void answered(DemoMember target) {
    outstanding.merge(target, -1, Integer::sum);
    checkIdle();
  }

  private void acknowledged(long id, long due, long sent, Buffer reply) {
    ledger.acknowledge(id, reply.getLong(0));
    long micros = (System.nanoTime() - due) / 1_000;
    interval.recordValue(Math.max(0, Math.min(micros, LATENCY_MICROS_MAX)));
    ackHandler.accept(sent);
  }

  private void refused(Throwable cause) {
    if (cause instanceof RaftException.Rejected) {
      rejected++;
    } else if (cause instanceof RaftException.Unknown) {
      unknown++;
    } else {
      failed++;
    }
  }
}
