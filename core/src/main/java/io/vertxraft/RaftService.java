package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertxraft.runtime.RaftNodes;

/**
 * Lets verticles that are no members use a group over the event bus, in this process, or in all
 * processes if Vert.x is clustered; see {@link RaftClient#overEventBus}.
 *
 * <p>The member answers at {@code vertx-raft.<cluster>.<group>}, which it shares with the other
 * members, and at {@code vertx-raft.<cluster>.<group>.<node>}. Whoever can send there can do all
 * that {@link RaftNode#apply} and {@link RaftNode#read} can.
 */
@VertxGen
public interface RaftService {
  /**
   * Registers a member.
   *
   * @param vertx whose event bus
   * @param node the member
   * @param clusterId the cluster, as in {@link RaftOptions#getClusterId()}
   * @param groupId the group, as in {@link RaftOptions#getGroupId()}
   * @return completes when the member can be reached
   */
  static Future<RaftService> register(
      Vertx vertx, RaftNode node, String clusterId, String groupId) {
    return RaftNodes.register(vertx, node, clusterId, groupId);
  }

  /** Ends the registration. Idempotent. */
  Future<Void> unregister();
}
