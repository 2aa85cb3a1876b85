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
import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PeerRpc;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
  private final EventHub events;
  private final Supplier<JsonObject> status;
  private final Probe probe;
  private final Consumer<Throwable> failureSink;
  private final RaftCore core;
  private final ConsensusHost host;
  private final LogWriter logWriter;
  private final Applier applier;
  private Transport.Endpoint endpoint;
  private PeerCalls peerCalls;
  private final long recoveredTerm;
  private long roleSince;

  GroupMember(
      RaftOptions options,
      RaftScheduler scheduler,
      GroupStorage storage,
      StateMachine stateMachine,
      Executor stateMachineContext,
      Proposals proposals,
      EventHub events,
      Supplier<JsonObject> status,
      Probe probe,
      Consumer<Throwable> failureSink) {
    this.options = options;
    this.scheduler = scheduler;
    this.storage = storage;
    this.proposals = proposals;
    this.events = events;
    this.status = status;
    this.probe = probe;
    this.failureSink = failureSink;
    this.recoveredTerm = storage.recovered().hardState().term();
    this.core = newCore(options, storage.recovered(), scheduler, probe);
    this.host = new ConsensusHost(scheduler, core, this::carryOut, failureSink);
    this.logWriter = new LogWriter(storage, this::send, this::durable, this::storageFailed);
    this.applier =
        new Applier(
            scheduler,
            stateMachineContext,
            stateMachine,
            storage,
            core.log(),
            options,
            probe,
            this);
    this.roleSince = scheduler.nanoTime();
  }

  private static RaftCore newCore(
      RaftOptions options, RecoveredLog recovered, RaftScheduler scheduler, Probe probe) {
    Set<String> voters = new TreeSet<>();
    options.getMembers().forEach(member -> voters.add(member.getNodeId()));
    CoreSettings settings =
        new CoreSettings(
            options.getGroupId(),
            options.getNodeId(),
            Configuration.of(voters),
            TimeUnit.MILLISECONDS.toNanos(options.getElectionTimeoutMs()),
            TimeUnit.MILLISECONDS.toNanos(options.getHeartbeatIntervalMs()),
            options.getAppendEntriesMax(),
            options.getAppendBytesMax(),
            options.getReplicationMessagesInFlightMax(),
            options.getReplicationBytesInFlightMax(),
            probe);
    LogView log =
        new LogView(
            recovered.firstIndex(),
            recovered.lastIndex(),
            recovered.prevTerm(),
            recovered.termRuns().stream().mapToLong(RecoveredLog.TermRun::firstIndex).toArray(),
            recovered.termRuns().stream().mapToLong(RecoveredLog.TermRun::term).toArray(),
            options.getLogCacheBytesMax());
    return new RaftCore(
        settings, recovered.hardState(), log, scheduler::random, scheduler.nanoTime());
  }

  RaftCore core() {
    return core;
  }

  void start(Transport.Endpoint newEndpoint) {
    endpoint = newEndpoint;
    peerCalls =
        new PeerCalls(
            scheduler, newEndpoint, TimeUnit.MILLISECONDS.toNanos(options.getApplyTimeoutMs()));
    host.start();
    publish(
        RaftEventType.STARTED,
        null,
        "log " + core.log().firstIndex() + ".." + core.log().lastIndex());
  }

  void stop(String cause) {
    host.stop();
    applier.stop();
    peerCalls.close();
    publish(RaftEventType.STOPPED, null, cause);
  }

  /** Silences the member for good; it still describes itself. */
  void fail(String cause) {
    host.stop();
    applier.stop();
    if (peerCalls != null) {
      peerCalls.close();
    }
    publish(RaftEventType.FAULT, null, cause);
  }

  void describe(RaftStatus target) {
    StatusBuilder.addCore(target, core, roleSince, scheduler.nanoTime());
    target
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
        mine.add(proposal);
      } else if (!passedOn && options.isForwardToLeader() && core.leaderId() != null) {
        probe.reached(Mark.FORWARDED);
        forward(proposal, core.leaderId());
      } else {
        if (passedOn) {
          probe.reached(Mark.FORWARD_OUTLIVED_LEADER);
        }
        proposals.fail(proposal, notLeader());
      }
    }
    proposals.flush();
    if (!mine.isEmpty()) {
      append(mine);
    }
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

  private Rejected notLeader() {
    String leader = core.leaderId();
    String hint =
        leader == null ? "no leader is known; try again later" : "the leader is " + leader;
    return new Rejected(
        Rejected.Reason.NOT_LEADER, options.getNodeId() + " does not lead, " + hint, leader);
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
    effects.sends().forEach(this::send);
    if (effects.persist() != null) {
      logWriter.persist(effects.persist());
    }
    effects.loads().forEach(this::load);
    if (effects.commitIndex() > 0) {
      applier.commit(effects.commitIndex());
    }
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
    } else if (notice instanceof Effects.ProgressChanged changed) {
      publish(
          RaftEventType.FOLLOWER_CHANGED, changed.peer(), changed.state() + ": " + changed.cause());
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
