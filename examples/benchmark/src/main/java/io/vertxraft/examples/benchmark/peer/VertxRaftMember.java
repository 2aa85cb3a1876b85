package io.vertxraft.examples.benchmark.peer;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Consistency;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A member of this project: gRPC, LevelDB, a Vert.x instance that all groups of a place share. */
public final class VertxRaftMember implements RaftMember {
  private static final Buffer OK = Buffer.buffer("ok");
  private static final long WAIT_SECONDS = 60;

  /** Where the load is made. */
  enum Caller {
    /** The member's event loop, as by a verticle that has its member in itself. */
    IN_MEMBER,
    /** An event loop of its own: each command and each answer wakes a thread. */
    ELSEWHERE
  }

  private final Context load;
  private final Counting stateMachine;
  private final RaftNode node;

  private VertxRaftMember(Context load, RaftNode node, Counting stateMachine) {
    this.load = load;
    this.node = node;
    this.stateMachine = stateMachine;
  }

  /** Starts a member of each group and returns once they run. Blocks. */
  public static List<RaftMember> startAll(MemberSetup setup) throws Exception {
    return startAll(setup, GrpcTransport::create, Caller.IN_MEMBER);
  }

  /** As above, with a transport, and called from somewhere. */
  static List<RaftMember> startAll(
      MemberSetup setup, Function<Vertx, Transport> factory, Caller caller) throws Exception {
    if (!setup.synced()) {
      throw new UnsupportedOperationException("vertx-raft has no switch that turns syncing off");
    }
    List<Member> members = new ArrayList<>();
    for (int port : setup.ports()) {
      members.add(new Member("n" + (members.size() + 1), MemberSetup.HOST, port));
    }
    RaftOptions options =
        new RaftOptions()
            .setNodeId(members.get(setup.self()).getNodeId())
            .setMembers(members)
            .setElectionTimeoutMs(MemberSetup.ELECTION_TIMEOUT_MS);
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    LevelDbStorage storage =
        LevelDbStorage.create(new LevelDbOptions().setDirectory(setup.directory().toString()));
    Transport transport = factory.apply(vertx);
    List<RaftMember> started = new ArrayList<>();
    for (int group = 1; group <= setup.groups(); group++) {
      Counting stateMachine = new Counting();
      Home verticle =
          new Home(
              new RaftOptions(options).setGroupId("group-" + group),
              stateMachine,
              storage,
              transport);
      await(vertx.deployVerticle(verticle));
      // Asked on no event loop, Vert.x gives the next one.
      Context load =
          caller == Caller.IN_MEMBER ? verticle.ownContext() : vertx.getOrCreateContext();
      started.add(new VertxRaftMember(load, verticle.node(), stateMachine));
    }
    return started;
  }

  /** A member's verticle, which shows where it lives. */
  private static final class Home extends RaftVerticle {
    Home(RaftOptions options, StateMachine stateMachine, RaftStorage storage, Transport transport) {
      super(options, stateMachine, storage, transport);
    }

    Context ownContext() {
      return context;
    }
  }

  /** Counts, and answers. */
  private static final class Counting implements StateMachine {
    private volatile long applied;

    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      applied += batch.size();
      return Future.succeededFuture(Collections.nCopies(batch.size(), OK));
    }

    @Override
    public Future<Buffer> query(Buffer query) {
      return Future.succeededFuture(OK);
    }
  }

  @Override
  public boolean isLeader() {
    RaftStatus status = await(node.status());
    return status.getRole() == RaftRole.LEADER && status.isLeaderReady();
  }

  @Override
  public void apply(byte[] command, Completion completion) {
    node.apply(Buffer.buffer(command)).onComplete(done -> completion.done(done.cause()));
  }

  @Override
  public void read(ReadKind kind, Completion completion) {
    Consistency consistency = kind == ReadKind.LEASE ? Consistency.LEASE : Consistency.LINEARIZABLE;
    node.read(consistency, OK).onComplete(done -> completion.done(done.cause()));
  }

  @Override
  public Executor loadExecutor() {
    return task -> load.runOnContext(ignored -> task.run());
  }

  @Override
  public long applied() {
    return stateMachine.applied;
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
