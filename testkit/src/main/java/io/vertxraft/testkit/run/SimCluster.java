package io.vertxraft.testkit.run;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.testkit.oracle.CommitLedger;
import io.vertxraft.testkit.oracle.NodeProbe;
import io.vertxraft.testkit.oracle.OracleSuite;
import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.sim.SimClients;
import io.vertxraft.testkit.sim.SimMachine;
import io.vertxraft.testkit.sim.SimNetwork;
import io.vertxraft.testkit.sim.SimRandom;
import io.vertxraft.testkit.sim.SimStateMachine;
import io.vertxraft.testkit.sim.SimWorld;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A group of real nodes in a simulated world, with clients and all oracles. The whole run is a
 * function of its seed and of the calls made on it.
 */
public final class SimCluster {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final int CLIENTS = 3;

  private final SimWorld world;
  private final List<SimNode> nodes = new ArrayList<>();
  private final OracleSuite oracles;
  private final SimClients clients;
  private Function<SimNode, Probe> probes = node -> Probe.NONE;
  private Function<String, StateMachine> stateMachines = nodeId -> new SimStateMachine();
  private Set<String> servedNodes;

  /**
   * Creates a cluster whose nodes are all down.
   *
   * @param seed seed of everything random
   * @param size number of members, named n1, n2, …
   * @param options the members' options, without node id and members
   */
  public SimCluster(long seed, int size, RaftOptions options) {
    this(seed, Collections.nCopies(size, Member.DEFAULT_PRIORITY), options);
  }

  /**
   * Creates a cluster whose nodes are all down.
   *
   * @param seed seed of everything random
   * @param priorities how much each member is wanted as leader; as many as there are members, named
   *     n1, n2, …
   * @param options the members' options, without node id and members
   */
  public SimCluster(long seed, List<Integer> priorities, RaftOptions options) {
    int size = priorities.size();
    List<String> ids = new ArrayList<>();
    RaftOptions shared = new RaftOptions(options).setMembers(List.of());
    for (int i = 1; i <= size; i++) {
      ids.add("n" + i);
      shared.addMember(new Member("n" + i, "sim", i, priorities.get(i - 1)));
    }
    world = new SimWorld(seed, ids);
    for (SimMachine machine : world.machines()) {
      SimRandom pace = world.loop().random("snapshots of " + machine.nodeId());
      nodes.add(new SimNode(machine, shared, pace));
    }
    List<NodeProbe> probes = new ArrayList<>(nodes);
    Configuration configuration = Configuration.of(new TreeSet<>(ids));
    oracles = new OracleSuite(seed, world.loop()::nowNanos, probes, configuration).addAll();
    world.machines().forEach(m -> m.disk().chains(oracles.ledger()::chainOfSnapshot));
    world
        .loop()
        .onStep(owner -> oracles.afterStep(owner >= 0 && owner < size ? nodes.get(owner) : null));
    world.network().onSend(oracles::sent);
    clients = new SimClients(world, CLIENTS, this::target).onAcknowledged(oracles::acknowledged);
  }

  /** Takes commands for a node; null if it is down, or not for clients. */
  SimClients.Target target(String nodeId) {
    SimNode node = node(nodeId);
    boolean served = servedNodes == null || servedNodes.contains(nodeId);
    return served && node.machine().isUp() ? new NodeTarget(node.runtime()) : null;
  }

  /** From now on clients send their commands through sessions, over a network of their own. */
  public void useSessions() {
    clients.useSessions(
        nodeId -> target(nodeId) instanceof NodeTarget target ? target.node() : null);
  }

  private record NodeTarget(RaftNode node) implements SimClients.Target {
    @Override
    public Future<Buffer> apply(Buffer command) {
      return node.apply(command);
    }

    @Override
    public Future<Buffer> read(Consistency consistency, Buffer query) {
      return node.read(consistency, query);
    }
  }

  /** The world. */
  public SimWorld world() {
    return world;
  }

  /** The network. */
  public SimNetwork network() {
    return world.network();
  }

  /** All nodes, in the order of their ids. */
  public List<SimNode> nodes() {
    return nodes;
  }

  /** A node by its id. */
  public SimNode node(String nodeId) {
    for (SimNode node : nodes) {
      if (node.nodeId().equals(nodeId)) {
        return node;
      }
    }
    throw new IllegalArgumentException("there is no node '" + nodeId + "'");
  }

  /** The clients. */
  public SimClients clients() {
    return clients;
  }

  /**
   * Sets what looks into a node and chooses for it; asked anew for each life. For nodes booted from
   * now on.
   */
  public SimCluster probes(Function<SimNode, Probe> newProbes) {
    this.probes = newProbes;
    return this;
  }

  /** Sets where a node's state machine comes from, a new one for each life from now on. */
  public SimCluster stateMachines(Function<String, StateMachine> newStateMachines) {
    this.stateMachines = newStateMachines;
    return this;
  }

  /** What is known to be committed. */
  public CommitLedger ledger() {
    return oracles.ledger();
  }

  /** Clients talk to these nodes only from now on. */
  public void serveFrom(Collection<String> nodeIds) {
    servedNodes = new TreeSet<>(nodeIds);
  }

  /** Starts every node that is down. */
  public void bootAll() {
    for (SimNode node : nodes) {
      if (!node.machine().isUp()) {
        boot(node);
      }
    }
  }

  /** Starts a node that is down. */
  public void boot(SimNode node) {
    node.boot(oracles, stateMachines.apply(node.nodeId()), probes);
  }

  /** Starts a node that is down; ends and starts one that is up but serves no more. */
  public void restart(SimNode node) {
    if (node.machine().isUp()) {
      if (!node.hasFailed()) {
        return;
      }
      node.machine().kill();
    }
    boot(node);
  }

  /** The running leader of the highest term, or null. */
  public SimNode leader() {
    return leaderAmong(nodes);
  }

  /** The same among some of the nodes. */
  public SimNode leaderAmong(List<SimNode> members) {
    SimNode leader = null;
    for (SimNode node : members) {
      if (node.isRunning() && node.isLeader() && (leader == null || node.term() > leader.term())) {
        leader = node;
      }
    }
    return leader;
  }

  /**
   * Runs for a span of virtual time.
   *
   * @throws Violation if a safety rule is broken
   */
  public void run(long ms) {
    world.loop().runFor(ms * NANOS_PER_MS);
  }

  /** Runs until a condition holds or the time is up; whether it holds. */
  public boolean runUntil(BooleanSupplier condition, long limitMs) {
    return world.loop().runUntil(condition, limitMs * NANOS_PER_MS);
  }

  /** Whether all nodes run and have applied the same, non-empty log to its end. */
  public boolean hasConverged() {
    return hasConverged(nodes);
  }

  /** The same of some of the nodes; one of them leads. */
  public boolean hasConverged(List<SimNode> members) {
    SimNode leader = leaderAmong(members);
    if (leader == null) {
      return false;
    }
    long end = leader.lastIndex();
    for (SimNode node : members) {
      if (!node.isRunning() || node.lastIndex() != end || node.appliedIndex() != end) {
        return false;
      }
    }
    return true;
  }

  /** Ends the run: what must hold at the end is checked. */
  public void finish() {
    oracles.finish();
  }
}
