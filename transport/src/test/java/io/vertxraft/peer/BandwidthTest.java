package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Several queues that share a limit. */
class BandwidthTest {
  private final ManualTimers time = new ManualTimers();
  private final LongAdder delayed = new LongAdder();
  private final List<String> sent = new ArrayList<>();

  /** A byte takes a millisecond. */
  private final Bandwidth bandwidth = Bandwidth.of(1_000, time, delayed);

  @Test
  void queuesTakeTurnsInTheOrderInWhichTheyAsk() {
    Queue greedy = new Queue("greedy", bandwidth, 300, 300, 300);
    Queue modest = new Queue("modest", bandwidth, 10, 10);
    greedy.drain();
    modest.drain();
    time.run();
    assertThat(sent)
        .containsExactly(
            "greedy at 0", "greedy at 51", "modest at 351", "greedy at 361", "modest at 661");
    assertThat(delayed.sum()).isEqualTo(4);
  }

  @Test
  void askingAgainBeforeTheTurnHasComeChangesNothing() {
    Queue queue = new Queue("q", bandwidth, 350, 100, 100);
    queue.drain();
    for (int i = 0; i < 10; i++) {
      queue.drain();
    }
    assertThat(sent).containsExactly("q at 0");
    assertThat(time.tasks).as("one timer").hasSize(1);
    time.run();
    assertThat(sent).containsExactly("q at 0", "q at 101", "q at 201");
  }

  @Test
  void aTurnThatCannotBeUsedAtOnceIsKept() {
    Queue queue = new Queue("q", bandwidth, 350, 100);
    queue.drain();
    queue.clogged = true;
    time.run();
    assertThat(sent).containsExactly("q at 0");
    queue.clogged = false;
    queue.drain();
    assertThat(sent).containsExactly("q at 0", "q at 101");
  }

  @Test
  void whoLeavesGivesItsTurnBackAndIsNotCalledAgain() {
    Queue gone = new Queue("gone", bandwidth, 250, 50, 5_000);
    gone.drain();
    gone.lane.leave();
    gone.lane.leave();
    assertThat(time.tasks).isEmpty();
    new Queue("next", bandwidth, 1).drain();
    time.run();
    assertThat(sent).containsExactly("gone at 0", "gone at 0", "next at 51");
  }

  @Test
  void aLaneThatWasLeftServesTheNextStream() {
    Queue queue = new Queue("q", bandwidth, 350, 5_000);
    queue.drain();
    queue.lane.leave();
    queue.sizes.set(0, 20);
    queue.drain();
    time.run();
    assertThat(sent).containsExactly("q at 0", "q at 101");
  }

  @Test
  void withoutALimitNobodyWaits() {
    Bandwidth unlimited = Bandwidth.of(0, time, delayed);
    new Queue("q", unlimited, 1_000_000, 1_000_000, 1_000_000).drain();
    assertThat(sent).hasSize(3);
    assertThat(time.tasks).isEmpty();
    assertThat(delayed.sum()).isZero();
  }

  /** What a send queue does with its lane. */
  private final class Queue {
    final String name;
    final Bandwidth.Lane lane;
    final List<Integer> sizes;
    boolean clogged;

    Queue(String name, Bandwidth bandwidth, Integer... sizes) {
      this.name = name;
      this.sizes = new ArrayList<>(List.of(sizes));
      this.lane = bandwidth.lane(this::drain);
    }

    void drain() {
      while (!sizes.isEmpty() && !clogged && lane.admits(sizes.get(0))) {
        sizes.remove(0);
        sent.add(name + " at " + TimeUnit.NANOSECONDS.toMillis(time.nanos));
      }
    }
  }

  /** Time that passes when told to. */
  private static final class ManualTimers implements Bandwidth.Timers {
    final TreeMap<Long, Runnable> tasks = new TreeMap<>();
    long nanos;

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long start(long delayMs, Runnable task) {
      long due = nanos + TimeUnit.MILLISECONDS.toNanos(delayMs);
      while (tasks.containsKey(due)) {
        due++;
      }
      tasks.put(due, task);
      return due;
    }

    @Override
    public void cancel(long id) {
      tasks.remove(id);
    }

    void run() {
      while (!tasks.isEmpty()) {
        var next = tasks.pollFirstEntry();
        nanos = next.getKey();
        next.getValue().run();
      }
    }
  }
}
