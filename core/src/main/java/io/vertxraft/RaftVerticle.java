package io.vertxraft;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;

/**
 * Deploys a member of a Raft group.
 *
 * <p>The verticle's context is the member's node context: all consensus state is confined to it.
 * Deploy it with one instance and the event-loop threading model. Undeploying closes the member;
 * storage and transport, which groups may share, stay open.
 */
public class RaftVerticle extends VerticleBase {
  private final RaftOptions options;
  private final StateMachine stateMachine;
  private final RaftStorage storage;
  private final Transport transport;
  private RaftNode node;

  /**
   * Creates a verticle to be deployed once.
   *
   * @param options who the member is, and its limits
   * @param stateMachine the replicated application state
   * @param storage durable storage of this node
   * @param transport way to the other members
   * @throws IllegalArgumentException naming the option that is not valid
   */
  public RaftVerticle(
      RaftOptions options, StateMachine stateMachine, RaftStorage storage, Transport transport) {
    this.options = new RaftOptions(options).validate();
    this.stateMachine = stateMachine;
    this.storage = storage;
    this.transport = transport;
  }

  /**
   * The deployed member.
   *
   * @throws IllegalStateException before the verticle is deployed
   */
  public RaftNode node() {
    if (node == null) {
      throw new IllegalStateException(
          "member '%s' is not deployed yet".formatted(options.getNodeId()));
    }
    return node;
  }

  @Override
  public Future<?> start() {
    node = RaftNode.create(vertx, options, stateMachine, storage, transport);
    return node.start();
  }

  @Override
  public Future<?> stop() {
    return node.close();
  }
}
