package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException;
import io.vertxraft.protocol.ForwardReply;

/** Translates outcomes of commands to and from the wire. */
final class Outcomes {
  private static final byte[] NO_BYTES = {};

  private Outcomes() {}

  static ForwardReply applied(long requestId, Buffer reply) {
    return new ForwardReply(
        requestId, ForwardReply.Outcome.APPLIED, "", "", null, reply.getBytes());
  }

  static ForwardReply failed(long requestId, Throwable cause) {
    ForwardReply.Outcome outcome = ForwardReply.Outcome.FATAL;
    String reason = "";
    String leaderId = null;
    long term = 0;
    long index = 0;
    if (cause instanceof RaftException failure) {
      reason = failure.reasonName();
      leaderId = failure.leaderId();
      if (failure instanceof RaftException.Rejected) {
        outcome = ForwardReply.Outcome.REJECTED;
      } else if (failure instanceof RaftException.Unknown unknown) {
        outcome = ForwardReply.Outcome.UNKNOWN;
        term = unknown.term();
        index = unknown.index();
      }
    }
    return new ForwardReply(
        requestId,
        outcome,
        reason,
        String.valueOf(cause.getMessage()),
        leaderId,
        term,
        index,
        NO_BYTES);
  }

  /** The failure that the answering member reported, as this member's caller is to see it. */
  static RaftException failureOf(String peer, ForwardReply reply) {
    String message = peer + ": " + reply.message();
    return switch (reply.outcome()) {
      case REJECTED ->
          new RaftException.Rejected(
              parse(
                  RaftException.Rejected.Reason.class,
                  reply.reason(),
                  RaftException.Rejected.Reason.NOT_LEADER),
              message,
              reply.leaderId());
      // A failed leader may have replicated the command before it failed.
      case UNKNOWN, FATAL, APPLIED ->
          new RaftException.Unknown(
              parse(
                  RaftException.Unknown.Reason.class,
                  reply.reason(),
                  RaftException.Unknown.Reason.FORWARD_LOST),
              message,
              reply.leaderId(),
              reply.term(),
              reply.index());
    };
  }

  /** A later version may know reasons that this one does not. */
  private static <E extends Enum<E>> E parse(Class<E> type, String name, E otherwise) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(name)) {
        return value;
      }
    }
    return otherwise;
  }
}
