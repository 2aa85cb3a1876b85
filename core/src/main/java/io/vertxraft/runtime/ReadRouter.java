package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandFate;
import io.vertxraft.Consistency.Level;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LeaseState;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Finds out which index each read must wait for: asks the core if this member leads, the
 * leader if another does, nobody if what is known is fresh enough. Confined to the node's context.
 */
final class ReadRouter implements Reads.Sink {
  private final RaftScheduler scheduler;
  private final RaftOptions options;
  private final RaftCore core;
  private final ConsensusHost host;
  private final Reads reads;
  private final Applier applier;
  private final Probe probe;
  private final PeerCalls peerCalls;

  /** Who waits for the core's answers, by the id of the question. */
  private final Map<Long, LongConsumer> asked = new LinkedHashMap<>();

  private final Batch linearizable = new Batch(false);
  private final Batch byLease = new Batch(true);
  private long nextId;

  /** The newest index known to hold everything acknowledged before {@link #freshAt}. */
  private long freshIndex = -1;

  private long freshAt;

  ReadRouter(
      RaftScheduler scheduler,
      RaftOptions options,
      ConsensusHost host,
      RaftCore core,
      Reads reads,
      Applier applier,
      PeerCalls peerCalls,
      Probe probe) {
    this.scheduler = scheduler;
    this.options = options;
    this.host = host;
    this.core = core;
    this.reads = reads;
    this.applier = applier;
    this.peerCalls = peerCalls;
    this.probe = probe;
    applier.queries().answers(this::answered, reads::flush);
  }

  /** Reads that wait for the leader's answer to one question, and those for the next one. */
  private final class Batch {
    private final boolean lease;
    private List<Read> waiting = new ArrayList<>();
    private boolean underWay;

    Batch(boolean lease) {
      this.lease = lease;
    }

    void add(Read read) {
      waiting.add(read);
    }

    void send() {
      String leader = core.leaderId();
      if (underWay || waiting.isEmpty() || leader == null || core.isLeader()) {
        return;
      }
      underWay = true;
      List<Read> batch = waiting;
      waiting = new ArrayList<>();
      long sentAt = scheduler.nanoTime();
      peerCalls
          .readIndex(leader, lease, options.getElectionTimeoutMs())
          .onComplete(done -> arrived(batch, sentAt, done.result()));
    }

    /** No answer at all may only mean a lost message: who still waits is asked for again. */
    private void arrived(List<Read> batch, long sentAt, ReadIndexReply reply) {
      underWay = false;
      if (reply == null) {
        batch.removeIf(Read::isDone);
        route(batch);
      } else if (reply.granted()) {
        fresh(reply.index(), sentAt);
        batch.forEach(read -> applier.query(reply.index(), read));
      } else {
        batch.forEach(ReadRouter.this::rejectForLeader);
      }
      reads.flush();
      send();
    }
  }

  @Override
  public void route(List<Read> batch) {
    List<Read> toConfirm = new ArrayList<>();
    List<Read> toLease = new ArrayList<>();
    for (Read read : batch) {
      route(read, toConfirm, toLease);
    }
    askCore(toConfirm, false);
    askCore(toLease, true);
    linearizable.send();
    byLease.send();
  }

  private void route(Read read, List<Read> toConfirm, List<Read> toLease) {
    if (!core.isRecovered() || applier.isLoading()) {
      probe.reached(Mark.READ_REFUSED_RECOVERING);
      reads.fail(
          read,
          new Rejected(
              Rejected.Reason.RECOVERING,
              options.getNodeId()
                  + (applier.isLoading()
                      ? " is loading a snapshot"
                      : " has not applied yet what its log held when it came up"),
              core.leaderId()));
    } else if (read.consistency.getLevel() == Level.LOCAL) {
      applier.query(0, read);
    } else if (read.consistency.getLevel() == Level.BOUNDED && isFreshEnough(read)) {
      probe.reached(Mark.BOUNDED_READ);
      applier.query(core.isLeader() ? core.commitIndex() : freshIndex, read);
    } else if (core.isLeader()) {
      boolean lease = read.consistency.getLevel() == Level.LEASE;
      (lease ? toLease : toConfirm).add(read);
    } else if (core.leaderId() == null) {
      rejectForLeader(read);
    } else {
      probe.reached(Mark.READ_FORWARDED);
      (read.consistency.getLevel() == Level.LEASE ? byLease : linearizable).add(read);
    }
  }

  private boolean isFreshEnough(Read read) {
    long now = scheduler.nanoTime();
    long ageMax = TimeUnit.MILLISECONDS.toNanos(read.consistency.getMaxAgeMs());
    if (core.isLeader()) {
      long age = core.leadership().quorumContactAge(now);
      return age >= 0 && age <= ageMax;
    }
    return freshIndex >= 0 && now - freshAt <= ageMax;
  }

  private void fresh(long index, long at) {
    if (freshIndex < 0 || at - freshAt > 0) {
      freshIndex = index;
      freshAt = at;
    }
  }

  private void rejectForLeader(Read read) {
    reads.fail(read, Rejections.notLeader(options.getNodeId(), core.leaderId()));
  }

  private void askCore(List<Read> batch, boolean lease) {
    if (batch.isEmpty()) {
      return;
    }
    long now = scheduler.nanoTime();
    long term = core.term();
    // While it is valid now, the core answers at once, and from the lease.
    boolean relies = lease && core.leadership().lease(now).kind() == LeaseState.Kind.VALID;
    ask(
        lease,
        index -> {
          if (index < 0) {
            batch.forEach(this::rejectForLeader);
            reads.flush();
            return;
          }
          fresh(index, now);
          for (Read read : batch) {
            read.leaseTerm = relies ? term : 0;
            applier.query(index, read);
          }
        });
  }

  /**
   * Asks the core for a read index, for reads here or on another member.
   *
   * @param answer takes the index, or -1 if this member does not lead
   */
  void ask(boolean lease, LongConsumer answer) {
    long id = ++nextId;
    asked.put(id, answer);
    host.step(raft -> raft.leadership().read(id, lease, scheduler.nanoTime()));
  }

  /** The core has answered. */
  void answered(Effects.Read answer) {
    LongConsumer waiting = asked.remove(answer.id());
    if (waiting != null) {
      waiting.accept(answer.index());
    }
  }

  /** The state machine has answered. */
  private void answered(Read read, Future<Buffer> result) {
    if (result.failed()) {
      reads.fail(read, result.cause());
    } else if (read.place != null) {
      resolve(read);
    } else if (read.leaseTerm == 0 || leaseStillHolds(read)) {
      reads.succeed(read, result.result());
    } else {
      // The process stood still, or the lease ran out meanwhile: a quorum has to confirm.
      probe.reached(Mark.LEASE_ENDED_DURING_READ);
      read.leaseTerm = 0;
      List<Read> again = new ArrayList<>();
      if (core.isLeader()) {
        again.add(read);
        askCore(again, false);
      } else {
        rejectForLeader(read);
      }
    }
  }

  /** Everything up to a read index asked for after the command was appended is applied. */
  private void resolve(Read read) {
    CommandFate fate = fateOf(read.place);
    if (fate == null) {
      // Its leader still leads, and is at it.
      scheduler.schedule(
          TimeUnit.MILLISECONDS.toNanos(options.getHeartbeatIntervalMs()),
          () -> {
            if (!read.isDone()) {
              route(List.of(read));
              reads.flush();
            }
          });
    } else {
      reads.succeed(read, Buffer.buffer(fate.name()));
    }
  }

  /** Null while it is not decided. */
  private CommandFate fateOf(Read.Place place) {
    LogView log = core.log();
    long committed = core.commitIndex();
    if (place.index() > committed) {
      // An entry of a later term is committed before that index: so the place is another leader's.
      return log.termAt(committed) > place.term() ? CommandFate.LOST : null;
    }
    if (!log.contains(place.index())) {
      return CommandFate.COMPACTED;
    }
    return log.termAt(place.index()) == place.term() ? CommandFate.COMMITTED : CommandFate.LOST;
  }

  private boolean leaseStillHolds(Read read) {
    LeaseState lease = core.leadership().lease(scheduler.nanoTime());
    return lease.kind() == LeaseState.Kind.VALID
        && lease.term() == read.leaseTerm
        && !probe.chooses(Choice.DISTRUST_LEASE);
  }
}
