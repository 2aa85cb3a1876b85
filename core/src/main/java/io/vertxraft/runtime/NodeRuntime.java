package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.ApplyOptions;
import io.vertxraft.Command;
import io.vertxraft.CommandFate;
import io.vertxraft.CommandStream;
import io.vertxraft.CommandStreamOptions;
import io.vertxraft.Consistency;
import io.vertxraft.LeaderLease;
import io.vertxraft.LogRecord;
import io.vertxraft.NodeState;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftSession;
import io.vertxraft.RaftStatus;
import io.vertxraft.SessionOptions;
import io.vertxraft.SnapshotResult;
import io.vertxraft.StateMachine;
import io.vertxraft.client.ClientSession;
import io.vertxraft.client.Joined;
import io.vertxraft.client.Replies;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;
import java.lang.System.Logger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The life of a member: opens what it needs, runs the {@link GroupMember}, and closes in the
 * opposite order. It knows neither Vert.x contexts nor real time, so a simulator runs the very same
 * code.
 */
public final class NodeRuntime implements RaftNode {
  private static final Logger LOG = System.getLogger(NodeRuntime.class.getName());

  private final RaftOptions options;
  private final StateMachine stateMachine;
  private final StateMachineContext stateMachineContext;
  private final RaftStorage raftStorage;
  private final Transport transport;
  private final RaftScheduler scheduler;
  private final Probe probe;
  private final EventHub events = new EventHub();
  private final ChangeFeeds feeds;
  private final Proposals proposals;
  private final Reads reads;
  private final ClientDesk desk;

  /** Open in this process; confined to the node's context. */
  private final Set<ClientSession> sessions = new LinkedHashSet<>();

  private final Promise<Void> started = Promise.promise();
  private final Promise<Void> closed = Promise.promise();
  private NodeState state = NodeState.STARTING;
  private boolean startCalled;
  private boolean closing;
  private String failure;
  private Opening opening;
  private Transport.Endpoint endpoint;
  private volatile GroupMember member;

  /**
   * Creates a node that is not started.
   *
   * @param options validated and copied
   * @param stateMachine the application's state
   * @param stateMachineContext where it runs
   * @param storage durable storage
   * @param transport way to the other members
   * @param scheduler time and the node's serial context
   * @param probe a test's window, {@link Probe#NONE} in production
   */
  public NodeRuntime(
      RaftOptions options,
      StateMachine stateMachine,
      StateMachineContext stateMachineContext,
      RaftStorage storage,
      Transport transport,
      RaftScheduler scheduler,
      Probe probe) {
    this.options = new RaftOptions(options).validate();
    this.stateMachine = Objects.requireNonNull(stateMachine, "stateMachine");
    this.stateMachineContext = stateMachineContext;
    this.raftStorage = Objects.requireNonNull(storage, "storage");
    this.transport = Objects.requireNonNull(transport, "transport");
    this.scheduler = scheduler;
    this.probe = probe;
    this.proposals = new Proposals(scheduler, this.options, probe, batch -> member.propose(batch));
    this.feeds = new ChangeFeeds(scheduler);
    this.reads = new Reads(scheduler, this.options, batch -> member.read(batch));
    this.desk = new ClientDesk(this.options, proposals, reads);
  }

  /** The consensus state, for observers on the node's context; null before the node has started. */
  public RaftCore core() {
    return member == null ? null : member.core();
  }

  /** Commands taken and not yet given up, for observers. */
  public int proposalsInFlight() {
    return proposals.inFlight();
  }

  /** Whether the node has failed for good, for observers on its context. */
  public boolean hasFailed() {
    return state == NodeState.FAILED;
  }

  /** Whether the node has failed or was told to close, for observers on its context. */
  public boolean hasEnded() {
    return hasFailed() || closing;
  }

  @Override
  public String nodeId() {
    return options.getNodeId();
  }

  @Override
  public Future<Void> start() {
    return onContext(
        () -> {
          if (!startCalled) {
            startCalled = true;
            open();
          }
          return started.future();
        });
  }

  private void open() {
    GroupIdentity identity =
        new GroupIdentity(options.getClusterId(), options.getGroupId(), options.getNodeId());
    opening = new Opening(options, scheduler, raftStorage, stateMachine, stateMachineContext);
    opening
        .open(identity)
        .compose(opened -> join(identity, opened))
        .onComplete(done -> scheduler.execute(() -> opened(done.cause())));
  }

  private Future<Void> join(GroupIdentity identity, Opening.Opened opened) {
    Promise<Void> joined = Promise.promise();
    scheduler.execute(
        () -> {
          try {
            member =
                new GroupMember(
                    options,
                    scheduler,
                    stateMachine,
                    opened,
                    proposals,
                    reads,
                    events,
                    feeds,
                    () -> currentStatus().toJson(),
                    probe,
                    this::failed);
            transport
                .join(identity, addresses(), scheduler, new Inbound(member::receive, this::serve))
                .<Void>map(
                    newEndpoint -> {
                      endpoint = newEndpoint;
                      return null;
                    })
                .onComplete(joined);
          } catch (RuntimeException e) {
            joined.fail(e);
          }
        });
    return joined.future();
  }

  private List<PeerAddress> addresses() {
    return options.getMembers().stream()
        .map(m -> new PeerAddress(m.getNodeId(), m.getHost(), m.getPort()))
        .toList();
  }

  private void opened(Throwable cause) {
    if (state == NodeState.STOPPED) {
      String why = "node '" + options.getNodeId() + "' was closed while it started";
      release()
          .onComplete(released -> started.tryFail(cause == null ? new VertxException(why) : cause));
      return;
    }
    if (cause != null) {
      LOG.log(Logger.Level.DEBUG, "{0} cannot start: {1}", options.getNodeId(), cause);
      failure = cause.getMessage();
      state = NodeState.FAILED;
      RaftException fatal = new RaftException.Fatal("node could not start: " + failure, cause);
      proposals.refuse(fatal);
      reads.refuse(fatal);
      feeds.end(fatal);
      release().onComplete(released -> started.tryFail(cause));
      return;
    }
    state = NodeState.RUNNING;
    member.start(endpoint);
    proposals.open();
    reads.open();
    started.complete();
  }

  @Override
  public Future<Buffer> apply(Buffer command) {
    return desk.apply(command, 0);
  }

  @Override
  public Future<Buffer> apply(Buffer command, ApplyOptions applyOptions) {
    return desk.apply(command, applyOptions.getTimeoutMs());
  }

  @Override
  public Future<List<Buffer>> applyAll(List<Buffer> commands) {
    return desk.execute(ClientRequest.commands(true, 0, 0, 0, 0, Joined.of(commands)))
        .map(Joined::split);
  }

  @Override
  public Future<CommandFate> resolve(long term, long index) {
    return desk.execute(ClientRequest.resolve(term, index, 0))
        .map(name -> CommandFate.valueOf(name.toString()));
  }

  @Override
  public Future<RaftSession> session(SessionOptions sessionOptions) {
    SessionOptions valid = new SessionOptions(sessionOptions).validate();
    return onContext(() -> ClientSession.open(scheduler, desk::execute, valid).map(this::adopt));
  }

  private RaftSession adopt(ClientSession session) {
    sessions.add(session);
    session.ended().onComplete(done -> sessions.remove(session));
    if (hasEnded()) {
      session.abandon(options.getNodeId() + " serves no more");
    }
    return session;
  }

  @Override
  public Future<ClientReply> serve(ClientRequest request) {
    return desk.execute(request)
        .transform(
            done ->
                Future.succeededFuture(
                    done.succeeded()
                        ? Replies.ok(leaderId(), done.result())
                        : Replies.failed(leaderId(), done.cause())));
  }

  /** As far as this member knows; on any thread. */
  private String leaderId() {
    GroupMember running = member;
    return running == null ? null : running.leaderId();
  }

  @Override
  public CommandStream commandStream(CommandStreamOptions streamOptions) {
    return new CommandPipe(this, proposals::whenRoom, scheduler.callerContext(), streamOptions);
  }

  @Override
  public Future<Buffer> read(Consistency consistency, Buffer query) {
    return reads.offer(consistency, query);
  }

  @Override
  public LeaderLease leaderLease() {
    GroupMember running = member;
    return running == null
        ? new LeaderLease()
        : StatusBuilder.lease(running.lease(), scheduler.nanoTime());
  }

  @Override
  public Future<Void> transferLeadership(String nodeId) {
    Objects.requireNonNull(nodeId, "nodeId");
    return whileRunning(Rejected.Reason.NOT_LEADER, () -> member.transferLeadership(nodeId));
  }

  @Override
  public Future<Void> transferLeadership() {
    return whileRunning(Rejected.Reason.NOT_LEADER, () -> member.transferLeadership(null));
  }

  @Override
  public Future<SnapshotResult> snapshot() {
    return whileRunning(Rejected.Reason.SHUTTING_DOWN, () -> member.snapshot());
  }

  @Override
  public Future<List<LogRecord>> readLog(long fromIndex, int entriesMax, int bytesMax) {
    return whileRunning(
            Rejected.Reason.SHUTTING_DOWN, () -> feeds.page(fromIndex, entriesMax, bytesMax))
        .map(LogRecords::of);
  }

  private <T> Future<T> whileRunning(Rejected.Reason otherwise, Supplier<Future<T>> call) {
    return onContext(
        () ->
            state == NodeState.RUNNING
                ? call.get()
                : Future.failedFuture(new Rejected(otherwise, nodeId() + " is " + state, null)));
  }

  @Override
  public Future<RaftStatus> status() {
    return onContext(() -> Future.succeededFuture(currentStatus()));
  }

  @Override
  public Future<RaftStatus> memberStatus(String nodeId) {
    if (nodeId.equals(options.getNodeId())) {
      return status();
    }
    if (options.getMembers().stream().noneMatch(m -> m.getNodeId().equals(nodeId))) {
      return Future.failedFuture(
          new IllegalArgumentException(
              "'%s' is not a member of group '%s'".formatted(nodeId, options.getGroupId())));
    }
    return onContext(
        () ->
            state == NodeState.RUNNING
                ? member
                    .askStatus(nodeId)
                    .map(reply -> new RaftStatus(new JsonObject(Buffer.buffer(reply.json()))))
                : Future.failedFuture(
                    new Unknown(Unknown.Reason.NODE_STOPPED, nodeId() + " is " + state, null)));
  }

  @Override
  public ReadStream<RaftEvent> events() {
    return events.subscribe(scheduler.callerContext());
  }

  @Override
  public ReadStream<Command> committed(long fromIndex) {
    return feeds.open(fromIndex);
  }

  @Override
  public Future<Void> close() {
    return onContext(
        () -> {
          if (!closing) {
            closing = true;
            handOver().onComplete(done -> shutDown());
          }
          return closed.future();
        });
  }

  /** A leader lets another member lead before it goes, if one can. Always succeeds. */
  private Future<Void> handOver() {
    if (state != NodeState.RUNNING || !member.core().isLeader()) {
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    long longestMs = 2 * options.getElectionTimeoutMs();
    RaftScheduler.Timer timer =
        scheduler.schedule(TimeUnit.MILLISECONDS.toNanos(longestMs), over::tryComplete);
    member
        .transferLeadership(null)
        .onComplete(
            done -> {
              timer.cancel();
              over.tryComplete();
            });
    return over.future();
  }

  private void shutDown() {
    boolean starting = startCalled && state == NodeState.STARTING;
    boolean running = state == NodeState.RUNNING;
    state = NodeState.STOPPED;
    String message = options.getNodeId() + " is closed";
    proposals.refuse(new Rejected(Rejected.Reason.SHUTTING_DOWN, message, null));
    proposals.closeAll();
    abandonSessions(message);
    Rejected rejected = new Rejected(Rejected.Reason.SHUTTING_DOWN, message, null);
    reads.refuse(rejected);
    reads.failAll(rejected);
    if (running) {
      member.end(RaftEventType.STOPPED, "closed", rejected);
    }
    feeds.end(null);
    events.close();
    // A node that is still opening releases what it has got when it has got it.
    if (starting) {
      opening.abandon(rejected);
    }
    Future<?> released = starting ? started.future().otherwiseEmpty() : release();
    released.onComplete(done -> closed.tryComplete());
  }

  /** Storage or state machine cannot go on: the group stops here, the process does not. */
  private void failed(Throwable cause) {
    if (state == NodeState.FAILED || state == NodeState.STOPPED) {
      return;
    }
    state = NodeState.FAILED;
    failure = String.valueOf(cause.getMessage());
    if (!probe.failed(cause)) {
      LOG.log(
          Logger.Level.ERROR,
          () ->
              "group '%s' on node '%s' has failed and serves no more: %s"
                  .formatted(options.getGroupId(), options.getNodeId(), failure),
          cause);
    }
    RaftException.Fatal fatal = new RaftException.Fatal("node failed: " + failure, cause);
    proposals.refuse(fatal);
    proposals.failAll(fatal);
    abandonSessions("node failed: " + failure);
    reads.refuse(fatal);
    reads.failAll(fatal);
    feeds.end(fatal);
    member.end(RaftEventType.FAULT, failure, fatal);
  }

  /** Their commands go nowhere any more. */
  private void abandonSessions(String why) {
    List.copyOf(sessions).forEach(session -> session.abandon(why));
  }

  /** Gives back whatever has been opened, newest first. */
  private Future<Void> release() {
    Future<Void> left = endpoint == null ? Future.succeededFuture() : endpoint.close();
    return left.transform(done -> opening == null ? Future.succeededFuture() : opening.release())
        .otherwiseEmpty();
  }

  private RaftStatus currentStatus() {
    RaftStatus status =
        StatusBuilder.identity(options, scheduler)
            .setState(state)
            .setFailure(failure)
            .setProposalsInFlight(proposals.inFlight())
            .setProposalBytesInFlight(proposals.bytesInFlight());
    if (member != null) {
      member.describe(status);
    }
    if (state != NodeState.RUNNING) {
      // Whatever role it had last, it plays none any more.
      status
          .setRole(RaftRole.FOLLOWER)
          .setLeaderId(null)
          .setLeaderReady(false)
          .setFollowers(List.of());
    }
    return status;
  }

  /** Runs {@code call} on the node's context and completes on the caller's. */
  private <T> Future<T> onContext(Supplier<Future<T>> call) {
    Executor caller = scheduler.callerContext();
    Promise<T> promise = Promise.promise();
    // compose turns what a call throws into a failure, so that the caller always gets an answer.
    scheduler.execute(
        () ->
            Future.succeededFuture()
                .compose(ignored -> call.get())
                .onComplete(
                    (result, cause) -> caller.execute(() -> promise.complete(result, cause))));
    return promise.future();
  }
}
