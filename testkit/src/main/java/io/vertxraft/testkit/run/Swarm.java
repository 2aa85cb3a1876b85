package io.vertxraft.testkit.run;

import io.vertxraft.RaftOptions;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.consensus.Choice;
import io.vertxraft.testkit.run.SimulationPlan.Ending;
import io.vertxraft.testkit.run.SimulationPlan.Links;
import io.vertxraft.testkit.run.SimulationPlan.Load;
import io.vertxraft.testkit.run.SimulationPlan.Machine;
import io.vertxraft.testkit.run.SimulationPlan.Saving;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws a {@link SimulationPlan} from a seed. First comes which families of faults a run has at
 * all, then their strength, in orders of magnitude; tiny limits find more than large ones.
 */
final class Swarm {
  /** Clocks run at 0.95 to 1.05 of true time at most. */
  private static final int CLOCK_DRIFT_MAX_PERCENT = 11;

  private static final long NANOS_PER_MS = 1_000_000;
  private static final double FAMILY_PROBABILITY = 0.5;
  private static final double CHOICE_PROBABILITY = 0.25;
  private static final long[] SNAPSHOT_ENTRIES = {0, 2, 2, 10, 10, 1_000};
  private static final int[] SIZES = {1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 6, 7};

  private final long seed;
  private final SimRandom draw;
  private final boolean takesSnapshots;
  private final boolean usesSessions;
  private final Set<FaultFamily> families;

  private Swarm(long seed, Profile profile) {
    this.seed = seed;
    this.draw = new SimRandom(seed, "world");
    this.takesSnapshots = profile.takesSnapshots();
    this.usesSessions = profile.usesSessions() && new SimRandom(seed, "sessions").chance(0.5);
    this.families = EnumSet.noneOf(FaultFamily.class);
    for (FaultFamily family : profile.families()) {
      if (draw.chance(FAMILY_PROBABILITY)) {
        families.add(family);
      }
    }
  }

  /** The plan of a seed, with faults for {@code ms} of virtual time. */
  static SimulationPlan draw(long seed, Profile profile, long ms) {
    return new Swarm(seed, profile).plan(ms, 0);
  }

  /** The same with a fixed number of members. */
  static SimulationPlan draw(long seed, Profile profile, long ms, int members) {
    return new Swarm(seed, profile).plan(ms, members);
  }

  private SimulationPlan plan(long ms, int fixedMembers) {
    int drawn = SIZES[(int) draw.below(SIZES.length)];
    int members = fixedMembers > 0 ? fixedMembers : drawn;
    List<String> ids = new ArrayList<>();
    List<Machine> machines = new ArrayList<>();
    for (int i = 1; i <= members; i++) {
      ids.add("n" + i);
      machines.add(machine());
    }
    Set<String> damaged = damaged(ids);
    boolean steadyClocks = draw.chance(0.4);
    return new SimulationPlan(
        seed,
        ms,
        members,
        options(steadyClocks),
        links(),
        machines,
        load(),
        choices(),
        new FaultDraw(draw, families, ids, damaged, steadyClocks).draw(ms),
        ending(ids, damaged));
  }

  /**
   * @param steadyClocks whether clocks keep their speed, so that members can find out that it
   *     breaks the bound they are told
   */
  private RaftOptions options(boolean steadyClocks) {
    RaftOptions options =
        new RaftOptions()
            .setGroupId("sim")
            .setElectionTimeoutMs(draw.between(150, 1_000))
            .setApplyTimeoutMs(5_000);
    options.setHeartbeatIntervalMs(
        draw.between(options.getElectionTimeoutMs() / 10, options.getElectionTimeoutMs() / 3));
    if (draw.chance(0.4)) {
      options.setAppendEntriesMax((int) draw.between(1, 4));
    }
    if (draw.chance(0.3)) {
      options.setReplicationMessagesInFlightMax((int) draw.between(1, 3));
    }
    if (draw.chance(0.3)) {
      options.setLogCacheBytesMax(draw.between(0, 2_000));
    }
    if (draw.chance(0.3)) {
      options.setApplyEntriesMax((int) draw.between(1, 5));
    }
    options.setClockDriftMaxPercent(
        steadyClocks ? (int) draw.between(0, 8) : CLOCK_DRIFT_MAX_PERCENT);
    options.setTransferTimeoutMs(draw.between(100, 5_000));
    options.setReadTimeoutMs(5_000);
    // Few enough that whatever is in flight gets through the tightest window before its deadline.
    options.setProposalsInFlightMax((int) draw.between(1, 30));
    options.setSnapshots(
        takesSnapshots
            ? snapshots()
            : new SnapshotOptions().setEntries(0).setLogBytes(0).setIntervalMs(0));
    return options.setForwardToLeader(draw.chance(0.8));
  }

  private SnapshotOptions snapshots() {
    SnapshotOptions options =
        new SnapshotOptions()
            .setEntries(SNAPSHOT_ENTRIES[(int) draw.below(SNAPSHOT_ENTRIES.length)])
            .setIntervalMs(draw.chance(0.3) ? magnitude(200, 20_000) : 0)
            .setLogBytes(draw.chance(0.2) ? magnitude(500, 50_000) : 0)
            .setKept((int) draw.between(2, 3))
            .setRetainEntries(draw.chance(0.6) ? draw.between(0, 3) : draw.between(0, 50))
            .setSaveTimeoutMs(magnitude(500, 60_000))
            .setReceiveTimeoutMs(magnitude(500, 10_000))
            .setChunkBytes((int) magnitude(50, 5_000))
            .setChunksInFlightMax((int) draw.between(1, 4))
            .setChunkTimeoutMs(magnitude(100, 5_000))
            .setCompressed(draw.chance(0.3))
            .setFromFollowers(draw.chance(0.5));
    if (draw.chance(0.2)) {
      options.setEntriesMin(draw.between(1, 20));
    }
    if (draw.chance(0.3)) {
      options.setRetainBytes(magnitude(100, 100_000));
    }
    if (draw.chance(0.4)) {
      options.setRetainForFollowersBytesMax(draw.chance(0.3) ? 0 : magnitude(100, 1_000_000));
    }
    return options;
  }

  private Links links() {
    return new Links(
        magnitude(50_000, 10 * NANOS_PER_MS),
        magnitude(10_000, 10 * NANOS_PER_MS),
        draw.chance(0.5),
        families.contains(FaultFamily.LOSS) ? magnitude(1_000, 200_000) / 1e6 : 0,
        families.contains(FaultFamily.DUPLICATION) ? magnitude(1_000, 200_000) / 1e6 : 0,
        families.contains(FaultFamily.LATE_REPLAY) ? magnitude(500, 20_000) / 1e6 : 0,
        draw.between(1_000, 120_000),
        families.contains(FaultFamily.BANDWIDTH) ? magnitude(50_000, 10_000_000) : 0);
  }

  private Machine machine() {
    double rate = families.contains(FaultFamily.CLOCKS) ? 0.97 + 0.06 * draw.fraction() : 1;
    int priority = draw.chance(0.3) ? (int) draw.between(1, 3) : 1;
    return new Machine(rate, magnitude(10_000, 5 * NANOS_PER_MS), priority, saving());
  }

  private Saving saving() {
    return new Saving(
        magnitude(1, 2_000),
        draw.chance(0.5) ? magnitude(10_000, 200 * NANOS_PER_MS) : 0,
        families.contains(FaultFamily.SNAPSHOTS) && draw.chance(0.2) ? 0.05 : 0);
  }

  private Load load() {
    long commandsPerSecond = 5L << draw.below(5);
    int keys = 1 << draw.between(7, 9);
    int paddingMax = draw.chance(0.3) ? 2_000 : 0;
    return new Load(commandsPerSecond, keys, paddingMax, usesSessions);
  }

  private List<Choice> choices() {
    List<Choice> taken = new ArrayList<>();
    for (Choice choice : Choice.values()) {
      if (draw.chance(CHOICE_PROBABILITY)) {
        taken.add(choice);
      }
    }
    return taken;
  }

  /** Fewer than half may lose what they once confirmed; of the others one good copy is left. */
  private Set<String> damaged(List<String> ids) {
    Set<String> damaged = new TreeSet<>();
    int most = (ids.size() - 1) / 2;
    while (families.contains(FaultFamily.DAMAGE) && damaged.size() < most) {
      damaged.add(ids.get((int) draw.below(ids.size())));
    }
    return damaged;
  }

  /**
   * A majority that works, and others that trouble it for ever. No outsider reaches and hears so
   * many members that it could lead them: such a group would have two majorities that both work.
   */
  private Ending ending(List<String> ids, Set<String> damaged) {
    int quorum = ids.size() / 2 + 1;
    List<String> left = new ArrayList<>(ids);
    left.removeAll(damaged);
    int coreSize = draw.chance(0.3) ? left.size() : (int) draw.between(quorum, left.size());
    while (left.size() > coreSize) {
      left.remove((int) draw.below(left.size()));
    }
    // The whole ones are a majority without the damaged ones, who must be made whole by them.
    for (String id : damaged) {
      if (draw.chance(0.5)) {
        left.add(id);
      }
    }
    List<String> down = new ArrayList<>();
    for (String outsider : ids) {
      if (!left.contains(outsider) && (damaged.contains(outsider) || draw.chance(0.4))) {
        down.add(outsider);
      }
    }
    return new Ending(left, down, cuts(ids, left, quorum - 2));
  }

  private List<List<String>> cuts(List<String> ids, List<String> core, int neighboursMax) {
    List<List<String>> cuts = new ArrayList<>();
    int[] neighbours = new int[ids.size()];
    for (int i = 0; i < ids.size(); i++) {
      for (int j = i + 1; j < ids.size(); j++) {
        boolean coreI = core.contains(ids.get(i));
        boolean coreJ = core.contains(ids.get(j));
        boolean mayTalk =
            (coreI || neighbours[i] < neighboursMax) && (coreJ || neighbours[j] < neighboursMax);
        if (coreI && coreJ) {
          continue;
        }
        if (mayTalk && draw.chance(0.5)) {
          neighbours[i]++;
          neighbours[j]++;
        } else {
          cut(cuts, ids.get(i), ids.get(j));
        }
      }
    }
    return cuts;
  }

  /** One way, the other, or both. */
  private void cut(List<List<String>> cuts, String a, String b) {
    int shape = (int) draw.below(3);
    if (shape != 0) {
      cuts.add(List.of(a, b));
    }
    if (shape != 1) {
      cuts.add(List.of(b, a));
    }
  }

  /** Uniform in its order of magnitude. */
  private long magnitude(long low, long high) {
    return magnitude(draw, low, high);
  }

  static long magnitude(SimRandom draw, long low, long high) {
    double span = StrictMath.log((double) high / low);
    return Math.round(low * StrictMath.exp(draw.fraction() * span));
  }
}
