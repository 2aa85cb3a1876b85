package io.vertxraft.testkit.run;

import io.vertxraft.testkit.sim.SimRandom;
import io.vertxraft.testkit.sim.SnapshotFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Draws the faults of a run: at random instants, one of the kinds that the run has. */
final class FaultDraw {
  private static final long LONGEST_PAUSE_MS = 60_000;

  /** Most of what can go wrong goes wrong where a leader is. */
  private static final double AIMED = 0.25;

  private final SimRandom draw;
  private final List<String> ids;
  private final List<String> damaged;
  private final List<FaultKind> kinds = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final boolean slowDisks;
  private final long gapMsMean;

  /**
   * @param steadyClocks whether clocks keep their speed for the whole run
   */
  FaultDraw(
      SimRandom draw,
      Set<FaultFamily> families,
      List<String> ids,
      Set<String> damaged,
      boolean steadyClocks) {
    this.draw = draw;
    this.ids = ids;
    this.damaged = List.copyOf(damaged);
    this.slowDisks = families.contains(FaultFamily.SLOW_DISKS);
    this.gapMsMean = 100L << draw.below(5);
    for (FaultKind kind : FaultKind.values()) {
      boolean possible =
          families.contains(kind.family())
              && (kind.family() != FaultFamily.DAMAGE || !damaged.isEmpty())
              && (kind != FaultKind.CLOCK_RATE || !steadyClocks)
              && (ids.size() > 1 || !isAboutTheNetwork(kind));
      if (possible) {
        kinds.add(kind);
      }
    }
  }

  private static boolean isAboutTheNetwork(FaultKind kind) {
    return kind.family() == FaultFamily.PARTITIONS
        || kind.family() == FaultFamily.CONNECTIONS
        || kind == FaultKind.WRITE_APART;
  }

  List<Fault> draw(long ms) {
    long now = 0;
    while (!kinds.isEmpty()) {
      now += 1 + draw.exponential(gapMsMean);
      if (now >= ms) {
        break;
      }
      add(now, kinds.get((int) draw.below(kinds.size())));
    }
    faults.sort(Comparator.comparingLong(Fault::atMs));
    return faults;
  }

  private void add(long at, FaultKind kind) {
    String node = canBeAimed(kind) && draw.chance(AIMED) ? Fault.LEADER : anyOf(ids);
    switch (kind) {
      case CRASH, KILL -> {
        fault(at, kind, 0, node);
        restart(at, node);
      }
      case CRASH_IN_STORAGE -> {
        fault(at, kind, draw.between(1, 5), node);
        restart(at + 50, node);
      }
      case CRASH_IN_SNAPSHOT -> {
        fault(at, kind, draw.between(1, 30), node);
        restart(at + 200, node);
      }
      case FAIL_SYNC -> {
        fault(at, kind, 0, node);
        restart(at, node);
      }
      case FILL_DISK -> {
        fault(at, kind, 0, node);
        long room = at + later();
        fault(room, FaultKind.FREE_DISK, 0, node);
        restart(room, node);
      }
      case RUN_LOW -> {
        fault(at, kind, 0, node);
        fault(at + later(), FaultKind.FREE_DISK, 0, node);
      }
      case TRANSFER -> transfer(at);
      case CLOSE -> {
        fault(at, kind, 0, node);
        restart(at, node);
      }
      case PARTITION -> partition(at, side());
      case BRIDGE -> healed(at, new Fault(at, kind, List.of(node), 0));
      case HALF_ISOLATE -> healed(at, new Fault(at, kind, List.of(node), draw.below(2)));
      case CUT -> healed(at, new Fault(at, kind, List.of(node, otherThan(node)), 0));
      case RESET -> fault(at, kind, 0, node, otherThan(node));
      case CLOG -> fault(at, kind, magnitude(10, 5_000), node, otherThan(node));
      case SWIZZLE_CLOG -> faults.add(new Fault(at, kind, List.of(), magnitude(100, 5_000)));
      case FREEZE -> fault(at, kind, magnitude(100, LONGEST_PAUSE_MS), node);
      case STALL -> fault(at, kind, magnitude(10, 30_000), node);
      case SLOW_DISK -> fault(at, kind, magnitude(1, 300), node);
      case FLIP_BIT, FLIP_SNAPSHOT_BIT, LOSE_SNAPSHOT_SYNC -> fault(at, kind, 0, anyOf(damaged));
      case FAIL_SNAPSHOT -> fault(at, kind, draw.below(SnapshotFault.LOST_SYNC.ordinal()), node);
      case TAKE_SNAPSHOT -> fault(at, kind, 0, node);
      case WRITE_APART ->
          // Only a leader takes them. The others have to get far, and not too far.
          healed(at, new Fault(at, kind, List.of(Fault.LEADER), draw.between(5, 40)));
      case SET_WALL_CLOCK -> fault(at, kind, draw.between(-86_400_000, 86_400_000), node);
      case CLOCK_RATE -> fault(at, kind, draw.between(950, 1_050), node);
      case RESTART, HEAL, FREE_DISK -> throw new IllegalStateException(kind + " mends");
    }
  }

  /** A full disk is freed, and a damaged one chosen, by the member's name. */
  private static boolean canBeAimed(FaultKind kind) {
    return kind != FaultKind.FILL_DISK && kind.family() != FaultFamily.DAMAGE;
  }

  /** Now and then with a disk that stalls on one side: its member then holds what nobody knows. */
  private void partition(long at, List<String> side) {
    if (slowDisks && !side.isEmpty() && draw.chance(0.4)) {
      fault(at, FaultKind.STALL, magnitude(500, 20_000), anyOf(side));
    }
    healed(at, new Fault(at, FaultKind.PARTITION, side, 0));
  }

  /** Asked of everybody, for nobody knows beforehand who leads. */
  private void transfer(long at) {
    String target = anyOf(ids);
    long anybody = draw.below(2);
    ids.forEach(id -> fault(at, FaultKind.TRANSFER, anybody, id, target));
  }

  private void restart(long at, String node) {
    fault(at + later(), FaultKind.RESTART, 0, node);
  }

  private void healed(long at, Fault fault) {
    faults.add(fault);
    if (draw.chance(0.7)) {
      faults.add(new Fault(at + later(), FaultKind.HEAL, List.of(), 0));
    }
  }

  private void fault(long at, FaultKind kind, long value, String... nodes) {
    faults.add(new Fault(at, kind, List.of(nodes), value));
  }

  private long later() {
    return 1 + magnitude(20, 10_000);
  }

  private List<String> side() {
    List<String> side = new ArrayList<>();
    if (draw.chance(AIMED)) {
      side.add(Fault.LEADER);
    }
    if (draw.chance(0.3)) {
      side.add(anyOf(ids));
      return side;
    }
    for (String id : ids) {
      if (draw.chance(0.5)) {
        side.add(id);
      }
    }
    return side;
  }

  private String otherThan(String node) {
    String other = anyOf(ids);
    while (other.equals(node)) {
      other = anyOf(ids);
    }
    return other;
  }

  private String anyOf(List<String> from) {
    return from.get((int) draw.below(from.size()));
  }

  private long magnitude(long low, long high) {
    return Swarm.magnitude(draw, low, high);
  }
}
