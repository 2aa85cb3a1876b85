package io.vertxraft.testkit.run;

import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.testkit.sim.SimRandom;
import io.vertxraft.testkit.sim.StorageCallMoment;
import java.util.TreeSet;

/** Does to a cluster what a schedule says. */
final class FaultInjector {
  private static final long NANOS_PER_MS = 1_000_000;

  private final SimCluster cluster;
  private final SimRandom random;

  FaultInjector(SimCluster cluster) {
    this.cluster = cluster;
    this.random = cluster.world().loop().random("faults");
  }

  /** Runs the cluster for {@code plan.ms()} of virtual time and strikes at the times planned. */
  void run(SimulationPlan plan) {
    long now = 0;
    for (Fault fault : plan.faults()) {
      if (fault.atMs() > plan.ms()) {
        break;
      }
      cluster.run(fault.atMs() - now);
      now = fault.atMs();
      strike(fault);
    }
    cluster.run(plan.ms() - now);
  }

  private void strike(Fault fault) {
    switch (fault.kind()) {
      case HEAL -> cluster.network().healAll();
      case PARTITION -> cluster.network().partition(new TreeSet<>(fault.nodes()));
      case CUT -> cluster.network().cutOneWay(fault.node(), fault.nodes().get(1));
      case CLOG ->
          cluster.network().clog(fault.node(), fault.nodes().get(1), fault.value() * NANOS_PER_MS);
      case RESET -> cluster.network().reset(fault.node(), fault.nodes().get(1));
      case BRIDGE -> cluster.network().bridge(fault.node());
      case HALF_ISOLATE -> {
        if (fault.value() == 0) {
          cluster.network().mute(fault.node());
        } else {
          cluster.network().deafen(fault.node());
        }
      }
      case SWIZZLE_CLOG -> cluster.network().swizzleClog(random, fault.value() * NANOS_PER_MS);
      default -> strike(fault, cluster.node(fault.node()));
    }
  }

  private void strike(Fault fault, SimNode node) {
    boolean up = node.machine().isUp();
    switch (fault.kind()) {
      case CRASH -> {
        if (up) {
          node.machine().crash();
        }
      }
      case KILL -> {
        if (up) {
          node.machine().kill();
        }
      }
      case CRASH_IN_STORAGE -> {
        if (up) {
          StorageCallMoment moment =
              fault.value() % 2 == 0 ? StorageCallMoment.ACCEPTED : StorageCallMoment.START;
          node.machine().crashAtStorageCall((int) fault.value(), moment);
        }
      }
      case RESTART -> cluster.restart(node);
      case FREEZE -> {
        if (up) {
          node.machine().freeze(fault.value() * NANOS_PER_MS);
        }
      }
      case STALL -> node.machine().disk().stall(fault.value() * NANOS_PER_MS);
      case SLOW_DISK -> node.machine().disk().latencyFactor((double) fault.value());
      case FAIL_SYNC -> node.machine().disk().failNextSync(Kind.IO_ERROR);
      case FILL_DISK -> node.machine().disk().fill();
      case RUN_LOW -> node.machine().disk().runLow();
      case TRANSFER -> {
        if (up && fault.value() == 0) {
          node.runtime().transferLeadership(fault.nodes().get(1));
        } else if (up) {
          node.runtime().transferLeadership();
        }
      }
      case CLOSE -> {
        if (up) {
          node.runtime().close();
        }
      }
      case FREE_DISK -> node.machine().disk().freeSpace();
      case FLIP_BIT -> node.machine().disk().flipBit(random);
      case SET_WALL_CLOCK -> node.machine().clock().jumpWall(fault.value());
      case CLOCK_RATE -> node.machine().clock().setRate(fault.value() / 1_000.0);
      default -> throw new IllegalStateException(fault + " is not about one node");
    }
  }
}
