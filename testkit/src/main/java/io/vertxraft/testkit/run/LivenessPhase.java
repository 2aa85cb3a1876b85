package io.vertxraft.testkit.run;

import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.run.SimulationPlan.Ending;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import io.vertxraft.testkit.sim.SimLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What must happen once the faults are over. A majority, the core, is whole again; what lies
 * outside stays broken for ever, and must not keep the core from working. Times are in election
 * timeouts.
 */
final class LivenessPhase {
  private static final int SERVES_WITHIN = 20;
  private static final int CONVERGES_WITHIN = 60;
  private static final int STABLE_FOR = 30;
  private static final int ROUNDS_MAX = 50;
  private static final double CLEAN_DELAY_NANOS = 500_000;

  private final SimCluster cluster;
  private final Workload workload;
  private final SimulationPlan plan;
  private final List<SimNode> core = new ArrayList<>();
  private final long unitMs;

  LivenessPhase(SimCluster cluster, Workload workload, SimulationPlan plan) {
    this.cluster = cluster;
    this.workload = workload;
    this.plan = plan;
    plan.ending().core().forEach(id -> core.add(cluster.node(id)));
    // A timeout is drawn between one and two of these, on a clock that may run slow.
    this.unitMs = plan.options().getElectionTimeoutMs() * 2;
  }

  /**
   * Mends the core and breaks the rest, and sees that the core works.
   *
   * @throws Violation L2 if it does not
   */
  void run() {
    mend();
    serve();
    converge();
    staysStable();
  }

  private void mend() {
    Ending ending = plan.ending();
    cluster.network().healAll();
    cluster.network().forgetLate();
    cluster
        .network()
        .eachLink(
            link ->
                link.delay((long) CLEAN_DELAY_NANOS)
                    .jitter((long) CLEAN_DELAY_NANOS)
                    .dropProbability(0)
                    .duplicateProbability(0)
                    .lateReplay(0, 1)
                    .bytesPerSecond(0));
    for (List<String> cut : ending.cuts()) {
      cluster.network().cutOneWay(cut.get(0), cut.get(1));
    }
    for (String id : ending.down()) {
      if (cluster.node(id).machine().isUp()) {
        cluster.node(id).machine().crash();
      }
    }
    for (SimNode node : core) {
      boolean stuck =
          node.machine().isFrozen()
              || node.machine().disk().isStalled()
              // Found at the next start, and then made good by the others.
              || !node.machine().disk().damaged(plan.options().getGroupId()).isEmpty();
      node.machine().disk().heal();
      node.machine().cancelStorageCrash();
      if (stuck && node.machine().isUp()) {
        node.machine().kill();
      }
      cluster.restart(node);
    }
    cluster.serveFrom(ending.core());
  }

  private void serve() {
    long before = workload.count(Outcome.APPLIED);
    // Enough that some reach the leader even where members do not pass commands on.
    workload.start(Math.max(50, plan.load().commandsPerSecond()));
    require(
        happens(() -> workload.count(Outcome.APPLIED) > before, SERVES_WITHIN),
        "no command was applied within %d election timeouts after %s was whole"
            .formatted(2 * SERVES_WITHIN, plan.ending().core()));
  }

  private void converge() {
    workload.stop();
    require(
        happens(() -> cluster.hasConverged(core), CONVERGES_WITHIN),
        "the members %s did not come to the same log within %d election timeouts"
            .formatted(plan.ending().core(), 2 * CONVERGES_WITHIN));
    // Every command has an outcome once its deadline has passed.
    cluster.run(plan.options().getApplyTimeoutMs() + unitMs);
  }

  private void staysStable() {
    SimNode leader = cluster.leaderAmong(core);
    require(leader != null, "the leader of a core that had converged is gone");
    long term = leader.term();
    cluster.run(STABLE_FOR * unitMs);
    SimNode later = cluster.leaderAmong(core);
    require(
        later == leader && later.term() == term,
        "the leadership of %s in term %d did not last although the core was whole"
            .formatted(leader.nodeId(), term));
    require(cluster.hasConverged(core), "the core did not stay converged");
  }

  /**
   * Whether something happens in time. A member that lags far behind, on a slow disk and with the
   * tiniest messages, may take longer; as long as it comes closer, the time starts anew.
   */
  private boolean happens(BooleanSupplier condition, int within) {
    long progress = -1;
    for (int round = 0; round < ROUNDS_MAX && progress() > progress; round++) {
      progress = progress();
      if (cluster.runUntil(condition, within * unitMs)) {
        return true;
      }
    }
    return false;
  }

  /** Rises as members of the core catch up. */
  private long progress() {
    long sum = 0;
    for (SimNode node : core) {
      if (node.isRunning()) {
        sum += node.lastIndex() + node.commitIndex() + node.appliedIndex();
      }
    }
    return sum;
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      SimLoop loop = cluster.world().loop();
      throw new Violation("L2", what + "; " + describe(), loop.seed(), loop.nowNanos(), null);
    }
  }

  /** Who waits for what. */
  private String describe() {
    StringBuilder text = new StringBuilder();
    for (SimNode node : cluster.nodes()) {
      text.append(text.length() == 0 ? "" : ", ").append(node.describe());
    }
    return text.toString();
  }
}
