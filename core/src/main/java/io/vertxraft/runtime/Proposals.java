package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStage;
import io.vertxraft.StageStatus;
import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The way of a command from {@code apply} to its outcome: queued on any thread, appended in one
 * batch per turn, and answered exactly once.
 *
 * <p>Appended proposals wait in log order.
 */
final class Proposals {
  /** What becomes of proposals once they are on the node's context. */
  interface Sink {
    /** Takes a batch: appends it to the log, passes it on, or rejects it. */
    void propose(List<Proposal> batch);
  }

  private final RaftScheduler scheduler;
  private final RaftOptions options;
  private final Probe probe;
  private final Sink sink;
  private final ProposalBudget budget;
  private final long timeoutNanos;
  private final Intake<Proposal> intake = new Intake<>();
  private final StageMeter meter = new StageMeter(RaftStage.NODE);

  /** The last of those that are answered together. */
  private Proposal answered;

  /** What the budget has not got back yet. */
  private int releasedCount;

  private long releasedBytes;

  /** When the oldest of the intake came. */
  private volatile long intakeSince;

  private final ArrayDeque<Proposal> appended = new ArrayDeque<>();
  private final Deadlines<Proposal> deadlines;
  private final Completions completions = new Completions();
  private volatile RaftException refusal;

  Proposals(RaftScheduler scheduler, RaftOptions options, Probe probe, Sink sink) {
    this.scheduler = scheduler;
    this.options = options;
    this.probe = probe;
    this.sink = sink;
    this.budget =
        new ProposalBudget(
            options.getProposalsInFlightMax(), options.getProposalBytesInFlightMax());
    this.deadlines = new Deadlines<>(scheduler, budget::count, this::expired, this::flush);
    this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.getApplyTimeoutMs());
    this.refusal =
        new Rejected(Rejected.Reason.NOT_LEADER, options.getNodeId() + " has not started", null);
  }

  int inFlight() {
    return budget.count();
  }

  long bytesInFlight() {
    return budget.bytes();
  }

  /** From now on commands are taken. */
  void open() {
    refusal = null;
  }

  /** From now on every command is refused with {@code reason}. */
  void refuse(RaftException reason) {
    refusal = reason;
  }

  /**
   * Takes a command that was proposed here; on any thread.
   *
   * @param entry from {@link CommandEncoder}
   * @param timeoutMs how long it may take, in milliseconds; 0 for as long as usual
   */
  Future<Buffer> offer(byte[] entry, long timeoutMs) {
    return offer(entry, timeoutMs, 0);
  }

  /**
   * Takes an entry to be; on any thread.
   *
   * @param requiredTerm see {@link Proposal#requiredTerm}
   */
  Future<Buffer> offer(byte[] entry, long timeoutMs, long requiredTerm) {
    RaftException refused = refusal;
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    if (!budget.tryAcquire(entry.length)) {
      probe.reached(Mark.OVERLOADED);
      return Future.failedFuture(overloaded());
    }
    long allowed =
        timeoutMs == 0 ? timeoutNanos : Math.max(1, TimeUnit.MILLISECONDS.toNanos(timeoutMs));
    long now = scheduler.nanoTime();
    Proposal proposal = new Proposal(entry, scheduler.callerContext(), now, allowed, requiredTerm);
    if (intake.add(proposal)) {
      intakeSince = now;
      scheduler.execute(this::drain);
    }
    return proposal.future();
  }

  private RaftException overloaded() {
    return new Rejected(
        Rejected.Reason.OVERLOADED,
        "in flight are %d commands of %d and %d bytes of %d; try again later"
            .formatted(
                budget.count(),
                options.getProposalsInFlightMax(),
                budget.bytes(),
                options.getProposalBytesInFlightMax()),
        null);
  }

  private void drain() {
    List<Proposal> taken = intake.takeAll();
    List<Proposal> batch = new ArrayList<>(taken.size());
    for (Proposal next : taken) {
      if (refusal == null) {
        batch.add(next);
        if (probe.chooses(Choice.SPLIT_PROPOSALS)) {
          propose(batch);
          batch = new ArrayList<>();
        }
      } else {
        fail(next, refusal);
      }
    }
    flush();
    if (!batch.isEmpty()) {
      propose(batch);
    }
  }

  private void propose(List<Proposal> batch) {
    meter.batch(batch.size());
    sink.propose(batch);
  }

  /**
   * What has been taken and goes nowhere yet.
   *
   * @param held what waits until it is clear who leads
   */
  StageStatus describe(List<Proposal> held) {
    List<Proposal> waiting = new ArrayList<>();
    intake.forEach(waiting::add);
    long now = scheduler.nanoTime();
    long oldestNanos = waiting.isEmpty() ? 0 : now - intakeSince;
    waiting.addAll(held);
    long bytes = 0;
    for (Proposal proposal : waiting) {
      bytes += proposal.bytes;
    }
    return meter.describe(waiting.size(), bytes, oldestNanos, now);
  }

  /** The batch stands in the log from {@code firstIndex} on and waits there for its outcome. */
  void appended(List<Proposal> batch, long firstIndex, long term) {
    long index = firstIndex;
    for (Proposal proposal : batch) {
      proposal.index = index++;
      proposal.term = term;
      appended.add(proposal);
    }
  }

  /** From now on the proposal is answered when its deadline passes, if not before. */
  void watch(Proposal proposal) {
    if (!proposal.watched) {
      proposal.watched = true;
      deadlines.add(proposal);
    }
  }

  /** The state machine has answered the command at {@code index}. */
  void applied(long index, long term, Buffer reply) {
    Proposal head = take(index, term);
    if (head != null) {
      succeed(head, reply);
    }
  }

  /** The entry at {@code index} is committed, and the session table has refused it. */
  void refused(long index, long term, RaftException why) {
    Proposal head = take(index, term);
    if (head != null) {
      fail(head, why);
    }
  }

  /** The proposal that stands at {@code index}, if it is one of this member's. */
  private Proposal take(long index, long term) {
    Proposal head = appended.peek();
    if (head == null || head.index != index) {
      return null;
    }
    appended.poll();
    release(head);
    if (head.term == term) {
      return head;
    }
    // Another leader's entry took this place; the loss of leadership has answered the caller.
    fail(head, leadershipLost(head, null));
    return null;
  }

  /**
   * Everything up to {@code index} is applied. What still waits there has lost its place to an
   * entry that nobody answers, such as another leader's first one.
   */
  void appliedUpTo(long index) {
    while (!appended.isEmpty() && appended.peek().index <= index) {
      Proposal replaced = appended.poll();
      release(replaced);
      fail(replaced, leadershipLost(replaced, null));
    }
  }

  /** Leadership is lost: nobody knows what becomes of what is not committed yet. */
  void leadershipLost(long commitIndex, String leaderId) {
    while (!appended.isEmpty() && appended.peekLast().index > commitIndex) {
      release(appended.pollLast());
    }
    for (Proposal proposal : deadlines.snapshot()) {
      if (proposal.index > commitIndex) {
        probe.reached(Mark.LEADERSHIP_LOST_PENDING);
        fail(proposal, leadershipLost(proposal, leaderId));
      }
    }
    flush();
  }

  private static Unknown leadershipLost(Proposal proposal, String leaderId) {
    return proposal.unknown(
        Unknown.Reason.LEADERSHIP_LOST,
        "leadership was lost after the command was appended; it may still be applied",
        leaderId);
  }

  /** Answers everything that waits: the member has failed. */
  void failAll(RaftException.Fatal cause) {
    endAll(proposal -> cause);
  }

  /** Answers everything that waits: the node is closed. */
  void closeAll() {
    endAll(
        proposal ->
            proposal.unknown(
                Unknown.Reason.NODE_STOPPED,
                "the node was closed before the outcome was known; the command may still be"
                    + " applied",
                null));
  }

  private void endAll(Function<Proposal, RaftException> cause) {
    appended.forEach(this::release);
    appended.clear();
    deadlines.snapshot().forEach(proposal -> fail(proposal, cause.apply(proposal)));
    drain();
    flush();
    deadlines.stop();
  }

  void succeed(Proposal proposal, Buffer reply) {
    if (proposal.finish(reply, null)) {
      releaseUnlessAppended(proposal);
      completions.add(proposal);
      answered = proposal;
    }
  }

  void fail(Proposal proposal, Throwable cause) {
    if (proposal.finish(null, cause)) {
      releaseUnlessAppended(proposal);
      completions.add(proposal);
    }
  }

  /**
   * What stands in the log counts until it is applied or lost, whatever its caller has been told.
   */
  private void releaseUnlessAppended(Proposal proposal) {
    if (proposal.index == 0) {
      release(proposal);
    }
  }

  /**
   * Its room is free from the next {@link #flush()} on: once per batch, for callers use it, too.
   */
  private void release(Proposal proposal) {
    releasedCount++;
    releasedBytes += proposal.bytes;
  }

  /** Lets the callers know; once per batch of outcomes. */
  void flush() {
    if (releasedCount > 0) {
      budget.release(releasedCount, releasedBytes);
      releasedCount = 0;
      releasedBytes = 0;
    }
    if (answered != null) {
      long now = scheduler.nanoTime();
      meter.left(now - answered.takenAt(), now);
      answered = null;
    }
    deadlines.forgetDone();
    completions.flush();
    budget.tellWaiting();
  }

  /** Calls once, on any thread, when a command that was {@code OVERLOADED} may find room. */
  void whenRoom(Runnable call) {
    budget.whenRoom(call);
  }

  private void expired(Proposal proposal) {
    probe.reached(Mark.DEADLINE_PASSED);
    fail(
        proposal,
        proposal.unknown(
            Unknown.Reason.DEADLINE,
            "no outcome within %d ms; the command may still be applied"
                .formatted(TimeUnit.NANOSECONDS.toMillis(proposal.allowedNanos)),
            null));
  }
}
