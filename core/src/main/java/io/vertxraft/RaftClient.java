package io.vertxraft;

import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.VertxGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertxraft.runtime.RaftNodes;
import io.vertxraft.spi.ClientChannel;

/**
 * A client of a Raft group that is no member of it.
 *
 * <p>It finds the leader through any member, follows it when it changes, and sends again what was
 * not answered. Commands go through a session that the client opens by itself and opens anew when
 * the group has forgotten it, so that each is applied exactly once. Nothing blocks.
 *
 * <p>All methods may be called from any thread. Futures complete on the Vert.x context of the
 * caller if it has one, else on the client's own.
 */
@VertxGen
public interface RaftClient extends RaftCommands {
  /**
   * Creates a client.
   *
   * @param vertx the Vert.x instance the client runs on
   * @param options how its sessions behave
   * @param channel the way to the members; closed with the client
   * @throws IllegalArgumentException naming the option that is not valid
   */
  @GenIgnore(GenIgnore.PERMITTED_TYPE)
  static RaftClient create(Vertx vertx, SessionOptions options, ClientChannel channel) {
    return RaftNodes.client(vertx, options, channel);
  }

  /**
   * Creates a client that reaches the members over the event bus: of this process, or of all
   * processes if Vert.x is clustered. Members take part by {@link RaftService#register}.
   *
   * @param vertx the Vert.x instance the client runs on
   * @param options how its sessions behave
   * @param clusterId the cluster, as in {@link RaftOptions#getClusterId()}
   * @param groupId the group, as in {@link RaftOptions#getGroupId()}
   * @throws IllegalArgumentException naming the option that is not valid
   */
  static RaftClient overEventBus(
      Vertx vertx, SessionOptions options, String clusterId, String groupId) {
    return create(vertx, options, RaftNodes.eventBus(vertx, clusterId, groupId));
  }

  /**
   * Opens a session of its own, beside the one that {@link #apply} uses.
   *
   * @param options how it behaves
   * @throws IllegalArgumentException naming the option that is not valid
   */
  Future<RaftSession> session(SessionOptions options);

  /**
   * Tells what has become of a command that a member was given without a session; see {@link
   * RaftNode#resolve}.
   */
  Future<CommandFate> resolve(long term, long index);

  /**
   * Closes the client's sessions, waiting for the calls in flight, and its connections. Idempotent.
   */
  Future<Void> close();
}
