package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.oracle.Violation;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Virtual time: a queue of events in the order of (time, order of scheduling), run one by one on
 * the caller's thread. Nothing happens between events, and time passes only from one to the next.
 */
public final class SimLoop {
  /** Called after each event, for checks. */
  @FunctionalInterface
  public interface StepListener {
    /** Called after an event of the node or client with the number {@code owner}. */
    void afterStep(int owner);
  }

  /** Events without any passing of time that count as a livelock. */
  public static final long EVENTS_AT_ONE_INSTANT_MAX = 2_000_000;

  /** Events within one second of virtual time that are too many, unless told otherwise. */
  public static final long EVENTS_PER_SECOND_MAX = 200_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int ARITY = 4;

  private final long seed;
  private final Trace trace = new Trace();
  private final ArrayDeque<SimEvent> atNow = new ArrayDeque<>(256);
  private long[] times = new long[1024];
  private SimEvent[] events = new SimEvent[1024];
  private int size;
  private long now;
  private long sequence;
  private long executed;
  private long executedBeforeNow;
  private boolean running;
  private Violation failure;
  private SimContext current;
  private StepListener listener;
  private final long[] marks = new long[WorldMark.ALL.length];
  private long eventsPerSecondMax = EVENTS_PER_SECOND_MAX;
  private long secondEnds = NANOS_PER_SECOND;
  private long executedBeforeSecond;
  private long[] eventsOfOwner = new long[16];

  /** An empty loop at time 0. */
  public SimLoop(long seed) {
    this.seed = seed;
  }

  /** Seed of the run. */
  public long seed() {
    return seed;
  }

  /** Virtual time in nanoseconds since the start. */
  public long nowNanos() {
    return now;
  }

  /** What happened so far. */
  public Trace trace() {
    return trace;
  }

  /** Hash over everything that happened so far, as hexadecimal digits. */
  public String traceHash() {
    return trace.hash();
  }

  /** Events run so far. */
  public long executedEvents() {
    return executed;
  }

  /** Events waiting, cancelled ones included. */
  public int queuedEvents() {
    return size + atNow.size();
  }

  /** Sets who is called after each event; replaces an earlier one. */
  public void onStep(StepListener listener) {
    this.listener = listener;
  }

  /**
   * Sets how many events one second of virtual time may have, {@link #EVENTS_PER_SECOND_MAX} at
   * first. More of them is a message storm: nodes that keep each other busy without end. It is
   * reported as violation {@code I14}.
   */
  public void eventsPerSecondMax(long events) {
    if (events < 1) {
      throw new IllegalArgumentException("eventsPerSecondMax " + events + " is not positive");
    }
    eventsPerSecondMax = events;
  }

  /** Notes that the world got into a corner. */
  public void reached(WorldMark mark) {
    marks[mark.ordinal()]++;
  }

  /** How often the world got into a corner so far. */
  public long count(WorldMark mark) {
    return marks[mark.ordinal()];
  }

  /** The stream of random draws for {@code purpose}. */
  public SimRandom random(String purpose) {
    return new SimRandom(seed, purpose);
  }

  /** Runs {@code action} after {@code delayNanos} of virtual time, on no context. */
  public void after(long delayNanos, Runnable action) {
    schedule(
        now + Math.max(0, delayNanos),
        new SimEvent() {
          @Override
          void run() {
            action.run();
          }
        });
  }

  /** Schedules an event; a time in the past means now. */
  void schedule(long timeNanos, SimEvent event) {
    event.sequence = sequence++;
    if (timeNanos <= now) {
      atNow.add(event);
    } else {
      push(timeNanos, event);
    }
  }

  /** Records a line of the trace at the current instant. */
  void record(TraceKind kind, int owner, long first, long second, Object detail) {
    trace.record(now, kind, owner, first, second, detail);
  }

  /**
   * Reports a broken rule and stops the run at the end of the current step. Unlike throwing, this
   * works inside callbacks of futures, which swallow what is thrown.
   */
  public void fail(String oracleId, String detail, Throwable cause) {
    if (failure == null) {
      failure = new Violation(oracleId, detail, seed, now, cause);
    }
  }

  /**
   * Runs the next event.
   *
   * @return false if there is none
   * @throws Violation if a rule was broken, or a task threw; then again at each further call
   */
  public boolean step() {
    if (running) {
      throw new IllegalStateException("step() called from within an event");
    }
    throwFailure();
    SimEvent event = next(Long.MAX_VALUE);
    if (event == null) {
      return false;
    }
    run(event);
    return true;
  }

  /** Runs all events up to and including {@code timeNanos}; then it is that time. */
  public void runUntil(long timeNanos) {
    throwFailure();
    SimEvent event = next(timeNanos);
    while (event != null) {
      run(event);
      event = next(timeNanos);
    }
    passTo(timeNanos);
  }

  private void passTo(long timeNanos) {
    if (timeNanos > now) {
      now = timeNanos;
      executedBeforeNow = executed;
      if (now >= secondEnds) {
        secondEnds = (now / NANOS_PER_SECOND + 1) * NANOS_PER_SECOND;
        executedBeforeSecond = executed;
        Arrays.fill(eventsOfOwner, 0);
      }
    }
  }

  /** Runs for a span of virtual time. */
  public void runFor(long nanos) {
    runUntil(now + nanos);
  }

  /**
   * Runs until {@code condition} holds, looked at after each event, or the time is up.
   *
   * @return whether the condition holds
   */
  public boolean runUntil(BooleanSupplier condition, long limitNanos) {
    throwFailure();
    long deadline = now + limitNanos;
    while (!condition.getAsBoolean()) {
      SimEvent event = next(deadline);
      if (event == null) {
        passTo(deadline);
        return condition.getAsBoolean();
      }
      run(event);
    }
    return true;
  }

  /** Whether the running task belongs to a process that has ended meanwhile. */
  boolean isCallerDead() {
    return current != null && current.isKilled();
  }

  /** The context whose task is running, or null. */
  SimContext current() {
    return current;
  }

  /** Runs {@code task} as a task of {@code context}. */
  void runIn(SimContext context, Runnable task) {
    SimContext before = current;
    current = context;
    try {
      task.run();
    } finally {
      current = before;
    }
  }

  private void run(SimEvent event) {
    TraceKind kind = event.kind();
    if (kind != null) {
      trace.record(now, kind, event.owner(), event.sequence, 0, null);
    }
    running = true;
    try {
      event.run();
    } catch (Violation e) {
      failure = failure == null ? e : failure;
    } catch (RuntimeException | Error e) {
      fail("UNCAUGHT", "a task of " + trace.ownerName(event.owner()) + " threw " + e, e);
    } finally {
      running = false;
    }
    count(event.owner());
    throwFailure();
    if (listener != null) {
      check(event.owner());
    }
  }

  private void count(int owner) {
    executed++;
    int slot = Math.max(owner, -1) + 1;
    if (slot >= eventsOfOwner.length) {
      eventsOfOwner = Arrays.copyOf(eventsOfOwner, slot * 2);
    }
    eventsOfOwner[slot]++;
    long atThisInstant = executed - executedBeforeNow;
    if (atThisInstant > Math.min(EVENTS_AT_ONE_INSTANT_MAX, eventsPerSecondMax)) {
      fail("LIVELOCK", "time stands still, busy with " + trace.ownerName(owner), null);
    } else if (executed - executedBeforeSecond > eventsPerSecondMax) {
      fail("I14", storm(), null);
    }
  }

  private String storm() {
    int busiest = 0;
    for (int slot = 1; slot < eventsOfOwner.length; slot++) {
      busiest = eventsOfOwner[slot] > eventsOfOwner[busiest] ? slot : busiest;
    }
    return "message storm: more than %d events in one second, %d of them at %s"
        .formatted(eventsPerSecondMax, eventsOfOwner[busiest], trace.ownerName(busiest - 1));
  }

  private void check(int owner) {
    try {
      listener.afterStep(owner);
    } catch (Violation e) {
      failure = e;
    }
    throwFailure();
  }

  private void throwFailure() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Takes the next live event not later than {@code limit} and moves time to it. */
  private SimEvent next(long limit) {
    while (true) {
      SimEvent event;
      if (!atNow.isEmpty()
          && (size == 0 || times[0] > now || atNow.peek().sequence < events[0].sequence)) {
        event = now <= limit ? atNow.poll() : null;
      } else if (size > 0 && times[0] <= limit) {
        passTo(times[0]);
        event = pop();
      } else {
        event = null;
      }
      if (event == null || !event.cancelled()) {
        return event;
      }
    }
  }

  private void push(long time, SimEvent event) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      events = Arrays.copyOf(events, size * 2);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / ARITY;
      if (!before(time, event.sequence, parent)) {
        break;
      }
      times[at] = times[parent];
      events[at] = events[parent];
      at = parent;
    }
    times[at] = time;
    events[at] = event;
  }

  private SimEvent pop() {
    SimEvent top = events[0];
    size--;
    long time = times[size];
    SimEvent event = events[size];
    events[size] = null;
    if (size > 0) {
      sink(time, event);
    }
    return top;
  }

  private void sink(long time, SimEvent event) {
    int at = 0;
    while (true) {
      int first = at * ARITY + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      int end = Math.min(first + ARITY, size);
      for (int child = first + 1; child < end; child++) {
        if (before(times[child], events[child].sequence, least)) {
          least = child;
        }
      }
      if (before(time, event.sequence, least)) {
        break;
      }
      times[at] = times[least];
      events[at] = events[least];
      at = least;
    }
    times[at] = time;
    events[at] = event;
  }

  private boolean before(long time, long sequence, int slot) {
    return time < times[slot] || (time == times[slot] && sequence < events[slot].sequence);
  }
}
