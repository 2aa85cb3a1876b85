package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.ApplyOptions;
import io.vertxraft.Command;
import io.vertxraft.CommandFate;
import io.vertxraft.Consistency;
import io.vertxraft.LeaderLease;
import io.vertxraft.Member;
import io.vertxraft.NodeState;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftSession;
import io.vertxraft.RaftStage;
import io.vertxraft.RaftStatus;
import io.vertxraft.SessionOptions;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.StageStatus;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;

/** A member that applies commands at once, or ends them as a test wishes. */
final class FakeNode implements RaftNode {
  final AtomicInteger applied = new AtomicInteger();
  final List<Consistency> reads = new CopyOnWriteArrayList<>();

  private final KvStateMachine machine = new KvStateMachine();
  private volatile Future<Buffer> answer;
  private volatile NodeState state = NodeState.RUNNING;
  private volatile String leaderId = "n1";
  volatile boolean recovering;
  volatile Future<SnapshotResult> snapshot = Future.failedFuture("not scripted");
  volatile SnapshotStatus snapshots = new SnapshotStatus();
  private final Set<Handler<RaftEvent>> observers = new CopyOnWriteArraySet<>();

  /** Ends every call with {@code answer} from now on; null applies commands again. */
  void answer(Future<Buffer> newAnswer) {
    answer = newAnswer;
  }

  void describe(NodeState newState, String newLeaderId) {
    state = newState;
    leaderId = newLeaderId;
  }

  /** Tells the observers that something has happened. */
  void notifyObservers() {
    observers.forEach(observer -> observer.handle(new RaftEvent()));
  }

  @Override
  public String nodeId() {
    return "n1";
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<Buffer> apply(Buffer command) {
    int index = applied.incrementAndGet();
    if (answer != null) {
      return answer;
    }
    return Future.succeededFuture(KvCodec.encode(machine.apply(index, 1, command)));
  }

  @Override
  public Future<RaftStatus> status() {
    return Future.succeededFuture(
        new RaftStatus()
            .setClusterId("vertx-raft")
            .setGroupId("default")
            .setNodeId("n1")
            .setState(state)
            .setFailure(state == NodeState.FAILED ? "the disk is full" : null)
            .setRole(RaftRole.LEADER)
            .setLeaderReady(true)
            .setTerm(3)
            .setRecovering(recovering)
            .setSnapshots(snapshots)
            .setStages(List.of(new StageStatus().setStage(RaftStage.LOG).setDepth(7)))
            .setLeaderId(leaderId)
            .setMembers(List.of(new Member("n1", "127.0.0.1", 1))));
  }

  @Override
  public synchronized Future<Buffer> read(Consistency consistency, Buffer query) {
    reads.add(consistency);
    return answer == null ? machine.query(query) : answer;
  }

  @Override
  public LeaderLease leaderLease() {
    return new LeaderLease();
  }

  @Override
  public Future<Void> transferLeadership(String nodeId) {
    return Future.failedFuture("not scripted");
  }

  @Override
  public Future<Void> transferLeadership() {
    return Future.failedFuture("not scripted");
  }

  @Override
  public Future<SnapshotResult> snapshot() {
    return snapshot;
  }

  @Override
  public Future<RaftStatus> memberStatus(String nodeId) {
    return status();
  }

  @Override
  public ReadStream<RaftEvent> events() {
    return new ReadStream<>() {
      @Override
      public ReadStream<RaftEvent> handler(Handler<RaftEvent> handler) {
        if (handler != null) {
          observers.add(handler);
        }
        return this;
      }

      @Override
      public ReadStream<RaftEvent> exceptionHandler(Handler<Throwable> handler) {
        return this;
      }

      @Override
      public ReadStream<RaftEvent> pause() {
        return this;
      }

      @Override
      public ReadStream<RaftEvent> resume() {
        return this;
      }

      @Override
      public ReadStream<RaftEvent> fetch(long amount) {
        return this;
      }

      @Override
      public ReadStream<RaftEvent> endHandler(Handler<Void> handler) {
        return this;
      }
    };
  }

  @Override
  public ReadStream<Command> committed(long fromIndex) {
    throw new UnsupportedOperationException("not scripted");
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Buffer> apply(Buffer command, ApplyOptions options) {
    return apply(command);
  }

  @Override
  public Future<List<Buffer>> applyAll(List<Buffer> commands) {
    throw new UnsupportedOperationException("not scripted");
  }

  @Override
  public Future<CommandFate> resolve(long term, long index) {
    throw new UnsupportedOperationException("not scripted");
  }

  @Override
  public Future<RaftSession> session(SessionOptions options) {
    throw new UnsupportedOperationException("not scripted");
  }

  @Override
  public Future<ClientReply> serve(ClientRequest request) {
    throw new UnsupportedOperationException("not scripted");
  }
}
