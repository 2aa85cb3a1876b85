package io.vertxraft.testkit.run;

import io.vertxraft.consensus.Probe;
import io.vertxraft.testkit.Probes;
import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.run.SimulationPlan.Links;
import io.vertxraft.testkit.run.SimulationPlan.Saving;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import io.vertxraft.testkit.sim.LinkMode;
import io.vertxraft.testkit.sim.SimLoop;
import io.vertxraft.testkit.sim.WorldMark;
import java.util.List;

/**
 * One run of a {@link SimulationPlan}: clients write while faults strike, all rules are checked
 * after every step; then a majority is made whole, and must serve again and come to rest in one
 * state.
 */
public final class Simulation {
  /** Virtual time with faults, in milliseconds, unless told otherwise. */
  public static final long DEFAULT_MS = 60_000;

  private static final int REPORT_LINES = 200;
  private static final long NANOS_PER_MS = 1_000_000;

  private final SimulationPlan plan;
  private final SimCluster cluster;
  private final RunProbe probe;
  private final Workload workload;
  private final Recording recording;

  private Simulation(SimulationPlan plan, Application<?> application, Recording recording) {
    this.plan = plan;
    this.recording = recording;
    this.cluster =
        new SimCluster(
            plan.seed(),
            plan.machines().stream().map(SimulationPlan.Machine::priority).toList(),
            plan.options());
    SimLoop loop = cluster.world().loop();
    this.probe =
        new RunProbe(
            loop.random("choices"),
            plan.choices(),
            cause -> loop.fail("SELF", "a member failed by itself: " + cause, cause));
    if (recording != null) {
      recording.attach(cluster);
    }
    cluster.probes(this::probeOf);
    cluster.clients().keys(plan.load().keys()).paddingMax(plan.load().paddingMax());
    if (plan.load().sessions()) {
      cluster.useSessions();
    }
    List<SimNode> nodes = cluster.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).machine().clock().setRate(plan.machines().get(i).clockRate());
      nodes.get(i).machine().disk().opensDamaged(true);
      nodes.get(i).machine().disk().latency(plan.machines().get(i).diskNanos(), NANOS_PER_MS);
      Saving saving = plan.machines().get(i).saving();
      nodes.get(i).machine().disk().nanosPerSnapshotByte(saving.nanosPerByte());
      nodes.get(i).saving(saving.pauseNanos(), saving.hangs());
    }
    configure(plan.links());
    this.workload =
        application == null ? new KeyValueWorkload(cluster) : newApplicationWorkload(application);
  }

  /** What looks into a node's next life. */
  private Probe probeOf(SimNode node) {
    SimLoop loop = cluster.world().loop();
    return Probes.all(
        recording == null ? Probe.NONE : recording.probeOf(node),
        new VoteAnswers(what -> loop.fail("R-35", what, null)),
        probe);
  }

  private Workload newApplicationWorkload(Application<?> application) {
    ApplicationWorkload clients = new ApplicationWorkload(cluster, application);
    cluster.stateMachines(clients::newStateMachine);
    return clients;
  }

  private void configure(Links links) {
    cluster
        .network()
        .eachLink(
            link ->
                link.delay(links.delayNanos())
                    .jitter(links.jitterNanos())
                    .mode(links.connections() ? LinkMode.CONNECTION : LinkMode.DATAGRAM)
                    .dropProbability(links.drop())
                    .duplicateProbability(links.duplicate())
                    .lateReplay(links.late(), links.lateMs() * NANOS_PER_MS)
                    .bytesPerSecond(links.bytesPerSecond()));
  }

  /** Draws a plan from a seed and runs it, with faults for {@code ms} of virtual time. */
  public static SimulationResult run(long seed, long ms) {
    return run(seed, Profile.DEFAULT, ms);
  }

  /** The same with the faults of a profile. */
  public static SimulationResult run(long seed, Profile profile, long ms) {
    return run(plan(seed, profile, ms));
  }

  /** Runs a plan. */
  public static SimulationResult run(SimulationPlan plan) {
    return new Simulation(plan, null, null).run();
  }

  /** Runs a plan with an application's state machine and commands instead of our own. */
  public static SimulationResult run(SimulationPlan plan, Application<?> application) {
    return new Simulation(plan, application, null).run();
  }

  /** Runs a plan and writes down what happens; it happens as without. */
  public static SimulationResult run(SimulationPlan plan, Recording recording) {
    return new Simulation(plan, null, recording).run();
  }

  /** The plan that belongs to a seed. */
  public static SimulationPlan plan(long seed, Profile profile, long ms) {
    return Swarm.draw(seed, profile, ms);
  }

  /** The plan that belongs to a seed, for a group of {@code members}. */
  public static SimulationPlan plan(long seed, Profile profile, long ms, int members) {
    return Swarm.draw(seed, profile, ms, members);
  }

  private SimulationResult run() {
    Violation violation = null;
    try {
      cluster.bootAll();
      workload.start(plan.load().commandsPerSecond());
      new FaultInjector(cluster, workload).run(plan);
      probe.stopChoosing();
      new LivenessPhase(cluster, workload, plan).run();
      cluster.finish();
      workload.finish();
      if (recording != null) {
        recording.finish();
      }
    } catch (Violation e) {
      violation = e;
    }
    SimLoop loop = cluster.world().loop();
    Coverage coverage = new Coverage();
    probe.addTo(coverage);
    for (WorldMark mark : WorldMark.values()) {
      coverage.add(mark.name(), loop.count(mark));
    }
    return new SimulationResult(
        plan,
        violation == null ? null : violation.oracleId(),
        violation == null ? null : cluster.world().report(violation, REPORT_LINES),
        loop.traceHash(),
        loop.nowNanos() / NANOS_PER_MS,
        loop.executedEvents(),
        workload.count(Outcome.APPLIED),
        workload.count(Outcome.REJECTED),
        workload.count(Outcome.UNKNOWN),
        coverage);
  }
}
