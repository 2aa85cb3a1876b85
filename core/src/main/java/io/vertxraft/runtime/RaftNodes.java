package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftService;
import io.vertxraft.SessionOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.client.EventBusChannel;
import io.vertxraft.client.EventBusService;
import io.vertxraft.client.NetworkClient;
import io.vertxraft.consensus.Probe;
import io.vertxraft.spi.ClientChannel;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;

/** Makes nodes and clients; the one place where the API names the runtime. */
public final class RaftNodes {
  private RaftNodes() {}

  /** A client on the current Vert.x context, or on a new event-loop context if there is none. */
  public static RaftClient client(Vertx vertx, SessionOptions options, ClientChannel channel) {
    return new NetworkClient(
        new VertxScheduler(vertx, vertx.getOrCreateContext()), options, channel);
  }

  /** The way to a group whose members are registered on an event bus. */
  public static ClientChannel eventBus(Vertx vertx, String clusterId, String groupId) {
    return new EventBusChannel(vertx, clusterId, groupId);
  }

  /** Registers a member on an event bus. */
  public static Future<RaftService> register(
      Vertx vertx, RaftNode node, String clusterId, String groupId) {
    return EventBusService.register(vertx, node, clusterId, groupId);
  }

  /** A node on the current Vert.x context, or on a new event-loop context if there is none. */
  public static RaftNode create(
      Vertx vertx,
      RaftOptions options,
      StateMachine stateMachine,
      RaftStorage storage,
      Transport transport) {
    VertxScheduler scheduler = new VertxScheduler(vertx, vertx.getOrCreateContext());
    return new NodeRuntime(
        options,
        stateMachine,
        new VertxStateMachineContext(vertx, options.getStateMachineThreading()),
        storage,
        transport,
        scheduler,
        Probe.NONE);
  }
}
