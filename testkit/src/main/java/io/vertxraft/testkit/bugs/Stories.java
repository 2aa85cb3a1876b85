package io.vertxraft.testkit.bugs;

import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.run.SimCluster;
import io.vertxraft.testkit.run.SimNode;
import io.vertxraft.testkit.sim.MessageRule;
import io.vertxraft.testkit.sim.SimLoop;
import java.util.ArrayList;
import java.util.List;

/** What the stories share. */
final class Stories {
  /** The product itself has found a contradiction and stops the member. */
  static final String SELF = "SELF";

  /** The group comes to serve again. */
  static final String LIVENESS = "L2";

  /** A member that others lead well deposes nobody. */
  static final String STABILITY = "R-37";

  /** A repeated request gets the same answer. */
  static final String SAME_ANSWER = "R-35";

  /** What was rejected is not in the log. */
  static final String REJECTED_IS_ABSENT = "R-06";

  /** A command stands in the log at most once. */
  static final String APPLIED_ONCE = "R-09";

  /** A read contains all that was acknowledged before it began. */
  static final String FRESH = "R-39";

  /** A member runs as long as nothing is broken. */
  static final String RUNS_ON = "R-50";

  private static final long SEED = 1;
  private static final long PATIENCE_MS = 20_000;

  private Stories() {}

  /** Options with short timeouts. */
  static RaftOptions options() {
    return new RaftOptions()
        .setGroupId("sim")
        .setElectionTimeoutMs(200)
        .setHeartbeatIntervalMs(50)
        .setApplyTimeoutMs(5_000);
  }

  /** A cluster of three real nodes that are down; one that fails by itself is a broken rule. */
  static SimCluster watched(RaftOptions options) {
    SimCluster cluster = new SimCluster(SEED, 3, options);
    return cluster.probes(node -> new SelfWatch(cluster.world().loop()));
  }

  /** Disks may fail; for anything else a member must not. */
  private record SelfWatch(SimLoop loop) implements Probe {
    @Override
    public boolean failed(Throwable cause) {
      if (!(cause instanceof StorageException)) {
        loop.fail(SELF, "a member failed by itself: " + cause, cause);
      }
      return true;
    }
  }

  /** A cluster of three real nodes that n1 leads. */
  static SimCluster ledByFirst(RaftOptions options) {
    SimCluster cluster = new SimCluster(SEED, 3, options);
    cluster.bootAll();
    letLead(cluster, "n1");
    return cluster;
  }

  /** Waits until the node leads a group in which the others do not campaign meanwhile. */
  static void letLead(SimCluster cluster, String nodeId) {
    List<MessageRule> quiet = new ArrayList<>();
    for (SimNode node : cluster.nodes()) {
      if (!node.nodeId().equals(nodeId)) {
        quiet.add(cluster.network().drop(PreVoteRequest.class).from(node.nodeId()));
      }
    }
    SimNode next = cluster.node(nodeId);
    boolean leads =
        cluster.runUntil(
            () -> next.isRunning() && next.isLeader() && next.runtime().core().isReady(),
            PATIENCE_MS);
    quiet.forEach(MessageRule::stop);
    require(leads, LIVENESS, nodeId + " does not come to lead");
  }

  /** Reports a broken rule unless {@code holds}. */
  static void require(boolean holds, String rule, String what) {
    if (!holds) {
      throw new Violation(rule, what, SEED, 0, null);
    }
  }
}
