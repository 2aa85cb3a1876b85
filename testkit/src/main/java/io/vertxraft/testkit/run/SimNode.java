package io.vertxraft.testkit.run;

import io.vertxraft.LeaderLease;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.Progress;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.runtime.NodeRuntime;
import io.vertxraft.runtime.StateMachineContext;
import io.vertxraft.testkit.DiskImage;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.oracle.NodeProbe;
import io.vertxraft.testkit.oracle.OracleSuite;
import io.vertxraft.testkit.sim.PacedStateMachine;
import io.vertxraft.testkit.sim.RecordingStateMachine;
import io.vertxraft.testkit.sim.SimMachine;
import io.vertxraft.testkit.sim.SimRandom;
import io.vertxraft.testkit.snapshot.SnapshotShelf;
import java.util.function.Function;

/** A member on its machine: the production code, life after life, as the oracles see it. */
public final class SimNode implements NodeProbe {
  private final SimMachine machine;
  private final RaftOptions options;
  private final SimRandom pace;
  private long savePauseNanos;
  private double savingHangs;
  private NodeRuntime runtime;

  SimNode(SimMachine machine, RaftOptions options, SimRandom pace) {
    this.machine = machine;
    this.pace = pace;
    this.options = new RaftOptions(options).setNodeId(machine.nodeId());
  }

  /** Tells the oracles what the node's state machine does. */
  private final class Reporter implements RecordingStateMachine.Listener {
    private final OracleSuite oracles;

    Reporter(OracleSuite oracles) {
      this.oracles = oracles;
    }

    @Override
    public void applied(long index, long term, long payloadHash, long stateHash) {
      oracles.applied(SimNode.this, index, term, payloadHash, stateHash);
    }

    @Override
    public void saving(long index, long term, long stateHash) {
      oracles.snapshotSaving(SimNode.this, index, term, stateHash);
    }

    @Override
    public void loaded(long index, long term, long stateHash) {
      oracles.snapshotLoaded(SimNode.this, index, term, stateHash);
    }
  }

  /**
   * Sets how slow the node's state machine is with snapshots, in its lives from now on.
   *
   * @param pauseNanos mean pause before each piece that it writes
   * @param hangs probability that a saving never ends
   */
  public SimNode saving(long pauseNanos, double hangs) {
    savePauseNanos = pauseNanos;
    savingHangs = hangs;
    return this;
  }

  /** Starts a new life of the node, from what is on its disk. */
  void boot(OracleSuite oracles, StateMachine application, Function<SimNode, Probe> probes) {
    SimMachine.Life life = machine.boot();
    StateMachine paced =
        new PacedStateMachine(application, life.scheduler(), pace, savePauseNanos, savingHangs);
    RecordingStateMachine stateMachine = new RecordingStateMachine(paced, new Reporter(oracles));
    runtime =
        new NodeRuntime(
            options,
            stateMachine,
            StateMachineContext.of(life.scheduler()),
            life.storage(),
            life.transport(),
            life.scheduler(),
            probes.apply(this));
    runtime.start();
  }

  /**
   * Whether the node's process serves no more, because its storage failed or could not be opened.
   * Whoever operates it would start it anew.
   */
  boolean hasFailed() {
    return runtime != null && runtime.hasEnded();
  }

  /** The node's state in a few words. */
  String describe() {
    if (!isRunning()) {
      return nodeId() + " is " + (machine.isUp() ? "up without serving" : "down");
    }
    return "%s is %s%s of term %d, log ..%d, committed %d, applied %d"
        .formatted(
            nodeId(),
            (machine.isFrozen() ? "frozen " : "") + (hasFailed() ? "ended " : ""),
            core().roleKind(),
            term(),
            lastIndex(),
            commitIndex(),
            appliedIndex());
  }

  /** The machine the node runs on. */
  public SimMachine machine() {
    return machine;
  }

  /** The node of the current life, or of the last one if the machine is down. */
  public NodeRuntime runtime() {
    return runtime;
  }

  /**
   * Term of a lease on which the node would answer reads at this very moment; 0 if there is none.
   */
  @Override
  public long validLeaseTerm() {
    LeaderLease lease = runtime.leaderLease();
    return lease.valid() ? lease.getEpoch() : 0;
  }

  private RaftCore core() {
    return runtime.core();
  }

  @Override
  public String nodeId() {
    return machine.nodeId();
  }

  @Override
  public int life() {
    return machine.isUp() ? machine.life().number() : 0;
  }

  @Override
  public boolean isRunning() {
    return machine.isUp() && runtime != null && core() != null;
  }

  @Override
  public long term() {
    return core().term();
  }

  @Override
  public String votedFor() {
    return core().votedFor();
  }

  @Override
  public boolean isLeader() {
    return core().isLeader();
  }

  @Override
  public long durableIndex() {
    return core().log().durableIndex();
  }

  @Override
  public long matchIndex(String follower) {
    for (Progress progress : core().followers()) {
      if (progress.nodeId().equals(follower)) {
        return progress.matchIndex();
      }
    }
    return 0;
  }

  @Override
  public long commitIndex() {
    return core().commitIndex();
  }

  /** The node's applied index. */
  public long appliedIndex() {
    return core().appliedIndex();
  }

  @Override
  public long lastIndex() {
    return core().log().lastIndex();
  }

  @Override
  public long lastTerm() {
    return core().log().lastTerm();
  }

  @Override
  public String exceededBound() {
    for (Progress follower : core().followers()) {
      if (follower.messagesInFlight() > options.getReplicationMessagesInFlightMax()) {
        return follower.messagesInFlight() + " messages in flight to " + follower.nodeId();
      }
      // One message is always allowed, however large.
      if (follower.messagesInFlight() > 1
          && follower.bytesInFlight()
              > options.getReplicationBytesInFlightMax() + options.getAppendBytesMax()) {
        return follower.bytesInFlight() + " bytes in flight to " + follower.nodeId();
      }
    }
    int proposals = runtime.proposalsInFlight();
    return proposals > options.getProposalsInFlightMax() ? proposals + " proposals" : null;
  }

  @Override
  public LogChain log() {
    return machine.disk().acceptedLog(options.getGroupId());
  }

  @Override
  public boolean hasLostEntries() {
    return machine.disk().hasLostEntries(options.getGroupId());
  }

  @Override
  public boolean isShortOfRoom() {
    return machine.disk().room().low();
  }

  @Override
  public SnapshotShelf snapshots() {
    return machine.disk().snapshots(options.getGroupId());
  }

  @Override
  public DiskImage disk() {
    return machine.disk().image(options.getGroupId());
  }
}
