package io.vertxraft.client;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientReply.Outcome;

/** Translates what a member says to a client, both ways. */
public final class Replies {
  private static final Buffer NO_BYTES = Buffer.buffer(0);

  private Replies() {}

  /**
   * Success.
   *
   * @param leaderId the leader that the member knows, or null
   */
  public static ClientReply ok(String leaderId, Buffer body) {
    return new ClientReply(Outcome.OK, "", "", leaderId, 0, 0, body);
  }

  /**
   * A failure as the client is to see it.
   *
   * @param leaderId the leader that the member knows, or null
   */
  public static ClientReply failed(String leaderId, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof Rejected rejected) {
      String leader = rejected.leaderId() == null ? leaderId : rejected.leaderId();
      return new ClientReply(
          Outcome.REJECTED, rejected.reasonName(), message, leader, 0, 0, NO_BYTES);
    }
    if (cause instanceof Unknown unknown) {
      return new ClientReply(
          Outcome.UNKNOWN,
          unknown.reasonName(),
          message,
          unknown.leaderId() == null ? leaderId : unknown.leaderId(),
          unknown.term(),
          unknown.index(),
          NO_BYTES);
    }
    if (cause instanceof RaftException) {
      // A member that has failed may have replicated the command before.
      String reason = Unknown.Reason.NODE_STOPPED.name();
      return new ClientReply(Outcome.UNKNOWN, reason, message, leaderId, 0, 0, NO_BYTES);
    }
    return new ClientReply(Outcome.FAILED, "", message, leaderId, 0, 0, NO_BYTES);
  }

  /** What the client's caller is told of a reply that is not {@link Outcome#OK}. */
  static RaftException failureOf(ClientReply reply) {
    return reply.outcome() == Outcome.REJECTED
        ? new Rejected(
            named(Rejected.Reason.values(), reply.reason(), Rejected.Reason.NOT_LEADER),
            reply.message(),
            reply.leaderId())
        : new Unknown(
            named(Unknown.Reason.values(), reply.reason(), Unknown.Reason.FORWARD_LOST),
            reply.message(),
            reply.leaderId(),
            reply.term(),
            reply.index());
  }

  /** A later version may know reasons that this one does not. */
  private static <E extends Enum<E>> E named(E[] known, String name, E otherwise) {
    for (E value : known) {
      if (value.name().equals(name)) {
        return value;
      }
    }
    return otherwise;
  }
}
