package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * All the rules of one run. The world calls {@link #afterStep} after each event, outside the event;
 * the other methods may be called from inside one: a violation found there is thrown by the next
 * {@link #afterStep}, because futures swallow what their callbacks throw.
 */
public final class OracleSuite implements OracleContext {
  private final long seed;
  private final LongSupplier nowNanos;
  private final List<NodeProbe> nodes;
  private final CommitLedger ledger = new CommitLedger();
  private final List<Oracle> oracles = new ArrayList<>();
  private final List<DiskOracle> diskOracles = new ArrayList<>();
  private Configuration configuration;
  private Violation found;

  /**
   * A suite without rules.
   *
   * @param seed seed of the run, for reports
   * @param nowNanos virtual time, for reports
   * @param nodes all nodes of the run
   * @param configuration the configuration in force
   */
  public OracleSuite(
      long seed, LongSupplier nowNanos, List<NodeProbe> nodes, Configuration configuration) {
    this.seed = seed;
    this.nowNanos = nowNanos;
    this.nodes = List.copyOf(nodes);
    this.configuration = configuration;
  }

  /** Adds all rules of this package. */
  public OracleSuite addAll() {
    return addAll(oracle -> true);
  }

  /** Adds those rules of this package that are wanted. */
  OracleSuite addAll(Predicate<Oracle> wanted) {
    addRules();
    oracles.removeIf(wanted.negate());
    diskOracles.removeIf(wanted.negate());
    return this;
  }

  private OracleSuite addRules() {
    OneVotePerTerm votes = new OneVotePerTerm(this);
    return add(new ElectionSafety(this))
        .add(votes)
        .add(new ElectedByMajority(this, votes))
        .add(new LeaderAppendOnly(this))
        .add(new LogMatching(this))
        .add(new LeaderCompleteness(this))
        // Fills the ledger: before the rules that read what the same step committed.
        .add(new CommitSafety(this))
        .add(new ReplicationKnown(this))
        .add(new StateMachineSafety(this))
        .add(new AckDurability(this))
        .add(new HardStateMonotone(this))
        .add(new DurableBeforeSend(this))
        .add(new DurableKnown(this))
        .add(new Bounds(this))
        .add(new LeaseExclusivity(this))
        .add(new SnapshotContent(this))
        .add(new RebuildableDisk(this))
        .add(new InstallLoop(this))
        .add(new ReplicaEquality(this));
  }

  /** Adds a rule. */
  public OracleSuite add(Oracle oracle) {
    oracles.add(oracle);
    if (oracle instanceof DiskOracle diskOracle) {
      diskOracles.add(diskOracle);
    }
    return this;
  }

  /** The probe of a node. */
  public NodeProbe node(String nodeId) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).nodeId().equals(nodeId)) {
        return nodes.get(i);
      }
    }
    throw new IllegalArgumentException("there is no node '" + nodeId + "'");
  }

  /** Sets the configuration in force, when a membership change commits or is appended. */
  public void setConfiguration(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Checks everything that an event may have changed.
   *
   * @param node the node at which it happened, or null if at none
   * @throws Violation if a rule is broken
   */
  public void afterStep(NodeProbe node) {
    throwFound();
    if (node == null) {
      return;
    }
    for (int i = 0; i < diskOracles.size(); i++) {
      diskOracles.get(i).afterDiskStep(node);
    }
    if (!node.isRunning()) {
      return;
    }
    for (int i = 0; i < oracles.size(); i++) {
      oracles.get(i).afterStep(node);
    }
    if (node.isBetweenTurns()) {
      afterTurn(node);
    }
  }

  private void afterTurn(NodeProbe node) {
    long changedFrom = node.log().changedFrom();
    if (changedFrom != Long.MAX_VALUE) {
      node.log().markChecked();
      for (int i = 0; i < oracles.size(); i++) {
        oracles.get(i).logChanged(node, changedFrom);
      }
    }
    for (int i = 0; i < oracles.size(); i++) {
      oracles.get(i).afterTurn(node);
    }
  }

  /** A node hands a message to the network. */
  public void sent(String from, String to, Message message) {
    NodeProbe node = node(from);
    each(oracle -> oracle.sent(node, to, message));
  }

  /** A state machine has applied a command; see {@link Oracle#applied}. */
  public void applied(NodeProbe node, long index, long term, long payloadHash, long stateHash) {
    each(oracle -> oracle.applied(node, index, term, payloadHash, stateHash));
  }

  /** A state machine is about to save its state; see {@link Oracle#snapshotSaving}. */
  public void snapshotSaving(NodeProbe node, long index, long term, long stateHash) {
    each(oracle -> oracle.snapshotSaving(node, index, term, stateHash));
  }

  /** A state machine has loaded a snapshot; see {@link Oracle#snapshotLoaded}. */
  public void snapshotLoaded(NodeProbe node, long index, long term, long stateHash) {
    each(oracle -> oracle.snapshotLoaded(node, index, term, stateHash));
  }

  /** A client has learned that its command is applied; see {@link Oracle#acknowledged}. */
  public void acknowledged(long index, long payloadHash) {
    each(oracle -> oracle.acknowledged(index, payloadHash));
  }

  private void each(Consumer<Oracle> call) {
    try {
      oracles.forEach(call);
    } catch (Violation e) {
      found = found == null ? e : found;
    }
  }

  /**
   * Ends the run.
   *
   * @throws Violation if a rule is broken
   */
  public void finish() {
    throwFound();
    oracles.forEach(Oracle::finished);
  }

  private void throwFound() {
    if (found != null) {
      throw found;
    }
  }

  @Override
  public List<NodeProbe> nodes() {
    return nodes;
  }

  @Override
  public Configuration configuration() {
    return configuration;
  }

  @Override
  public CommitLedger ledger() {
    return ledger;
  }

  @Override
  public Violation violation(String oracleId, String format, Object... arguments) {
    return new Violation(oracleId, format.formatted(arguments), seed, nowNanos.getAsLong(), null);
  }
}
