package io.vertxraft.examples.kv;

import io.vertx.core.VertxException;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftException;

/** Why a request is not answered as wished: HTTP status and JSON body. Carries no stack trace. */
final class Problem extends VertxException {
  /** {@link #outcome()} of requests that certainly changed nothing. */
  static final String REJECTED = "rejected";

  /** {@link #outcome()} of requests that may have changed something, or may yet. */
  static final String UNKNOWN = "unknown";

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String outcome;
  private final String leaderId;

  private Problem(int status, String message, String outcome, String leaderId) {
    super(message, null, true);
    this.status = status;
    this.outcome = outcome;
    this.leaderId = leaderId;
  }

  /** A request that certainly changed nothing. */
  static Problem rejected(int status, String message) {
    return new Problem(status, message, REJECTED, null);
  }

  /** What a failed {@code apply} means to the HTTP client. */
  static Problem of(Throwable failure) {
    if (failure instanceof Problem problem) {
      return problem;
    }
    if (failure instanceof RaftException.Rejected rejected) {
      int status = rejected.reason() == RaftException.Rejected.Reason.TOO_LARGE ? 413 : 503;
      return new Problem(status, failure.getMessage(), REJECTED, rejected.leaderId());
    }
    if (failure instanceof RaftException raft) {
      // A member that fails while a command is on its way may have replicated it before.
      return new Problem(504, failure.getMessage(), UNKNOWN, raft.leaderId());
    }
    String message = failure == null ? "no cause known" : failure.getMessage();
    return new Problem(500, "unexpected failure: " + message, UNKNOWN, null);
  }

  /**
   * What a failed {@code read} means to the HTTP client: it has changed nothing, whatever it is.
   */
  static Problem ofRead(Throwable failure) {
    Problem problem = of(failure);
    int status = failure instanceof RaftException ? 503 : problem.status;
    return new Problem(status, problem.getMessage(), REJECTED, problem.leaderId);
  }

  int status() {
    return status;
  }

  String outcome() {
    return outcome;
  }

  /** The label under which requests that end so are counted. */
  String countedAs() {
    return switch (status) {
      case 400 -> "malformed";
      case 413 -> "too_large";
      case 500 -> "error";
      default -> outcome;
    };
  }

  /**
   * The JSON body.
   *
   * @param knownLeaderId the leader to name if the problem itself does not know one; may be null
   */
  JsonObject toJson(String knownLeaderId) {
    return new JsonObject()
        .put("error", getMessage())
        .put("outcome", outcome)
        .put("leader", leaderId == null ? knownLeaderId : leaderId);
  }
}
