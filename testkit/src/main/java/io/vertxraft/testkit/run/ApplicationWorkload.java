package io.vertxraft.testkit.run;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import io.vertxraft.testkit.sim.SimClients;
import io.vertxraft.testkit.sim.SimContext;
import io.vertxraft.testkit.sim.SimLoop;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One client that sends an application's commands to random members at random instants. */
final class ApplicationWorkload implements Workload {
  private final SimCluster cluster;
  private final Application<?> application;
  private final SimContext context;
  private final SimRandom random;
  private final SimRandom commands;
  private final long[] outcomes = new long[Outcome.values().length];
  private final Map<String, WatchedStateMachine<?>> newest = new TreeMap<>();
  private long gapNanosMean;
  private boolean running;

  ApplicationWorkload(SimCluster cluster, Application<?> application) {
    SimLoop loop = cluster.world().loop();
    this.cluster = cluster;
    this.application = application;
    this.context = cluster.world().clientContext("client");
    this.random = loop.random("application");
    this.commands = loop.random("commands");
  }

  /** A state machine for a new life of a member. */
  WatchedStateMachine<?> newStateMachine(String nodeId) {
    WatchedStateMachine<?> stateMachine =
        new WatchedStateMachine<>(application, cluster.world().loop());
    newest.put(nodeId, stateMachine);
    return stateMachine;
  }

  @Override
  public void start(double commandsPerSecond) {
    gapNanosMean = (long) (1_000_000_000L / commandsPerSecond);
    if (!running) {
      running = true;
      next();
    }
  }

  @Override
  public void send(String nodeId, int count) {
    for (int i = 0; i < count; i++) {
      context.after(1, () -> send(nodeId));
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  private void next() {
    context.after(1 + random.exponential(gapNanosMean), this::send);
  }

  private void send() {
    if (!running) {
      return;
    }
    List<SimNode> nodes = cluster.nodes();
    send(nodes.get((int) random.below(nodes.size())).nodeId());
    next();
  }

  private void send(String nodeId) {
    SimClients.Target target = cluster.target(nodeId);
    Buffer command = application.commands().apply(commands);
    if (target != null) {
      outcomes[Outcome.PENDING.ordinal()]++;
      target.apply(command).onComplete(this::completed);
    }
  }

  private void completed(AsyncResult<Buffer> done) {
    outcomes[Outcome.PENDING.ordinal()]--;
    Outcome outcome = Outcome.FATAL;
    if (done.succeeded()) {
      outcome = Outcome.APPLIED;
    } else if (done.cause() instanceof RaftException.Rejected) {
      outcome = Outcome.REJECTED;
    } else if (done.cause() instanceof RaftException.Unknown) {
      outcome = Outcome.UNKNOWN;
    }
    outcomes[outcome.ordinal()]++;
  }

  @Override
  public long count(Outcome outcome) {
    return outcomes[outcome.ordinal()];
  }

  /** Members that have applied the same log must be in the same state. */
  @Override
  public void finish() {
    Map<Long, String> nodeByLog = new TreeMap<>();
    for (SimNode node : cluster.nodes()) {
      if (!node.isRunning() || node.appliedIndex() != node.lastIndex()) {
        continue;
      }
      long log = ChainHash.link(node.log().chainHashAt(node.lastIndex()), node.lastIndex());
      String other = nodeByLog.putIfAbsent(log, node.nodeId());
      if (other != null && newest.get(other).stateHash() != newest.get(node.nodeId()).stateHash()) {
        SimLoop loop = cluster.world().loop();
        throw new Violation(
            "I15",
            "%s and %s have applied the same log up to %d and are in different states"
                .formatted(other, node.nodeId(), node.lastIndex()),
            loop.seed(),
            loop.nowNanos(),
            null);
      }
    }
  }
}
