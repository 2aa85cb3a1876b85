package io.vertxraft.protocol;

/**
 * The outcome of a forwarded command, as the member that received it saw it.
 *
 * @param requestId the request answered
 * @param outcome applied, rejected, unknown or fatal
 * @param reason name of the rejection's or uncertainty's reason; empty if applied
 * @param message human-readable detail; empty if applied
 * @param leaderId the leader the answering member knows, or null
 * @param term the term the command was appended in, 0 if that is not known
 * @param index where it was appended, 0 if that is not known
 * @param reply the state machine's reply if applied, else empty
 */
public record ForwardReply(
    long requestId,
    Outcome outcome,
    String reason,
    String message,
    String leaderId,
    long term,
    long index,
    byte[] reply)
    implements PeerRpc {
  /** An outcome without a place in the log. */
  public ForwardReply(
      long requestId,
      Outcome outcome,
      String reason,
      String message,
      String leaderId,
      byte[] reply) {
    this(requestId, outcome, reason, message, leaderId, 0, 0, reply);
  }

  /** What became of the command. */
  public enum Outcome {
    /** Committed and applied; {@code reply} is the state machine's answer. */
    APPLIED,
    /** Certainly not in the log. */
    REJECTED,
    /** May or may not be applied. */
    UNKNOWN,
    /** The answering member's state machine or storage failed. */
    FATAL
  }

  /** Outcome and reason; never the reply itself. */
  @Override
  public String toString() {
    return "ForwardReply[requestId=%d, %s %s]".formatted(requestId, outcome, reason);
  }
}
