package io.vertxraft.testkit.run;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.run.SimulationPlan.Load;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Runs a state machine of yours in many simulated worlds: real members, crashes, partitions, slow
 * disks, one world per seed. Finds commands that do not give the same reply on every member and
 * after every restart, states that differ between members that have applied the same, and states
 * that break an invariant you name.
 *
 * <pre>{@code
 * RaftSimulation.of(Counter::new)
 *     .commands(random -> Buffer.buffer("add " + random.below(10)))
 *     .invariant(counter -> assertThat(counter.value()).isNotNegative())
 *     .stateHash(Counter::value)
 *     .seeds(1, 100)
 *     .run();
 * }</pre>
 *
 * <p>Each life of a member gets a new state machine from the supplier, as a restarted process does.
 * A state machine runs on one thread; those of different seeds run at the same time.
 *
 * @param <S> type of the state machine
 */
public final class RaftSimulation<S extends StateMachine> {
  private final Supplier<S> stateMachines;
  private Function<SimRandom, Buffer> commands;
  private Consumer<? super S> invariant = state -> {};
  private ToLongFunction<? super S> stateHash = state -> 0;
  private Profile profile = Profile.DEFAULT;
  private long firstSeed = 1;
  private long lastSeed = 100;
  private long ms = 20_000;
  private double commandsPerSecond;
  private int threads = Runtime.getRuntime().availableProcessors();

  private RaftSimulation(Supplier<S> stateMachines) {
    this.stateMachines = Objects.requireNonNull(stateMachines, "stateMachines");
  }

  /** A simulation of the state machines that {@code stateMachines} gives, each new and empty. */
  public static <S extends StateMachine> RaftSimulation<S> of(Supplier<S> stateMachines) {
    return new RaftSimulation<>(stateMachines);
  }

  /** Sets how commands are drawn; needed. All randomness must come from the argument. */
  public RaftSimulation<S> commands(Function<SimRandom, Buffer> newCommands) {
    this.commands = newCommands;
    return this;
  }

  /** Sets a check of the state, called after each batch; it throws if the state is wrong. */
  public RaftSimulation<S> invariant(Consumer<? super S> newInvariant) {
    this.invariant = newInvariant;
    return this;
  }

  /** Sets a number that equal states share; members that have applied the same are compared. */
  public RaftSimulation<S> stateHash(ToLongFunction<? super S> newStateHash) {
    this.stateHash = newStateHash;
    return this;
  }

  /** Sets which faults may strike; all by default. */
  public RaftSimulation<S> profile(Profile newProfile) {
    this.profile = newProfile;
    return this;
  }

  /** Sets the seeds, both included; 1 to 100 by default. */
  public RaftSimulation<S> seeds(long first, long last) {
    if (last < first) {
      throw new IllegalArgumentException("seeds %d to %d are none".formatted(first, last));
    }
    this.firstSeed = first;
    this.lastSeed = last;
    return this;
  }

  /** Sets the virtual time with faults per seed; 20 s by default. */
  public RaftSimulation<S> seconds(long seconds) {
    if (seconds < 1) {
      throw new IllegalArgumentException("seconds is " + seconds + ", allowed is 1 and more");
    }
    this.ms = 1_000 * seconds;
    return this;
  }

  /** Sets the load per virtual second; drawn from the seed by default. */
  public RaftSimulation<S> commandsPerSecond(double newCommandsPerSecond) {
    this.commandsPerSecond = newCommandsPerSecond;
    return this;
  }

  /** Sets how many seeds run at a time; one per processor by default. */
  public RaftSimulation<S> threads(int newThreads) {
    this.threads = newThreads;
    return this;
  }

  /**
   * Runs all seeds, or up to the first that fails.
   *
   * @return figures of the runs
   * @throws AssertionError with a report if a rule is broken; it names the seed, which gives the
   *     same run again
   * @throws IllegalStateException if {@link #commands} was not called
   */
  public SimulationBatch.Summary run() {
    if (commands == null) {
      throw new IllegalStateException("nothing to simulate: call commands(...) before run()");
    }
    Application<S> application = new Application<>(stateMachines, commands, invariant, stateHash);
    try {
      SimulationBatch.Summary summary =
          new SimulationBatch(seed -> Simulation.run(plan(seed), application), threads, s -> {})
              .run(firstSeed, lastSeed, 1);
      for (SimulationResult failure : summary.failures()) {
        throw new AssertionError(failure + System.lineSeparator() + failure.violation());
      }
      return summary;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the simulation ran", e);
    }
  }

  private SimulationPlan plan(long seed) {
    SimulationPlan plan = Simulation.plan(seed, profile, ms);
    Load load = plan.load();
    return commandsPerSecond == 0
        ? plan
        : plan.withLoad(
            new Load(commandsPerSecond, load.keys(), load.paddingMax(), load.sessions()));
  }
}
