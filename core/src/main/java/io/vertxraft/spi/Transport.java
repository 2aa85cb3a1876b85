package io.vertxraft.spi;

import io.vertx.core.Future;
import io.vertxraft.protocol.Message;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Carries messages between the members of groups; one per process and node, shared by its groups.
 *
 * <p>A transport may lose, delay, repeat and reorder messages: the protocol copes. It never
 * delivers a message to another cluster, group or node than it was meant for, and never one whose
 * sender is not who it claims to be, as far as the transport's own authentication goes.
 */
public interface Transport {
  /**
   * Joins a group.
   *
   * @param identity who joins
   * @param members all members of the group with their addresses, this one included
   * @param context where {@code receiver} is called: the group's serial context
   * @param receiver takes inbound messages
   * @return the group's endpoint; fails if the transport cannot listen (the message names address
   *     and cause) or if {@code identity} contradicts an earlier one
   */
  Future<Endpoint> join(
      GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver);

  /** Closes all endpoints and connections and stops listening. Idempotent. */
  Future<Void> close();

  /** Takes what comes in for a group: messages of its members, and what clients ask. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Called for each message from the member {@code from}, on the group's context. Must not throw.
     */
    void receive(String from, Message message);

    /**
     * Answers a client that is no member, if the transport lets clients in. Called on any thread.
     * Does not throw, and the future does not fail: what cannot be done is said in the reply.
     *
     * @return completes on any thread
     */
    default Future<ClientReply> serve(ClientRequest request) {
      return Future.succeededFuture(ClientReply.refused("clients are not served here"));
    }
  }

  /** A group's way to its other members. Called on the group's context. */
  interface Endpoint {
    /**
     * Sends a message, best effort. Never blocks and never throws for trouble with the network: a
     * message that cannot be sent is dropped. Votes and heartbeats do not queue behind bulk data.
     */
    void send(String to, Message message);

    /** Leaves the group; nothing is received after the future completes. Idempotent. */
    Future<Void> close();
  }
}
