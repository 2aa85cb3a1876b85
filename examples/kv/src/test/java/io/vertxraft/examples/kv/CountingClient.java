package io.vertxraft.examples.kv;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts in a key of its own, one step after the other, whatever happens to the members. A step
 * that were applied twice would show:
 *
 * <ul>
 *   <li>Every other step is written only if the key's index is that of the step before. The second
 *       of two applications would be refused, and so would one after a stranger's write.
 *   <li>The steps between are written without a condition. If one of them were applied again later,
 *       it would set the key back.
 * </ul>
 *
 * <p>A step that ends unknown is decided by writing it again with the condition: if that is
 * refused, it had taken place. Nothing of the unknown one can come after, because it belongs to the
 * same session, whose later command has been applied. Confined to one context.
 */
final class CountingClient {
  private static final long STORE_BYTES_MAX = 1_000_000;

  /** Between two steps, so that the clients leave time to members that start again. */
  private static final long PACE_MS = 20;

  private final Vertx vertx;
  private final RaftClient client;
  private final KvKey key;
  private final Tally tally;
  private final Context context;
  private final Promise<Long> finished = Promise.promise();
  private long count;
  private long index;
  private boolean stopping;

  /** What all clients together have been told. */
  record Tally(
      AtomicLong acknowledged,
      AtomicLong rejected,
      AtomicLong unknown,
      AtomicLong decided,
      Queue<String> troubles) {
    Tally() {
      this(
          new AtomicLong(),
          new AtomicLong(),
          new AtomicLong(),
          new AtomicLong(),
          new ConcurrentLinkedQueue<>());
    }
  }

  CountingClient(Vertx vertx, RaftClient client, String key, Tally tally) {
    this.vertx = vertx;
    this.client = client;
    this.key = KvKey.of(key);
    this.tally = tally;
    this.context = vertx.getOrCreateContext();
  }

  void start() {
    context.runOnContext(v -> next());
  }

  /** Ends after the present step; gives the count. */
  Future<Long> stop() {
    context.runOnContext(v -> stopping = true);
    return finished.future();
  }

  private void next() {
    if (stopping) {
      finished.tryComplete(count);
    } else {
      write(count % 2 == 0 ? Condition.NONE : atStepBefore(), false);
    }
  }

  private Condition atStepBefore() {
    return count == 0 ? Condition.ABSENT : Condition.index(index);
  }

  private void write(Condition condition, boolean deciding) {
    Buffer value = Buffer.buffer(Long.toString(count + 1));
    client
        .apply(KvCodec.encode(new KvCommand.Put(key, value, condition, STORE_BYTES_MAX)))
        .onComplete(
            reply -> answered(KvCodec.decodeReply(reply), deciding),
            cause -> failed(cause, condition, deciding));
  }

  private void answered(KvReply reply, boolean deciding) {
    boolean done = reply.status() == KvReply.Status.OK;
    boolean wasDone = deciding && reply.status() == KvReply.Status.PRECONDITION_FAILED;
    if (!done && !wasDone) {
      giveUp(
          "%s, step %d: %s, the key's index is %d and was %d after the step before"
              .formatted(key, count + 1, reply.status(), reply.index(), index));
      return;
    }
    count++;
    index = reply.index();
    (deciding ? tally.decided() : tally.acknowledged()).incrementAndGet();
    vertx.setTimer(PACE_MS, id -> next());
  }

  private void failed(Throwable cause, Condition condition, boolean deciding) {
    if (cause instanceof Rejected rejected && rejected.reason() != Rejected.Reason.SHUTTING_DOWN) {
      tally.rejected().incrementAndGet();
      write(condition, deciding);
    } else if (cause instanceof Unknown) {
      tally.unknown().incrementAndGet();
      write(atStepBefore(), true);
    } else {
      giveUp("%s, step %d: %s".formatted(key, count + 1, cause));
    }
  }

  private void giveUp(String trouble) {
    tally.troubles().add(trouble);
    finished.tryComplete(count);
  }
}
