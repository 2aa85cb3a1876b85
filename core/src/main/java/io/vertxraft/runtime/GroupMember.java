package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotResult;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LeaseState;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PeerRpc;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A running member: carries out the core's effects and brings it what happens. Confined to the
 * node's context.
 */
final class GroupMember implements Applier.Listener {
  private final RaftOptions options;
  private final RaftScheduler scheduler;
  private final GroupStorage storage;
  private final Opening.Opened opened;
  private final Proposals proposals;
  private final Reads reads;
  private final MemberEvents events;
  private final ChangeFeeds feeds;
  private final Supplier<JsonObject> status;
  private final Probe probe;
  private final Consumer<Throwable> failureSink;
  private final RaftCore core;
  private final ConsensusHost host;
  private final MemberParts parts;
  private final LogWriter logWriter;
  private final LogReads logReads;
  private final Applier applier;
  private final SnapshotExecutor snapshots;
  private final Contacts contacts;
  private final Transfers transfers;
  private final LogClock logClock = new LogClock();
  private Transport.Endpoint endpoint;
  private PeerCalls peerCalls;
  private PeerDesk peerDesk;
  private ReadRouter readRouter;
  private List<Proposal> held = new ArrayList<>();
  private final Gathering gathering = new Gathering();
  private long roleSince;
  private String roleCause;

  private volatile LeaseState lease;
  private volatile String leaderId;

  GroupMember(
      RaftOptions options,
      RaftScheduler scheduler,
      StateMachine stateMachine,
      Opening.Opened opened,
      Proposals proposals,
      Reads reads,
      EventHub hub,
      ChangeFeeds feeds,
      Supplier<JsonObject> status,
      Probe probe,
      Consumer<Throwable> failureSink) {
    this.options = options;
    this.scheduler = scheduler;
    this.storage = opened.storage();
    this.opened = opened;
    this.proposals = proposals;
    this.reads = reads;
    this.feeds = feeds;
    this.status = status;
    this.probe = probe;
    this.failureSink = failureSink;
    this.core = Cores.create(options, opened, scheduler, probe);
    this.host = new ConsensusHost(scheduler, core, this::carryOut, failureSink);
    this.events = new MemberEvents(options, scheduler, core, hub);
    this.parts =
        new MemberParts(
            options, scheduler, storage, stateMachine, opened.context(), core, host, events, probe);
    this.logWriter =
        new LogWriter(storage, this::send, this::durable, this::storageFailed, scheduler::nanoTime);
    this.logReads = new LogReads(parts, this::storageFailed);
    SnapshotLoader loader = new SnapshotLoader(parts, opened.toLoad());
    this.applier = new Applier(parts, opened, loader, this);
    feeds.attach(parts, applier.repeats(), this::storageFailed);
    this.snapshots = new SnapshotExecutor(parts, applier, loader, opened);
    this.contacts = new Contacts(options.getMembers(), options.getNodeId());
    this.transfers = new Transfers(scheduler, options, host, core);
    this.roleSince = scheduler.nanoTime();
    this.lease = core.leadership().lease(roleSince);
  }

  RaftCore core() {
    return core;
  }

  void start(Transport.Endpoint newEndpoint) {
    endpoint = newEndpoint;
    peerCalls =
        new PeerCalls(
            scheduler, newEndpoint, TimeUnit.MILLISECONDS.toNanos(options.getApplyTimeoutMs()));
    readRouter = new ReadRouter(scheduler, options, host, core, reads, applier, peerCalls, probe);
    peerDesk =
        new PeerDesk(
            parts,
            newEndpoint,
            peerCalls,
            proposals,
            readRouter,
            snapshots,
            status,
            opened.log().hardState().term());
    host.start();
    storage.roomHandler(this::roomChanged);
    if (storage.room().low()) {
      roomChanged(storage.room());
    }
    events.publish(
        RaftEventType.STARTED,
        null,
        "log " + core.log().firstIndex() + ".." + core.log().lastIndex());
    if (core.fitness().isDamaged()) {
      events.publish(RaftEventType.DAMAGE_FOUND, null, opened.log().health().detail());
    }
    snapshots.start(endpoint);
    if (opened.toLoad() != null) {
      applier.restore(opened.toLoad().manifest().lastIndex());
    } else {
      applier.commit(opened.commitIndex());
    }
  }

  private void roomChanged(Room room) {
    host.step(raft -> raft.roomChanged(room.low(), scheduler.nanoTime()));
    if (!room.low()) {
      snapshots.saveIfDue();
    }
    events.publish(
        RaftEventType.ROOM_CHANGED,
        null,
        room.low() ? room.reason() : "there is room on disk again");
  }

  /**
   * Silences the member for good; it still describes itself.
   *
   * @param why whether it was closed or has failed
   * @param cause in words
   * @param answer what who waits for a snapshot is told
   */
  void end(RaftEventType why, String cause, RaftException answer) {
    host.stop();
    logWriter.stop();
    logReads.stop();
    applier.stop();
    snapshots.stop(answer);
    lease = new LeaseState(LeaseState.Kind.EXPIRED, core.term(), 0);
    if (peerCalls != null) {
      peerCalls.close();
    }
    events.publish(why, null, cause);
  }

  void describe(RaftStatus target) {
    long now = scheduler.nanoTime();
    StatusBuilder.addCore(target, core, roleSince, now);
    boolean damaged = core.fitness().isDamaged();
    Room room = storage.room();
    target
        .setAppliedIndex(applier.appliedIndex())
        .setRecovering(!core.isRecovered() || applier.isLoading())
        .setSnapshots(snapshots.describe(now))
        .setRoleCause(roleCause)
        .setContacts(contacts.describe(now))
        .setDamage(damaged ? opened.log().health().detail() : null)
        .setStorageShortage(room.low() ? room.reason() : null)
        .setStages(
            List.of(
                proposals.describe(gathering.with(held)),
                logWriter.describe(core.fitness().oldestWriteAge(now)),
                applier.describe(now)))
        .setReadsInFlight(reads.inFlight())
        .setCommandsApplied(applier.commandsApplied())
        .setWritesInFlight(logWriter.writesInFlight());
  }

  // --- proposals --------------------------------------------------------------------------------

  /** Appends the batch if this member leads; passes it on or refuses it otherwise. */
  void propose(List<Proposal> batch) {
    List<Proposal> mine = new ArrayList<>(batch.size());
    for (Proposal proposal : batch) {
      boolean passedOn = proposal.requiredTerm > 0;
      if (core.isLeader() && (!passedOn || proposal.requiredTerm == core.term())) {
        takeOrHold(proposal, mine);
      } else if (!passedOn && options.isForwardToLeader() && core.leaderId() != null) {
        probe.reached(Mark.FORWARDED);
        forward(proposal, core.leaderId());
      } else {
        if (passedOn) {
          probe.reached(Mark.FORWARD_OUTLIVED_LEADER);
        }
        proposals.fail(proposal, Rejections.notLeader(options.getNodeId(), core.leaderId()));
      }
    }
    proposals.flush();
    gathering.add(mine);
    if (gathering.isDue(logWriter.writesInFlight())) {
      append(gathering.take());
    }
  }

  private void takeOrHold(Proposal proposal, List<Proposal> mine) {
    if (core.fitness().isShortOfRoom()) {
      proposals.fail(
          proposal, new Rejected(Rejected.Reason.STORAGE_FULL, storage.room().reason(), null));
    } else if (core.leadership().holdsProposals()) {
      probe.reached(Mark.PROPOSALS_HELD);
      proposals.watch(proposal);
      // What has come before goes before.
      held.addAll(gathering.take());
      held.add(proposal);
    } else {
      // Before the step: should the step fail, the proposal is answered with everything else.
      proposals.watch(proposal);
      mine.add(proposal);
    }
  }

  /** It is clear again who leads: what waited for that goes its way. */
  private void releaseHeld() {
    if (!held.isEmpty()) {
      List<Proposal> batch = held;
      held = new ArrayList<>();
      batch.removeIf(Proposal::isDone);
      propose(batch);
    }
  }

  Future<SnapshotResult> snapshot() {
    return snapshots.save();
  }

  Future<Void> transferLeadership(String target) {
    return transfers.begin(target);
  }

  /** Who leads, or null if this member knows of nobody; on any thread. */
  String leaderId() {
    return leaderId;
  }

  /** What the lease is worth; on any thread. */
  LeaseState lease() {
    return lease;
  }

  void read(List<Read> batch) {
    readRouter.route(batch);
  }

  private void append(List<Proposal> batch) {
    List<byte[]> commands = new ArrayList<>(batch.size());
    for (Proposal proposal : batch) {
      byte[] entry = proposal.takeEncoded();
      if (EntryCodec.typeOf(entry) == EntryType.ENVELOPE) {
        Envelope.stamp(entry, logTimeMs());
      }
      commands.add(entry);
    }
    host.step(raft -> proposals.appended(batch, raft.propose(commands), raft.term()));
  }

  /**
   * This leader's log time: it goes on from what the sessions have seen, at the pace of this
   * member's own clock while it leads.
   */
  private long logTimeMs() {
    return logClock.nowMs(applier.sessions().logTimeMs(), scheduler.nanoTime());
  }

  private void forward(Proposal proposal, String leader) {
    proposals.watch(proposal);
    EntryType type = proposal.type();
    peerCalls.forward(
        leader,
        core.term(),
        type,
        proposal.takeCommand(),
        (reply, lost) -> {
          if (lost != null) {
            proposals.fail(proposal, lost);
          } else if (reply.outcome() == ForwardReply.Outcome.APPLIED) {
            proposals.succeed(proposal, Buffer.buffer(reply.reply()));
          } else {
            proposals.fail(proposal, Outcomes.failureOf(leader, reply));
          }
          proposals.flush();
        });
  }

  Future<StatusReply> askStatus(String peer) {
    return peerCalls.status(peer, options.getElectionTimeoutMs());
  }

  // --- messages ---------------------------------------------------------------------------------

  /** A message has arrived. Before the member has started there is nothing it could answer. */
  void receive(String from, Message message) {
    if (endpoint == null) {
      return;
    }
    contacts.heard(from, scheduler.nanoTime());
    if (message instanceof RaftMessage raftMessage) {
      host.step(raft -> raft.receive(from, raftMessage, scheduler.nanoTime()));
    } else if (message instanceof PeerRpc rpc && core.configuration().isMember(from)) {
      peerDesk.receive(from, rpc);
    }
  }

  private void send(Effects.Outbound outbound) {
    endpoint.send(outbound.to(), outbound.message());
  }

  // --- effects ----------------------------------------------------------------------------------

  private void carryOut(Effects effects) {
    // Before a message can leave that makes the lease worthless.
    lease = core.leadership().lease(scheduler.nanoTime());
    effects.sends().forEach(this::send);
    if (effects.persist() != null) {
      logWriter.persist(effects.persist());
    }
    logWriter.turnEnded();
    if (effects.compactTo() > 0) {
      logReads.compact(effects.compactTo());
    }
    effects.loads().forEach(logReads::load);
    if (effects.restoreIndex() > 0) {
      applier.restore(effects.restoreIndex());
    }
    if (effects.commitIndex() > 0) {
      applier.commit(effects.commitIndex());
    }
    snapshots.turnEnded();
    if (effects.install() != null) {
      snapshots.install(effects.install());
    }
    if (effects.snapshotWanted()) {
      snapshots.wanted();
    }
    effects.reads().forEach(readRouter::answered);
    effects.notices().forEach(this::note);
    announceReadiness();
    feeds.turnEnded();
  }

  private void storageFailed(Throwable cause) {
    probe.reached(Mark.STORAGE_FAILED);
    failureSink.accept(cause);
  }

  private void durable(long seq) {
    host.step(raft -> raft.persisted(seq, scheduler.nanoTime()));
    if (gathering.isDue(logWriter.writesInFlight())) {
      // Much may have changed since they were taken.
      propose(gathering.take());
    }
  }

  private void note(Effects.Notice notice) {
    if (notice instanceof Effects.RoleChanged changed) {
      roleSince = scheduler.nanoTime();
      logClock.restart(applier.sessions().logTimeMs(), roleSince);
      roleCause = changed.cause();
      RaftEvent event = events.event(RaftEventType.ROLE_CHANGED, null, changed.cause());
      events.publish(event.setTerm(changed.term()).setRole(StatusBuilder.role(changed.role())));
    } else if (notice instanceof Effects.LeadershipLost) {
      // Every reply that the loss invalidates is on its way before anybody hears of the loss
      //
      proposals.leadershipLost(core.commitIndex(), core.leaderId());
      held.addAll(gathering.take());
    } else if (notice instanceof Effects.LeaderChanged changed) {
      leaderId = changed.leaderId();
      peerCalls.leaderChanged(changed.leaderId());
      events.publish(
          RaftEventType.LEADER_CHANGED,
          null,
          changed.leaderId() == null ? "no leader known" : changed.leaderId() + " leads");
      transfers.leaderChanged(changed.leaderId());
      if (changed.leaderId() != null) {
        releaseHeld();
      }
    } else if (notice instanceof Effects.ProgressChanged changed) {
      events.publish(
          RaftEventType.FOLLOWER_CHANGED, changed.peer(), changed.state() + ": " + changed.cause());
    } else if (notice instanceof Effects.TransferEnded ended) {
      events.publish(RaftEventType.TRANSFER_ENDED, ended.target(), ended.cause());
      transfers.ended(ended.cause());
      releaseHeld();
    } else {
      noteDamage(notice);
    }
  }

  private void noteDamage(Effects.Notice notice) {
    if (notice instanceof Effects.DamageFound found) {
      events.publish(
          RaftEventType.DAMAGE_FOUND,
          found.peer(),
          found.peer()
              + " has lost entries, and counts for nothing until it has all of them again");
    } else if (notice instanceof Effects.Healed healed) {
      events.publish(
          RaftEventType.DAMAGE_HEALED,
          null,
          "all that was lost is there again, up to index " + healed.index());
      storage.healed().onFailure(this::storageFailed);
    }
  }

  private void announceReadiness() {
    if (core.becameReady()) {
      events.publish(RaftEventType.LEADER_READY, null, "first entry of the term is applied");
    }
  }

  // --- the applier's results --------------------------------------------------------------------

  @Override
  public void replied(long index, long term, Buffer reply) {
    proposals.applied(index, term, reply);
  }

  @Override
  public void refused(long index, long term, RaftException why) {
    proposals.refused(index, term, why);
  }

  @Override
  public void applied(long index) {
    logTimeMs();
    proposals.appliedUpTo(index);
    proposals.flush();
    host.step(raft -> raft.applied(index));
    snapshots.saveIfDue();
  }

  @Override
  public void restored(long index) {
    proposals.appliedUpTo(index);
    proposals.flush();
    // A state that is ahead of a damaged log has seen more.
    host.step(raft -> raft.applied(Math.min(applier.appliedIndex(), raft.commitIndex())));
    snapshots.restored(index);
  }

  @Override
  public void failed(Throwable cause) {
    failureSink.accept(cause);
  }
}
