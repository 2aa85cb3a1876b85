package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.ApplyOptions;
import io.vertxraft.Command;
import io.vertxraft.CommandFate;
import io.vertxraft.Consistency;
import io.vertxraft.LeaderLease;
import io.vertxraft.LogRecord;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftException;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftSession;
import io.vertxraft.RaftStatus;
import io.vertxraft.SessionOptions;
import io.vertxraft.SnapshotResult;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** A node whose reports and events a test writes by hand. */
final class ScriptedNode implements RaftNode {
  final EventSink sink = new EventSink();
  final AtomicInteger questions = new AtomicInteger();
  private final String nodeId;
  private final Map<String, Supplier<Future<RaftStatus>>> answers = new ConcurrentHashMap<>();

  /** What becomes of an attempt to hand over, by target; null is whoever is fittest. */
  volatile Function<String, Future<Void>> transfer = target -> Future.succeededFuture();

  /** What becomes of a snapshot. */
  volatile Supplier<Future<SnapshotResult>> snapshot =
      () -> Future.succeededFuture(new SnapshotResult().setLastIndex(900).setBytes(2_048));

  /** What the log holds, from an index on and at most so many. */
  volatile BiFunction<Long, Integer, Future<List<LogRecord>>> log =
      (from, max) -> Future.succeededFuture(List.of());

  final AtomicInteger transfers = new AtomicInteger();

  ScriptedNode(String nodeId) {
    this.nodeId = nodeId;
  }

  /** From now on the status's own node answers with it. */
  ScriptedNode says(RaftStatus status) {
    return answers(status.getNodeId(), () -> Future.succeededFuture(status));
  }

  /** From now on a member does not answer. */
  ScriptedNode isSilent(String member, String message) {
    return answers(member, () -> Future.failedFuture(unknown(message)));
  }

  ScriptedNode answers(String member, Supplier<Future<RaftStatus>> answer) {
    answers.put(member, answer);
    return this;
  }

  private static RaftException unknown(String message) {
    return new RaftException.Unknown(RaftException.Unknown.Reason.DEADLINE, message, null);
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public Future<RaftStatus> status() {
    return memberStatus(nodeId);
  }

  @Override
  public Future<Buffer> read(Consistency consistency, Buffer query) {
    return Future.failedFuture("not scripted");
  }

  @Override
  public LeaderLease leaderLease() {
    return new LeaderLease();
  }

  @Override
  public Future<Void> transferLeadership(String nodeId) {
    transfers.incrementAndGet();
    return transfer.apply(nodeId);
  }

  @Override
  public Future<Void> transferLeadership() {
    return transferLeadership(null);
  }

  @Override
  public Future<SnapshotResult> snapshot() {
    return snapshot.get();
  }

  @Override
  public Future<RaftStatus> memberStatus(String member) {
    questions.incrementAndGet();
    Supplier<Future<RaftStatus>> answer = answers.get(member);
    return answer == null ? Future.failedFuture(unknown("not scripted")) : answer.get();
  }

  @Override
  public ReadStream<RaftEvent> events() {
    return sink;
  }

  @Override
  public ReadStream<Command> committed(long fromIndex) {
    throw new UnsupportedOperationException("the console does not follow the log");
  }

  @Override
  public Future<List<LogRecord>> readLog(long fromIndex, int entriesMax, int bytesMax) {
    return log.apply(fromIndex, entriesMax);
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Buffer> apply(Buffer command) {
    throw new UnsupportedOperationException("the console must not write");
  }

  @Override
  public Future<Void> close() {
    throw new UnsupportedOperationException("the console must not close the node");
  }

  @Override
  public Future<Buffer> apply(Buffer command, ApplyOptions options) {
    return apply(command);
  }

  @Override
  public Future<List<Buffer>> applyAll(List<Buffer> commands) {
    throw new UnsupportedOperationException("the console asks nothing of the kind");
  }

  @Override
  public Future<CommandFate> resolve(long term, long index) {
    throw new UnsupportedOperationException("the console asks nothing of the kind");
  }

  @Override
  public Future<RaftSession> session(SessionOptions options) {
    throw new UnsupportedOperationException("the console asks nothing of the kind");
  }

  @Override
  public Future<ClientReply> serve(ClientRequest request) {
    throw new UnsupportedOperationException("the console asks nothing of the kind");
  }
}
