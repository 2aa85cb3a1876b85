package io.vertxraft.testkit.run;

import io.vertxraft.SnapshotOptions;
import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.run.SimulationPlan.Ending;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import io.vertxraft.testkit.sim.SimLoop;
import io.vertxraft.testkit.sim.SimRandom;
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

  /** Longest pause of a member after its disk has failed to take a snapshot from another one. */
  private static final long PAUSE_AFTER_DISK_MS = 30_000;

  /** The same after nobody could give it one. */
  private static final long PAUSE_AFTER_SOURCES_MS = 5_000;

  /** So often a source is asked in vain that has sent something before. */
  private static final int STALLS = 6;

  private static final double CLEAN_DELAY_NANOS = 500_000;

  private final SimCluster cluster;
  private final Workload workload;
  private final SimulationPlan plan;
  private final List<SimNode> core = new ArrayList<>();
  private final long unitMs;
  private long mendedNanos;

  LivenessPhase(SimCluster cluster, Workload workload, SimulationPlan plan) {
    this.cluster = cluster;
    this.workload = workload;
    this.plan = plan;
    plan.ending().core().forEach(id -> core.add(cluster.node(id)));
    // A wait is drawn between one and one and a half of these, on a clock that may run slow.
    this.unitMs = plan.options().getElectionTimeoutMs() * 2;
  }

  /**
   * Mends the core and breaks the rest, and sees that the core works.
   *
   * @throws Violation L2 if it does not, I14 if something stays in flight for ever
   */
  void run() {
    mend();
    serve();
    converge();
    staysStable();
    bearsALostLink();
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
    for (SimNode node : cluster.nodes()) {
      // Who is stuck outside the core stays so for ever, too: should it wake later, to answers from
      // before, it would rightly campaign once more.
      boolean stays = ending.down().contains(node.nodeId()) || isStuck(node);
      if (stays && !core.contains(node) && node.machine().isUp()) {
        node.machine().crash();
      }
    }
    for (SimNode node : core) {
      boolean stuck = isStuck(node);
      node.machine().disk().heal();
      node.machine().cancelStorageCrash();
      if (stuck && node.machine().isUp()) {
        node.machine().kill();
      }
      cluster.restart(node);
    }
    cluster.serveFrom(ending.core());
    mendedNanos = cluster.world().loop().nowNanos();
  }

  private boolean isStuck(SimNode node) {
    return node.machine().isFrozen()
        || node.machine().disk().isStalled()
        // Damage is found at the next start, and then made good by the others.
        || !node.machine().disk().damaged(plan.options().getGroupId()).isEmpty();
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
    for (SimNode node : core) {
      int left = node.runtime().proposalsInFlight();
      if (left > 0) {
        throw violation(
            "I14", "%s counts %d commands as in flight for ever".formatted(node.nodeId(), left));
      }
    }
  }

  private void staysStable() {
    SimNode leader = cluster.leaderAmong(core);
    require(leader != null, "the leader of a core that had converged is gone");
    long term = leader.term();
    cluster.run(STABLE_FOR * unitMs);
    requireLeads(leader, term, "the core was whole");
    require(cluster.hasConverged(core), "the core did not stay converged");
  }

  /**
   * A follower that loses its leader, and nobody else, must not depose it while a majority hears
   * it; nor when it is back (thesis 9.6).
   */
  private void bearsALostLink() {
    if (core.size() - 1 <= plan.members() / 2) {
      return;
    }
    SimNode leader = cluster.leaderAmong(core);
    SimRandom random = cluster.world().loop().random("lost link");
    SimNode follower = leader;
    while (follower == leader) {
      follower = core.get((int) random.below(core.size()));
    }
    long term = leader.term();
    cluster.network().cutOneWay(leader.nodeId(), follower.nodeId());
    if (random.chance(0.5)) {
      cluster.network().cutOneWay(follower.nodeId(), leader.nodeId());
    }
    cluster.run(STABLE_FOR * unitMs);
    requireLeads(leader, term, "%s lost its link to it".formatted(follower.nodeId()));
    cluster.network().heal(leader.nodeId(), follower.nodeId());
    cluster.run(STABLE_FOR * unitMs);
    requireLeads(leader, term, "%s was back".formatted(follower.nodeId()));
    require(cluster.hasConverged(core), "the core did not converge again when a link was back");
  }

  private void requireLeads(SimNode leader, long term, String event) {
    require(
        cluster.leaderAmong(core) == leader && leader.term() == term,
        "the leadership of %s in term %d, heard by a majority, did not last when %s"
            .formatted(leader.nodeId(), term, event));
  }

  /**
   * Whether something happens in time. A member that lags far behind, on a slow disk and with the
   * tiniest messages, may take longer; as long as it comes closer, the time starts anew. One that
   * needs a snapshot may have to wait, see {@link #snapshotPatienceMs}.
   */
  private boolean happens(BooleanSupplier condition, int within) {
    long progress = -1;
    for (int round = 0; round < ROUNDS_MAX && progress() > progress; round++) {
      progress = progress();
      long patienceMs = within * unitMs + (snapshotIsNeeded() ? snapshotPatienceMs() : 0);
      if (cluster.runUntil(condition, patienceMs)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What a member waits for that needs a snapshot. Once, because of what its disk did before it was
   * mended: for a call that hangs, and for the pause after that. At any time: for members that are
   * gone for ever, of which each is asked once, and one until it is certain that it sends no more;
   * and for the pause after nobody could give it one.
   */
  private long snapshotPatienceMs() {
    SnapshotOptions options = plan.options().getSnapshots();
    long sinceMs = (cluster.world().loop().nowNanos() - mendedNanos) / 1_000_000;
    long forDiskMs = options.getReceiveTimeoutMs() + PAUSE_AFTER_DISK_MS - sinceMs;
    return Math.max(0, forDiskMs)
        + (plan.members() + STALLS) * options.getChunkTimeoutMs()
        + PAUSE_AFTER_SOURCES_MS;
  }

  /** Whether the leader's log does not have what a member of the core needs next. */
  private boolean snapshotIsNeeded() {
    SimNode leader = cluster.leaderAmong(core);
    for (SimNode node : core) {
      if (leader != null && node.isRunning() && node.lastIndex() < leader.log().firstIndex() - 1) {
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
      throw violation("L2", what + "; " + describe());
    }
  }

  private Violation violation(String rule, String text) {
    SimLoop loop = cluster.world().loop();
    return new Violation(rule, text, loop.seed(), loop.nowNanos(), null);
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
