package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.spi.RaftScheduler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Calls to hand the leadership over, and what comes of them. Confined to the node's context. */
final class Transfers {
  private final RaftScheduler scheduler;
  private final RaftOptions options;
  private final ConsensusHost host;
  private final RaftCore core;
  private String wanted;
  private Promise<Void> pending;
  private RaftScheduler.Timer timer;

  Transfers(RaftScheduler scheduler, RaftOptions options, ConsensusHost host, RaftCore core) {
    this.scheduler = scheduler;
    this.options = options;
    this.host = host;
    this.core = core;
  }

  /**
   * Begins to hand over.
   *
   * @param target to whom, or null for the fittest
   */
  Future<Void> begin(String target) {
    if (!core.isLeader()) {
      return Future.failedFuture(Rejections.notLeader(options.getNodeId(), core.leaderId()));
    }
    AtomicReference<String> obstacle = new AtomicReference<>("the node has stopped");
    host.step(raft -> obstacle.set(raft.leadership().transfer(target, scheduler.nanoTime())));
    if (obstacle.get() != null) {
      return Future.failedFuture(failed(obstacle.get()));
    }
    wanted = target;
    pending = Promise.promise();
    // The core ends it by itself; this is for a group that then finds no leader at all.
    long longest = options.getTransferTimeoutMs() + 4 * options.getElectionTimeoutMs();
    timer =
        scheduler.schedule(
            TimeUnit.MILLISECONDS.toNanos(longest),
            () -> end(failed("no leader was elected within " + longest + " ms")));
    return pending.future();
  }

  private Rejected failed(String why) {
    return new Rejected(
        Rejected.Reason.TRANSFER_FAILED, "leadership was not handed over: " + why, core.leaderId());
  }

  /** Somebody leads. */
  void leaderChanged(String leaderId) {
    if (leaderId == null) {
      return;
    }
    boolean done = wanted == null ? !leaderId.equals(options.getNodeId()) : leaderId.equals(wanted);
    end(done ? null : failed(leaderId + " was elected"));
  }

  /** The core has given up. */
  void ended(String cause) {
    end(failed(cause));
  }

  private void end(Rejected failure) {
    Promise<Void> promise = pending;
    if (promise == null) {
      return;
    }
    pending = null;
    timer.cancel();
    if (failure == null) {
      promise.complete();
    } else {
      promise.fail(failure);
    }
  }
}
