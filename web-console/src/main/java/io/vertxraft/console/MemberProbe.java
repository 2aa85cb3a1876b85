package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertxraft.Member;
import io.vertxraft.RaftStatus;
import java.util.function.Supplier;

/**
 * Asks one member for its report, one question at a time, and remembers the newest answer. Confined
 * to the sampler's context.
 */
final class MemberProbe {
  /** A question without an answer for this long is given up, so that the member is asked again. */
  static final long ANSWER_TIMEOUT_MS = 5_000;

  private final String nodeId;
  private final long createdAtMs;
  private RaftStatus status;
  private long receivedAtMs;
  private String error;
  private long askedAtMs = -1;
  private long question;

  MemberProbe(String nodeId, long nowMs) {
    this.nodeId = nodeId;
    this.createdAtMs = nowMs;
  }

  boolean isWaiting() {
    return askedAtMs >= 0;
  }

  RaftStatus status() {
    return status;
  }

  /**
   * Asks unless an answer is still awaited.
   *
   * @param ask gives the report on the sampler's context
   * @param answered called after each answer or failure with its time
   */
  void ask(long nowMs, Supplier<Future<RaftStatus>> ask, Supplier<Long> clock, Runnable answered) {
    if (isWaiting() && nowMs - askedAtMs < ANSWER_TIMEOUT_MS) {
      return;
    }
    if (isWaiting()) {
      error = "no answer within " + Words.duration(ANSWER_TIMEOUT_MS);
    }
    askedAtMs = nowMs;
    long number = ++question;
    Future<RaftStatus> answer;
    try {
      answer = ask.get();
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer.onComplete(
        result -> {
          if (number != question) {
            return;
          }
          askedAtMs = -1;
          if (result.succeeded()) {
            status = result.result();
            receivedAtMs = clock.get();
            error = null;
          } else {
            String message = result.cause().getMessage();
            error = message == null ? result.cause().getClass().getSimpleName() : message;
          }
          answered.run();
        });
  }

  MemberReport report(Member member, long nowMs) {
    long ageMs = nowMs - (status == null ? createdAtMs : receivedAtMs);
    String host = member == null ? "" : member.getHost();
    int port = member == null ? 0 : member.getPort();
    return new MemberReport(nodeId, host, port, status, ageMs, error);
  }
}
