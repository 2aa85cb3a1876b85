package io.vertxraft.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.SessionOptions;
import io.vertxraft.spi.RaftScheduler;
import java.util.concurrent.TimeUnit;

/**
 * Sends calls again by the rules of their outcomes: what was rejected may be sent again, and
 * what is unknown too, because the group knows a session's command when it comes again, and a query
 * changes nothing. Confined to the client's context.
 */
final class Retries {
  private static final int DOUBLINGS_MAX = 20;

  private final RaftScheduler scheduler;
  private final Link link;
  private final SessionOptions options;

  Retries(RaftScheduler scheduler, Link link, SessionOptions options) {
    this.scheduler = scheduler;
    this.link = link;
    this.options = options;
  }

  /** Makes the first attempt, or the next. */
  void attempt(RetriedCall call) {
    long leftNanos = call.deadline - scheduler.nanoTime();
    if (call.done) {
      return;
    }
    if (leftNanos <= 0) {
      giveUp(call);
      return;
    }
    long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos));
    call.attempts++;
    link.execute(call.request(Math.min(leftMs, options.getAttemptTimeoutMs())))
        .onComplete(answer -> answered(call, answer));
  }

  private void answered(RetriedCall call, AsyncResult<Buffer> answer) {
    if (call.done) {
      return;
    }
    if (answer.succeeded()) {
      end(call, answer.result(), null);
    } else if (answer.cause() instanceof Rejected rejected) {
      rejected(call, rejected);
    } else if (answer.cause() instanceof Unknown unknown) {
      if (unknown.reason() == Unknown.Reason.REPLY_FORGOTTEN) {
        end(call, null, unknown);
        return;
      }
      call.maybe = call.changesState() ? withoutPlace(unknown) : null;
      retry(call);
    } else {
      end(call, null, answer.cause());
    }
  }

  /**
   * The place of one attempt does not tell the fate of the command: another attempt may stand
   * elsewhere, and an entry that is committed may have no effect.
   */
  private static Unknown withoutPlace(Unknown unknown) {
    return new Unknown(unknown.reason(), unknown.getMessage(), unknown.leaderId());
  }

  private void rejected(RetriedCall call, Rejected rejected) {
    call.lastRefusal = rejected;
    switch (rejected.reason()) {
      case TOO_LARGE -> end(call, null, undecided(call, rejected));
      case SESSION_EXPIRED -> {
        if (call.maybe == null) {
          end(call, null, rejected);
        } else {
          end(call, null, unknown(call, Unknown.Reason.SESSION_EXPIRED, rejected.getMessage()));
        }
      }
      default -> retry(call);
    }
  }

  private void retry(RetriedCall call) {
    long pauseMs =
        Math.min(
            options.getRetryDelayMaxMs(),
            options.getRetryDelayMs() << Math.min(call.attempts - 1, DOUBLINGS_MAX));
    // Clients that failed together do not come back together.
    long jitteredMs = pauseMs / 2 + scheduler.random(pauseMs / 2 + 1);
    long pauseNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(1, jitteredMs));
    long leftNanos = call.deadline - scheduler.nanoTime();
    scheduler.schedule(Math.max(1, Math.min(pauseNanos, leftNanos)), () -> attempt(call));
  }

  /** The time is over. */
  private void giveUp(RetriedCall call) {
    if (call.maybe != null) {
      end(
          call,
          null,
          unknown(
              call,
              Unknown.Reason.DEADLINE,
              "no answer after %d attempts, the last said: %s"
                  .formatted(call.attempts, call.maybe.getMessage())));
    } else if (call.lastRefusal != null) {
      end(call, null, call.lastRefusal);
    } else {
      end(
          call,
          null,
          new Rejected(
              Rejected.Reason.TIMEOUT, "no answer after " + call.attempts + " attempts", null));
    }
  }

  /** Ends a call whose session or client has ended. */
  void abandon(RetriedCall call, String why) {
    if (call.attempts > 0 && call.changesState()) {
      end(call, null, unknown(call, Unknown.Reason.NODE_STOPPED, why));
    } else {
      end(call, null, new Rejected(Rejected.Reason.SHUTTING_DOWN, why, null));
    }
  }

  private static RaftException undecided(RetriedCall call, Rejected rejected) {
    return call.maybe == null ? rejected : call.maybe;
  }

  private static Unknown unknown(RetriedCall call, Unknown.Reason reason, String message) {
    return new Unknown(reason, message, call.maybe == null ? null : call.maybe.leaderId());
  }

  private void end(RetriedCall call, Buffer answer, Throwable cause) {
    if (call.done) {
      return;
    }
    call.done = true;
    call.ended();
    if (call.caller == scheduler && scheduler.inContext()) {
      complete(call, answer, cause);
    } else {
      call.caller.execute(() -> complete(call, answer, cause));
    }
  }

  private static void complete(RetriedCall call, Buffer answer, Throwable cause) {
    if (cause == null) {
      call.promise.complete(answer);
    } else {
      call.promise.fail(cause);
    }
  }
}
