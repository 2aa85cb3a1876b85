package io.vertxraft.testkit.sim;

import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;
import java.util.function.Consumer;

/**
 * A machine that runs one node: clocks and a disk that survive crashes, and the lives of the node
 * one after the other.
 */
public final class SimMachine {
  private static final long LONG_FREEZE_NANOS = 1_000_000_000L;

  private final SimWorld world;
  private final String nodeId;
  private final int owner;
  private final NodeClock clock;
  private final SimRandom random;
  private final SimDisk disk;
  private Consumer<String> endListener = how -> {};
  private Life life;
  private int lives;

  SimMachine(SimWorld world, String nodeId, int owner) {
    SimLoop loop = world.loop();
    this.world = world;
    this.nodeId = nodeId;
    this.owner = owner;
    this.random = loop.random("node " + nodeId);
    // Monotonic clocks of different machines have nothing in common.
    this.clock = new NodeClock(loop, random.below(1L << 50));
    this.disk = new SimDisk(loop, nodeId, owner);
    clock.onRateChange(this::rateChanged);
  }

  /**
   * One life of the node, from boot to crash or shutdown: what the node is constructed from.
   *
   * @param number 1 for the first life
   * @param scheduler time, timers, randomness and context
   * @param storage this life's handle on the disk
   * @param transport this life's place in the network
   */
  public record Life(
      int number, SimScheduler scheduler, RaftStorage storage, Transport transport) {}

  /** Sets who hears how each life ends; replaces an earlier one. */
  public void onEnd(Consumer<String> listener) {
    this.endListener = listener;
  }

  /** The node's id. */
  public String nodeId() {
    return nodeId;
  }

  /** Number of the node in the trace. */
  int owner() {
    return owner;
  }

  /** The machine's clocks. */
  public NodeClock clock() {
    return clock;
  }

  /** The machine's disk. */
  public SimDisk disk() {
    return disk;
  }

  /** Whether the node runs. */
  public boolean isUp() {
    return life != null;
  }

  /**
   * The current life.
   *
   * @throws IllegalStateException if the node is down
   */
  public Life life() {
    if (life == null) {
      throw new IllegalStateException("node '" + nodeId + "' is down");
    }
    return life;
  }

  /**
   * Starts a new life.
   *
   * @throws IllegalStateException if the node is up, or if the caller is a task of a process that
   *     has just been killed: nothing such a task does has any effect
   */
  public Life boot() {
    if (life != null) {
      throw new IllegalStateException("node '" + nodeId + "' is up already");
    }
    if (world.loop().isCallerDead()) {
      throw new IllegalStateException(
          "node '%s' cannot be started from the task of a dead process: use SimLoop.after"
              .formatted(nodeId));
    }
    lives++;
    SimScheduler scheduler = new SimScheduler(world.loop(), owner, clock, random);
    life =
        new Life(lives, scheduler, disk.storage(), world.network().transportOf(nodeId, scheduler));
    world.loop().record(TraceKind.BOOT, owner, lives, 0, "life " + lives);
    return life;
  }

  /** Power cut: the process is gone at once, and the disk loses what it had not synced. */
  public void crash() {
    end("power cut");
    disk.crash();
  }

  /**
   * The power goes inside the {@code n}-th call to storage from now: open, write, read or close, of
   * this life or a later one. It goes at once, in the middle of the node's turn; whatever the node
   * does in the rest of that turn has no effect, and the call's future never completes.
   *
   * @param n 1 for the next call; replaces an earlier order
   * @param moment where inside the call
   */
  public void crashAtStorageCall(int n, StorageCallMoment moment) {
    if (n < 1) {
      throw new IllegalArgumentException("storage call " + n + " is not in the future: 1 is next");
    }
    disk.powerCutAtCall(n, moment, this::crash);
  }

  /**
   * The power goes inside the {@code n}-th step of a snapshot on the disk from now: when a file is
   * written or synced, the name given, the directory synced, a snapshot verified, read or removed.
   *
   * @param n 1 for the next step; replaces an earlier order
   * @param moment where inside the step
   */
  public void crashAtSnapshotStep(int n, StorageCallMoment moment) {
    if (n < 1) {
      throw new IllegalArgumentException("step " + n + " is not in the future: 1 is next");
    }
    disk.powerCutAtSnapshotStep(n, moment, this::crash);
  }

  /** Takes back what was ordered by the two above, if it has not happened yet. */
  public void cancelStorageCrash() {
    disk.cancelPowerCut();
  }

  /** The process is killed or has ended, but the operating system lives: no write is lost. */
  public void kill() {
    end("process ended");
    disk.processExit();
  }

  private void end(String how) {
    if (life == null) {
      throw new IllegalStateException("node '" + nodeId + "' is down already");
    }
    life.scheduler().kill();
    life = null;
    world.loop().record(TraceKind.HALT, owner, lives, 0, how);
    endListener.accept(how);
  }

  private void rateChanged() {
    world
        .loop()
        .record(TraceKind.FAULT, owner, Double.doubleToLongBits(clock.rate()), 0, "clock rate");
    if (life != null) {
      life.scheduler().retime();
      world.loop().reached(WorldMark.CLOCK_RATE_CHANGED);
    }
  }

  /** Whether the process is stopped now. */
  public boolean isFrozen() {
    return life != null && life.scheduler().isFrozen();
  }

  /**
   * Stops the process for a while, as a long garbage collection or SIGSTOP does. The disk and the
   * network go on; what they have for the process, and its timers, wait for its end.
   */
  public void freeze(long nanos) {
    life().scheduler().freeze(nanos);
    world.loop().record(TraceKind.FAULT, owner, nanos, 0, "frozen for " + nanos + " ns");
    if (nanos >= LONG_FREEZE_NANOS) {
      world.loop().reached(WorldMark.FROZEN_FOR_A_SECOND);
    }
  }
}
