package io.vertxraft.testkit.run;

import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.testkit.sim.SimNetwork;
import io.vertxraft.testkit.sim.SimRandom;
import io.vertxraft.testkit.sim.SnapshotFault;
import io.vertxraft.testkit.sim.StorageCallMoment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Does to a cluster what a schedule says. */
final class FaultInjector {
  private static final long NANOS_PER_MS = 1_000_000;

  private final SimCluster cluster;
  private final Workload workload;
  private final SimRandom random;
  private String groupId;

  /** Members struck as leaders; they may have to be started again. */
  private final Set<SimNode> felled = new LinkedHashSet<>();

  FaultInjector(SimCluster cluster, Workload workload) {
    this.cluster = cluster;
    this.workload = workload;
    this.random = cluster.world().loop().random("faults");
  }

  /** Runs the cluster for {@code plan.ms()} of virtual time and strikes at the times planned. */
  void run(SimulationPlan plan) {
    groupId = plan.options().getGroupId();
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
      case PARTITION -> {
        Set<String> side = new TreeSet<>();
        fault.nodes().forEach(id -> side.add(target(id).nodeId()));
        cluster.network().partition(side);
      }
      case CUT, CLOG, RESET -> strikeLink(fault);
      case BRIDGE -> cluster.network().bridge(target(fault.node()).nodeId());
      case HALF_ISOLATE -> {
        String node = target(fault.node()).nodeId();
        if (fault.value() == 0) {
          cluster.network().mute(node);
        } else {
          cluster.network().deafen(node);
        }
      }
      case WRITE_APART -> {
        String node = target(fault.node()).nodeId();
        cluster.network().partition(Set.of(node));
        workload.send(node, (int) fault.value());
      }
      case SWIZZLE_CLOG -> cluster.network().swizzleClog(random, fault.value() * NANOS_PER_MS);
      case RESTART -> {
        if (fault.node().equals(Fault.LEADER)) {
          felled.forEach(cluster::restart);
          felled.clear();
        } else {
          cluster.restart(cluster.node(fault.node()));
        }
      }
      default -> {
        SimNode node = target(fault.node());
        if (fault.node().equals(Fault.LEADER)) {
          felled.add(node);
        }
        strike(fault, node);
      }
    }
  }

  private void strikeLink(Fault fault) {
    SimNode one = target(fault.node());
    SimNode two = target(fault.nodes().get(1));
    if (one == two) {
      two = cluster.nodes().get(one == cluster.nodes().get(0) ? 1 : 0);
    }
    SimNetwork network = cluster.network();
    switch (fault.kind()) {
      case CUT -> network.cutOneWay(one.nodeId(), two.nodeId());
      case CLOG -> network.clog(one.nodeId(), two.nodeId(), fault.value() * NANOS_PER_MS);
      case RESET -> network.reset(one.nodeId(), two.nodeId());
      default -> throw new IllegalStateException(fault + " is not about a link");
    }
  }

  /** The member meant; where a leader is meant and there is none, any. */
  private SimNode target(String id) {
    if (!id.equals(Fault.LEADER)) {
      return cluster.node(id);
    }
    SimNode leader = cluster.leader();
    List<SimNode> nodes = cluster.nodes();
    return leader != null ? leader : nodes.get((int) random.below(nodes.size()));
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
          node.machine().crashAtStorageCall((int) fault.value(), moment(fault));
        }
      }
      case CRASH_IN_SNAPSHOT -> {
        if (up) {
          node.machine().crashAtSnapshotStep((int) fault.value(), moment(fault));
        }
      }
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
      case FAIL_SNAPSHOT ->
          node.machine().disk().failNextSnapshotStep(SnapshotFault.values()[(int) fault.value()]);
      case TAKE_SNAPSHOT -> {
        if (up) {
          node.runtime().snapshot();
        }
      }
      case FLIP_SNAPSHOT_BIT -> node.machine().disk().flipSnapshotBit(groupId, random);
      case LOSE_SNAPSHOT_SYNC ->
          node.machine().disk().failNextSnapshotStep(SnapshotFault.LOST_SYNC);
      case FREE_DISK -> node.machine().disk().freeSpace();
      case FLIP_BIT -> node.machine().disk().flipBit(random);
      case SET_WALL_CLOCK -> node.machine().clock().jumpWall(fault.value());
      case CLOCK_RATE -> node.machine().clock().setRate(fault.value() / 1_000.0);
      default -> throw new IllegalStateException(fault + " is not about one node");
    }
  }

  private static StorageCallMoment moment(Fault fault) {
    return fault.value() % 2 == 0 ? StorageCallMoment.ACCEPTED : StorageCallMoment.START;
  }
}
