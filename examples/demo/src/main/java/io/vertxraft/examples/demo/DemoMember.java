package io.vertxraft.examples.demo;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;
import java.util.function.Supplier;

/**
 * A member that can be killed, cut off and started again from its data. Each life has a storage, a
 * transport, a state machine and a verticle of its own. Confined to the demo's context.
 */
final class DemoMember {
  /** Where the member is in its life. */
  enum State {
    DOWN,
    STARTING,
    UP,
    STOPPING
  }

  /**
   * What a life is made of.
   *
   * @param storage opens the member's data
   * @param transport makes its way to the others
   * @param stateMachine makes its empty state
   */
  record Parts(
      Supplier<RaftStorage> storage,
      Supplier<Transport> transport,
      Supplier<DemoStateMachine> stateMachine) {}

  private final Vertx vertx;
  private final Context context;
  private final RaftOptions options;
  private final Parts parts;
  private State state = State.DOWN;
  private SlowDisk storage;
  private CuttableTransport transport;
  private DemoStateMachine stateMachine;
  private String deploymentId;
  private RaftNode node;

  DemoMember(Vertx vertx, Context context, RaftOptions options, Parts parts) {
    this.vertx = vertx;
    this.context = context;
    this.options = options;
    this.parts = parts;
  }

  /** The member's id. */
  String id() {
    return options.getNodeId();
  }

  State state() {
    return state;
  }

  /** Whether it runs and the others can be reached from it. */
  boolean isConnected() {
    return state == State.UP && !transport.isCut();
  }

  /** Whether it runs behind a cut. */
  boolean isCut() {
    return state == State.UP && transport.isCut();
  }

  /** The running node; null unless the member is up. */
  RaftNode node() {
    return node;
  }

  /** The state of the present life; null unless the member is starting or up. */
  DemoStateMachine stateMachine() {
    return stateMachine;
  }

  /** Starts a new life from the data of the last; the member must be down. */
  Future<RaftNode> start() {
    if (state != State.DOWN) {
      return Future.failedFuture("%s is %s and cannot be started".formatted(id(), state));
    }
    state = State.STARTING;
    storage = new SlowDisk(vertx, parts.storage().get());
    transport = new CuttableTransport(parts.transport().get());
    stateMachine = parts.stateMachine().get();
    RaftVerticle verticle = new RaftVerticle(options, stateMachine, storage, transport);
    Future<RaftNode> deployed =
        vertx
            .deployVerticle(verticle)
            .map(
                id -> {
                  deploymentId = id;
                  node = verticle.node();
                  state = State.UP;
                  return node;
                });
    return deployed.recover(cause -> release().transform(done -> Future.failedFuture(cause)));
  }

  /**
   * Ends this life without a farewell: from this moment on it says and hears nothing. What it had
   * not yet written to disk is not waited for by anybody.
   */
  Future<Void> kill() {
    if (state != State.UP) {
      return Future.failedFuture("%s is %s and cannot be killed".formatted(id(), state));
    }
    transport.cut();
    return close(transport.close());
  }

  /** Ends this life in good order; does nothing to a member that is not up. */
  Future<Void> stop() {
    return state == State.UP ? close(Future.succeededFuture()) : Future.succeededFuture();
  }

  private Future<Void> close(Future<Void> before) {
    state = State.STOPPING;
    String deployed = deploymentId;
    node = null;
    return before.transform(done -> vertx.undeploy(deployed)).transform(done -> release());
  }

  private Future<Void> release() {
    stateMachine.close();
    Future<Void> released =
        Hops.to(context, transport.close()).transform(done -> Hops.to(context, storage.close()));
    return released.transform(
        done -> {
          state = State.DOWN;
          return Future.succeededFuture();
        });
  }

  /** Cuts the member off from the others; it must be up. */
  void cut() {
    transport.cut();
  }

  /** Loses what the member says to one other; it must be up. */
  void cutTo(String peer) {
    transport.cutTo(peer);
  }

  /** Makes each write of the member's disk take so much longer; it must be up. */
  void slowDisk(long delayMs) {
    storage.delay(delayMs);
  }

  /** Whether its links or its disk are not as they should be. */
  boolean isImpaired() {
    return state == State.UP && (transport.isImpaired() || storage.isSlow());
  }

  /**
   * Connects the member again, and lets its disk be as fast as it is.
   *
   * @return how many messages this life's cuts have dropped
   */
  long heal() {
    transport.heal();
    storage.delay(0);
    return transport.dropped();
  }
}
