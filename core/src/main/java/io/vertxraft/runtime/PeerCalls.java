package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.PeerRpc;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;

/**
 * Questions to other members and their answers. Confined to the node's context; answers arrive
 * there.
 *
 * <p>Request ids have 23 random bits per life of the process and 40 counted ones. A member takes
 * forwards of one sender only in rising order, so that a message the network repeats or delays is
 * not applied twice.
 */
final class PeerCalls {
  private static final int SEQUENCE_BITS = 40;
  private static final int LIVES_MAX = 64;

  /** A question that waits for its answer. */
  private record Call(
      String peer, Class<? extends PeerRpc> answer, long deadline, Promise<PeerRpc> promise) {}

  private final RaftScheduler scheduler;
  private final Transport.Endpoint endpoint;
  private final long timeoutNanos;
  private final Map<Long, Call> calls = new LinkedHashMap<>();
  private final Map<String, Map<Long, Long>> seen = new LinkedHashMap<>();
  private long nextId;

  PeerCalls(RaftScheduler scheduler, Transport.Endpoint endpoint, long timeoutNanos) {
    this.scheduler = scheduler;
    this.endpoint = endpoint;
    this.timeoutNanos = timeoutNanos;
    this.nextId = scheduler.random(1L << 23) << SEQUENCE_BITS;
  }

  /** Passes a command on; the caller watches the deadline. */
  void forward(
      String leader,
      long term,
      EntryType type,
      byte[] command,
      BiConsumer<ForwardReply, Throwable> outcome) {
    ask(leader, ForwardReply.class, id -> new ForwardRequest(id, term, type, command))
        .onComplete(done -> outcome.accept((ForwardReply) done.result(), done.cause()));
  }

  /** Asks a member for its status; unknown if it does not answer within {@code timeoutMs}. */
  Future<StatusReply> status(String peer, long timeoutMs) {
    return within(timeoutMs, peer, ask(peer, StatusReply.class, StatusRequest::new))
        .map(StatusReply.class::cast);
  }

  /** Asks the leader for a read index; unknown if it does not answer within {@code timeoutMs}. */
  Future<ReadIndexReply> readIndex(String leader, boolean lease, long timeoutMs) {
    Future<PeerRpc> answer =
        ask(leader, ReadIndexReply.class, id -> new ReadIndexRequest(id, lease));
    return within(timeoutMs, leader, answer).map(ReadIndexReply.class::cast);
  }

  /**
   * Asks for a piece of a snapshot, or of its manifest; whoever asks knows how long to wait.
   *
   * @param lastIndex which snapshot
   * @param file its file, or empty for the manifest
   */
  Future<SnapshotReply> snapshot(
      String peer, long lastIndex, String file, long offset, int bytesMax, boolean deflate) {
    return ask(
            peer,
            SnapshotReply.class,
            id -> new SnapshotRequest(id, lastIndex, file, offset, bytesMax, deflate))
        .map(SnapshotReply.class::cast);
  }

  private Future<PeerRpc> within(long timeoutMs, String peer, Future<PeerRpc> answer) {
    long id = nextId;
    RaftScheduler.Timer timer =
        scheduler.schedule(
            TimeUnit.MILLISECONDS.toNanos(timeoutMs),
            () -> fail(id, "%s does not answer within %d ms".formatted(peer, timeoutMs)));
    return answer.onComplete(done -> timer.cancel());
  }

  private Future<PeerRpc> ask(
      String peer, Class<? extends PeerRpc> answer, LongFunction<PeerRpc> question) {
    long now = scheduler.nanoTime();
    forgetExpired(now);
    long id = ++nextId;
    Promise<PeerRpc> promise = Promise.promise();
    calls.put(id, new Call(peer, answer, now + timeoutNanos, promise));
    endpoint.send(peer, question.apply(id));
    return promise.future();
  }

  /**
   * Calls time out in the order they were made. Whoever made an old one has been told otherwise.
   */
  private void forgetExpired(long now) {
    while (!calls.isEmpty()) {
      Map.Entry<Long, Call> oldest = calls.entrySet().iterator().next();
      if (oldest.getValue().deadline() - now > 0) {
        return;
      }
      fail(oldest.getKey(), oldest.getValue().peer() + " did not answer");
    }
  }

  /** An answer has arrived; late ones find nobody waiting. */
  void answered(String from, PeerRpc answer) {
    Call call = calls.get(answer.requestId());
    if (call != null && call.peer().equals(from) && call.answer().isInstance(answer)) {
      calls.remove(answer.requestId());
      call.promise().complete(answer);
    }
  }

  /**
   * Whether a forward is neither a repetition nor overtaken by a later one of its sender's life.
   */
  boolean isNew(String from, ForwardRequest request) {
    long life = request.requestId() >>> SEQUENCE_BITS;
    Map<Long, Long> newestByLife = seen.computeIfAbsent(from, ignored -> new LinkedHashMap<>());
    long newest = newestByLife.getOrDefault(life, -1L);
    if (request.requestId() <= newest) {
      return false;
    }
    // Put last again: the lives heard of longest ago are forgotten first.
    newestByLife.remove(life);
    newestByLife.put(life, request.requestId());
    if (newestByLife.size() > LIVES_MAX) {
      newestByLife.remove(newestByLife.keySet().iterator().next());
    }
    return true;
  }

  /**
   * Outcomes of forwards and reads sent to members other than {@code leader} are not to be expected
   * any more.
   */
  void leaderChanged(String leader) {
    List<Long> lost = new ArrayList<>();
    calls.forEach(
        (id, call) -> {
          if (call.answer() != StatusReply.class && !call.peer().equals(leader)) {
            lost.add(id);
          }
        });
    lost.forEach(id -> fail(id, "the leader changed before it answered"));
  }

  /** Ends all calls. */
  void close() {
    List.copyOf(calls.keySet()).forEach(id -> fail(id, "the node was closed"));
  }

  private void fail(long id, String message) {
    Call call = calls.remove(id);
    if (call != null) {
      call.promise().fail(new Unknown(Unknown.Reason.FORWARD_LOST, message, null));
    }
  }
}
