package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.Command;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStatus;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LeaseState;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PeerRpc;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
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
  private final Proposals proposals;
  private final Reads reads;
  private final EventHub events;
  private final Supplier<JsonObject> status;
  private final Probe probe;
  private final Consumer<Throwable> failureSink;
  private final RaftCore core;
  private final ConsensusHost host;
  private final LogWriter logWriter;
  private final Applier applier;
  private final Contacts contacts;
  private final Transfers transfers;
  private final long recoveredTerm;
  private Transport.Endpoint endpoint;
  private PeerCalls peerCalls;
  private ReadRouter readRouter;
  private List<Proposal> held = new ArrayList<>();
  private long roleSince;
  private String roleCause;
  private volatile LeaseState lease;

  GroupMember(
      RaftOptions options,
      RaftScheduler scheduler,
      GroupStorage storage,
      StateMachine stateMachine,
      Executor stateMachineContext,
      long appliedIndex,
      Proposals proposals,
      Reads reads,
      EventHub events,
      Supplier<JsonObject> status,
      Probe probe,
      Consumer<Throwable> failureSink) {
    this.options = options;
    this.scheduler = scheduler;
    this.storage = storage;
    this.proposals = proposals;
    this.reads = reads;
    this.events = events;
    this.status = status;
    this.probe = probe;
    this.failureSink = failureSink;
    this.recoveredTerm = storage.recovered().hardState().term();
    this.core = Cores.create(options, storage.recovered(), appliedIndex, scheduler, probe);
    this.host = new ConsensusHost(scheduler, core, this::carryOut, failureSink);
    this.logWriter = new LogWriter(storage, this::send, this::durable, this::storageFailed);
    this.applier =
        new Applier(
            scheduler,
            stateMachineContext,
            stateMachine,
            storage,
            core.log(),
            appliedIndex,
            options,
            probe,
            this);
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
    host.start();
    storage.roomHandler(this::roomChanged);
    if (storage.room().low()) {
      roomChanged(storage.room());
    }
    publish(
        RaftEventType.STARTED,
        null,
        "log " + core.log().firstIndex() + ".." + core.log().lastIndex());
    if (core.fitness().isDamaged()) {
      publish(RaftEventType.DAMAGE_FOUND, null, storage.recovered().health().detail());
    }
  }

  private void roomChanged(Room room) {
    host.step(raft -> raft.roomChanged(room.low(), scheduler.nanoTime()));
    publish(
        RaftEventType.ROOM_CHANGED,
        null,
        room.low() ? room.reason() : "there is room on disk again");
  }

  void stop(String cause) {
    end(RaftEventType.STOPPED, cause);
  }

  void fail(String cause) {
    end(RaftEventType.FAULT, cause);
  }

  /** Silences the member for good; it still describes itself. */
  private void end(RaftEventType why, String cause) {
    host.stop();
    logWriter.stop();
    lease = new LeaseState(LeaseState.Kind.EXPIRED, core.term(), 0);
    applier.stop();
    if (peerCalls != null) {
      peerCalls.close();
    }
    publish(why, null, cause);
  }

  void describe(RaftStatus target) {
    long now = scheduler.nanoTime();
    StatusBuilder.addCore(target, core, roleSince, now);
    boolean damaged = core.fitness().isDamaged();
    Room room = storage.room();
    target
        .setRoleCause(roleCause)
        .setContacts(contacts.describe(now))
        .setDamage(damaged ? storage.recovered().health().detail() : null)
        .setStorageShortage(room.low() ? room.reason() : null)
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
    if (!mine.isEmpty()) {
      append(mine);
    }
  }

  private void takeOrHold(Proposal proposal, List<Proposal> mine) {
    if (core.fitness().isShortOfRoom()) {
      proposals.fail(
          proposal, new Rejected(Rejected.Reason.STORAGE_FULL, storage.room().reason(), null));
    } else if (core.leadership().holdsProposals()) {
      probe.reached(Mark.PROPOSALS_HELD);
      proposals.watch(proposal);
      held.add(proposal);
    } else {
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

  Future<Void> transferLeadership(String target) {
    return transfers.begin(target);
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
      // Before the step: should the step fail, the proposal is answered with everything else.
      proposals.watch(proposal);
      commands.add(proposal.takeEncoded());
    }
    host.step(raft -> proposals.appended(batch, raft.propose(commands), raft.term()));
  }

  private void forward(Proposal proposal, String leader) {
    proposals.watch(proposal);
    peerCalls.forward(
        leader,
        core.term(),
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
      receiveRpc(from, rpc);
    }
  }

  private void receiveRpc(String from, PeerRpc message) {
    if (message instanceof ForwardRequest request) {
      // What an earlier life of this node appended in a term it led, nobody knows any more; of a
      // repeated request the first arrival is answered. Silence leaves the sender with Unknown.
      if (!peerCalls.isNew(from, request)) {
        probe.reached(Mark.FORWARD_REPEATED);
      } else if (request.term() > recoveredTerm) {
        proposals
            .offer(Buffer.buffer(request.command()), request.term())
            .onComplete(
                done ->
                    endpoint.send(
                        from,
                        done.succeeded()
                            ? Outcomes.applied(request.requestId(), done.result())
                            : Outcomes.failed(request.requestId(), done.cause())));
      }
    } else if (message instanceof ReadIndexRequest request) {
      readRouter.ask(
          request.lease(),
          index ->
              endpoint.send(
                  from,
                  new ReadIndexReply(
                      request.requestId(), index >= 0, Math.max(0, index), core.leaderId())));
    } else if (message instanceof StatusRequest request) {
      byte[] json = status.get().toBuffer().getBytes();
      endpoint.send(from, new StatusReply(request.requestId(), json));
    } else {
      peerCalls.answered(from, message);
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
    effects.loads().forEach(this::load);
    if (effects.commitIndex() > 0) {
      applier.commit(effects.commitIndex());
    }
    effects.reads().forEach(readRouter::answered);
    effects.notices().forEach(this::note);
    announceReadiness();
  }

  private void storageFailed(Throwable cause) {
    probe.reached(Mark.STORAGE_FAILED);
    failureSink.accept(cause);
  }

  private void durable(long seq) {
    host.step(raft -> raft.persisted(seq, scheduler.nanoTime()));
  }

  private void load(Effects.Load load) {
    storage
        .read(load.fromIndex(), load.toIndex(), load.bytesMax())
        .onComplete(
            entries -> host.step(raft -> raft.loaded(load, entries, scheduler.nanoTime())),
            cause -> loadFailed(load, cause));
  }

  /**
   * A leader of the term never removes what it reads, so that its disk must be at fault. The log of
   * a deposed one may have been truncated under the read, which harms nobody.
   */
  private void loadFailed(Effects.Load load, Throwable cause) {
    boolean leads = core.isLeader() && core.term() == load.term();
    if (leads || cause instanceof StorageException) {
      storageFailed(cause);
    } else {
      probe.reached(Mark.LOAD_DISCARDED);
    }
  }

  private void note(Effects.Notice notice) {
    if (notice instanceof Effects.RoleChanged changed) {
      roleSince = scheduler.nanoTime();
      roleCause = changed.cause();
      RaftEvent event = event(RaftEventType.ROLE_CHANGED, null, changed.cause());
      events.publish(event.setTerm(changed.term()).setRole(StatusBuilder.role(changed.role())));
    } else if (notice instanceof Effects.LeadershipLost) {
      // Every reply that the loss invalidates is on its way before anybody hears of the loss
      //
      proposals.leadershipLost(core.commitIndex(), core.leaderId());
    } else if (notice instanceof Effects.LeaderChanged changed) {
      peerCalls.leaderChanged(changed.leaderId());
      publish(
          RaftEventType.LEADER_CHANGED,
          null,
          changed.leaderId() == null ? "no leader known" : changed.leaderId() + " leads");
      transfers.leaderChanged(changed.leaderId());
      if (changed.leaderId() != null) {
        releaseHeld();
      }
    } else if (notice instanceof Effects.ProgressChanged changed) {
      publish(
          RaftEventType.FOLLOWER_CHANGED, changed.peer(), changed.state() + ": " + changed.cause());
    } else if (notice instanceof Effects.TransferEnded ended) {
      publish(RaftEventType.TRANSFER_ENDED, ended.target(), ended.cause());
      transfers.ended(ended.cause());
      releaseHeld();
    } else {
      noteDamage(notice);
    }
  }

  private void noteDamage(Effects.Notice notice) {
    if (notice instanceof Effects.DamageFound found) {
      publish(
          RaftEventType.DAMAGE_FOUND,
          found.peer(),
          found.peer()
              + " has lost entries, and counts for nothing until it has all of them again");
    } else if (notice instanceof Effects.Healed healed) {
      publish(
          RaftEventType.DAMAGE_HEALED,
          null,
          "all that was lost is there again, up to index " + healed.index());
      storage.healed().onFailure(this::storageFailed);
    }
  }

  private void announceReadiness() {
    if (core.becameReady()) {
      publish(RaftEventType.LEADER_READY, null, "first entry of the term is applied");
    }
  }

  private void publish(RaftEventType type, String peer, String cause) {
    events.publish(event(type, peer, cause));
  }

  private RaftEvent event(RaftEventType type, String peer, String cause) {
    return new RaftEvent()
        .setType(type)
        .setGroupId(options.getGroupId())
        .setNodeId(options.getNodeId())
        .setTimeMs(scheduler.wallMillis())
        .setTerm(core.term())
        .setRole(StatusBuilder.role(core.roleKind()))
        .setLeaderId(core.leaderId())
        .setPeerId(peer)
        .setCause(cause);
  }

  // --- the applier's results --------------------------------------------------------------------

  @Override
  public void replied(Command command, Buffer reply) {
    proposals.applied(command.index(), command.term(), reply);
  }

  @Override
  public void applied(long index) {
    proposals.appliedUpTo(index);
    proposals.flush();
    host.step(raft -> raft.applied(index));
  }

  @Override
  public void failed(Throwable cause) {
    failureSink.accept(cause);
  }
}
