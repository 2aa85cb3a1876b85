package io.vertxraft.spi;

import io.vertx.core.buffer.Buffer;

/**
 * A member's answer to a client.
 *
 * @param outcome what became of the request
 * @param reason the reason's name if it failed, else empty
 * @param message human-readable detail if it failed, else empty
 * @param leaderId the leader that the member knows, or null
 * @param term the term the command was appended in, if that is known of an {@link Outcome#UNKNOWN}
 *     one; else 0
 * @param index where it was appended, else 0
 * @param body the answer if it succeeded, else empty
 */
public record ClientReply(
    Outcome outcome,
    String reason,
    String message,
    String leaderId,
    long term,
    long index,
    Buffer body) {
  /** What became of a request. The names are part of the wire format. */
  public enum Outcome {
    /** Done; the body is the answer. */
    OK,
    /** Certainly without effect. */
    REJECTED,
    /** May have an effect, or none. */
    UNKNOWN,
    /** The state machine has refused a query; nothing was changed. */
    FAILED
  }

  /**
   * The reply of one who cannot pass the request on: certainly without effect, and another member
   * may do better.
   */
  public static ClientReply refused(String message) {
    return new ClientReply(Outcome.REJECTED, "NOT_LEADER", message, null, 0, 0, Buffer.buffer(0));
  }

  /** Outcome and reason; never the body. */
  @Override
  public String toString() {
    return "ClientReply[%s %s]".formatted(outcome, reason);
  }
}
