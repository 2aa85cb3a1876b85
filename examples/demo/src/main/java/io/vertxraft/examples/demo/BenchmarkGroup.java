package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Members in one JVM for measuring: real gRPC, real LevelDB, a state machine that does nothing. */
final class BenchmarkGroup {
  private static final Buffer OK = Buffer.buffer("ok");

  private BenchmarkGroup() {}

  /** Does nothing, but answers. */
  static final class Nothing implements StateMachine {
    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      return Future.succeededFuture(Collections.nCopies(batch.size(), OK));
    }

    @Override
    public Future<Buffer> query(Buffer query) {
      return Future.succeededFuture(OK);
    }
  }

  /** Starts members that are closed with {@code vertx}. */
  static List<RaftNode> start(Vertx vertx, Path directory, int members) throws Exception {
    List<Member> all = new ArrayList<>();
    for (int port : FreePorts.find(members)) {
      all.add(new Member("n" + (all.size() + 1), "127.0.0.1", port));
    }
    List<RaftNode> nodes = new ArrayList<>();
    for (Member member : all) {
      RaftOptions options = new RaftOptions().setNodeId(member.getNodeId()).setMembers(all);
      LevelDbStorage storage =
          LevelDbStorage.create(
              new LevelDbOptions().setDirectory(directory.resolve(member.getNodeId()).toString()));
      RaftVerticle verticle =
          new RaftVerticle(options, new Nothing(), storage, GrpcTransport.create(vertx));
      vertx.deployVerticle(verticle).await();
      nodes.add(verticle.node());
    }
    return nodes;
  }

  /** The leader, once it is ready. */
  static RaftNode awaitLeader(List<RaftNode> nodes) throws Exception {
    while (true) {
      for (RaftNode node : nodes) {
        RaftStatus status = node.status().await();
        if (status.getRole() == RaftRole.LEADER && status.isLeaderReady()) {
          return node;
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
