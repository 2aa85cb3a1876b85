package io.vertxraft.spi;

import io.vertx.core.Future;

/**
 * Carries the requests of a client to the members of a group. Called on the client's context, where
 * its futures complete.
 */
public interface ClientChannel {
  /**
   * Sends a request once.
   *
   * @param nodeId the member to send it to, or null for any; a member that the channel does not
   *     know is as good as any
   * @param timeoutMs how long to wait for the answer, in milliseconds
   * @return the member's answer. Fails with {@link io.vertxraft.RaftException.Rejected} if the
   *     request has certainly not been delivered, with {@link io.vertxraft.RaftException.Unknown}
   *     if it may have been; never with anything else
   */
  Future<ClientReply> send(String nodeId, ClientRequest request, long timeoutMs);

  /** Closes the connections; pending requests end as unknown. Idempotent. */
  Future<Void> close();
}
