package io.vertxraft.runtime;

import io.vertx.core.Vertx;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Probe;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;

/** Makes nodes; the one place where the API names the runtime. */
public final class RaftNodes {
  private RaftNodes() {}

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
