package io.vertxraft.runtime;

import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.spi.RaftScheduler;
import java.util.function.Consumer;

/**
 * Runs the core in turns. Events step the core as they come; the turn ends after everything that
 * was already waiting on the node's context has run, so that its effects go out as one batch
 * (R-03).
 *
 * <p>An exception from the core is a broken invariant: it goes to the failure sink, never into a
 * future that might swallow it.
 */
final class ConsensusHost {
  private final RaftScheduler scheduler;
  private final RaftCore core;
  private final Consumer<Effects> carryOut;
  private final Consumer<Throwable> failureSink;
  private final Runnable endTurn = this::endTurn;
  private boolean turnOpen;
  private boolean stopped;
  private RaftScheduler.Timer timer;
  private long timerDeadline;

  ConsensusHost(
      RaftScheduler scheduler,
      RaftCore core,
      Consumer<Effects> carryOut,
      Consumer<Throwable> failureSink) {
    this.scheduler = scheduler;
    this.core = core;
    this.carryOut = carryOut;
    this.failureSink = failureSink;
  }

  /** Arms the first election timer. */
  void start() {
    armTimer();
  }

  /** Gives the core one event. */
  void step(Consumer<RaftCore> event) {
    if (stopped) {
      return;
    }
    try {
      assert scheduler.inContext() : "the core is stepped outside its node's context";
      event.accept(core);
    } catch (Throwable t) {
      failureSink.accept(t);
      return;
    }
    if (!turnOpen) {
      turnOpen = true;
      scheduler.execute(endTurn);
    }
  }

  /** Nothing happens any more. */
  void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void endTurn() {
    turnOpen = false;
    if (stopped) {
      return;
    }
    try {
      carryOut.accept(core.endTurn(scheduler.nanoTime()));
    } catch (Throwable t) {
      failureSink.accept(t);
      return;
    }
    armTimer();
  }

  /** One timer, never moved later: deadlines are mostly extended, and checked when it fires. */
  private void armTimer() {
    long deadline = core.deadline();
    if (stopped || (timer != null && timerDeadline - deadline <= 0)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timerDeadline = deadline;
    timer = scheduler.schedule(Math.max(1, deadline - scheduler.nanoTime()), this::timerFired);
  }

  private void timerFired() {
    timer = null;
    if (core.deadline() - scheduler.nanoTime() <= 0) {
      step(raft -> raft.tick(scheduler.nanoTime()));
    } else {
      armTimer();
    }
  }
}
