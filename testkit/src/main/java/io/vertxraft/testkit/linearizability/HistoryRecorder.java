package io.vertxraft.testkit.linearizability;

import io.vertx.core.Future;
import io.vertxraft.RaftException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Records what clients do and see. Thread-safe: all clients of a test share one.
 *
 * <pre>{@code
 * recorder.record(client, key, new Write<>(value), () -> node.apply(command).map(this::decode));
 * }</pre>
 */
public final class HistoryRecorder<I, O> {
  private final LongSupplier nanoClock;
  private final List<Call> calls = new ArrayList<>();

  /** A recorder on the clock of this JVM. */
  public HistoryRecorder() {
    this(System::nanoTime);
  }

  /**
   * A recorder on a clock.
   *
   * @param nanoClock a monotonic clock, in nanoseconds
   */
  public HistoryRecorder(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** An operation under way. Only its first outcome counts. */
  public final class Call {
    private final Operation<I, O> asked;
    private Operation<I, O> known;
    private boolean isOver;

    private Call(Operation<I, O> asked) {
      this.asked = asked;
      this.known = asked;
    }

    /** The operation was done and answered. */
    public void returned(O output) {
      end(
          new Operation<>(
              asked.client(),
              asked.key(),
              asked.input(),
              output,
              asked.callNanos(),
              nanoClock.getAsLong()));
    }

    /** The operation certainly has no effect, now or later: it leaves the history. */
    public void rejected() {
      end(null);
    }

    /** Nobody knows: the operation may have taken effect, may yet, or never will. */
    public void unknown() {
      end(asked);
    }

    private void end(Operation<I, O> outcome) {
      synchronized (calls) {
        if (!isOver) {
          isOver = true;
          known = outcome;
        }
      }
    }
  }

  /** Notes that an operation begins now. Call it before the request leaves. */
  public Call call(int client, String key, I input) {
    synchronized (calls) {
      Call call = new Call(Operation.unknown(client, key, input, nanoClock.getAsLong()));
      calls.add(call);
      return call;
    }
  }

  /**
   * Makes a request and records its outcome: a {@link RaftException.Rejected} is one without
   * effect, any other failure one nobody knows.
   *
   * @return what the request gives
   */
  public Future<O> record(int client, String key, I input, Supplier<Future<O>> request) {
    Call call = call(client, key, input);
    return request
        .get()
        .onComplete(
            done -> {
              if (done.succeeded()) {
                call.returned(done.result());
              } else if (done.cause() instanceof RaftException.Rejected) {
                call.rejected();
              } else {
                call.unknown();
              }
            });
  }

  /** The history so far, in the order of the calls. Operations under way are of unknown outcome. */
  public List<Operation<I, O>> operations() {
    List<Operation<I, O>> operations = new ArrayList<>();
    synchronized (calls) {
      for (Call call : calls) {
        if (call.known != null) {
          operations.add(call.known);
        }
      }
    }
    return operations;
  }
}
