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
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A member of this project: gRPC, LevelDB, a Vert.x instance of its own. */
public class VertxRaftMember implements RaftMember {
  private static final Buffer OK = Buffer.buffer("ok");
  private static final long WAIT_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final Context load = vertx.getOrCreateContext();
  private final Counting stateMachine = new Counting();
  private final RaftNode node;

  /** Starts it and returns once it runs. Blocks. */
  public VertxRaftMember(MemberSetup setup) throws Exception {
    this(setup, GrpcTransport::create);
  }

  /** Starts it with a transport. */
  protected VertxRaftMember(MemberSetup setup, Function<Vertx, Transport> transport)
      throws Exception {
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
    LevelDbStorage storage =
        LevelDbStorage.create(new LevelDbOptions().setDirectory(setup.directory().toString()));
    RaftVerticle verticle =
        new RaftVerticle(options, stateMachine, storage, transport.apply(vertx));
    await(vertx.deployVerticle(verticle));
    node = verticle.node();
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
