package io.vertxraft.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.ApplyOptions;
import io.vertxraft.Consistency;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftSession;
import io.vertxraft.SessionOptions;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A session of a client, wherever it is. Its state is confined to the client's context. */
public final class ClientSession implements RaftSession {
  /** Signs of life per time that the group keeps the session. */
  private static final int SIGNS_OF_LIFE = 3;

  /** The group follows this many sequence numbers from the lowest unanswered one on. */
  private static final int SEQUENCES_MAX = 1_000;

  private final RaftScheduler scheduler;
  private final Link link;
  private final SessionOptions options;
  private final Retries retries;
  private final long id;
  private final TreeMap<Long, SessionCall> open = new TreeMap<>();
  private final ConcurrentLinkedQueue<SessionCall> intake = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final Promise<Void> ended = Promise.promise();
  private final Promise<Void> closed = Promise.promise();
  private RaftScheduler.Timer keepAlive;
  private long nextSequence = 1;
  private long lastSent;
  private boolean closing;

  /** Why nothing is taken any more; null while the session is open. */
  private volatile Rejected refusal;

  private ClientSession(
      RaftScheduler scheduler, Link link, SessionOptions options, Retries retries, long id) {
    this.scheduler = scheduler;
    this.link = link;
    this.options = options;
    this.retries = retries;
    this.id = id;
  }

  /** A command, or several, on the way. */
  private final class SessionCall extends RetriedCall {
    private final boolean several;
    private final Buffer body;
    private long sequence;

    SessionCall(Executor caller, long deadline, boolean several, Buffer body) {
      super(caller, deadline);
      this.several = several;
      this.body = body;
    }

    @Override
    ClientRequest request(long timeoutMs) {
      lastSent = scheduler.nanoTime();
      return ClientRequest.commands(several, id, sequence, open.firstKey(), timeoutMs, body);
    }

    @Override
    boolean changesState() {
      return true;
    }

    @Override
    void ended() {
      open.remove(sequence);
      if (lastRefusal != null && lastRefusal.reason() == Rejected.Reason.SESSION_EXPIRED) {
        forgotten(lastRefusal);
      }
      closeIfDone();
    }
  }

  /** A question that changes nothing, or the opening of a session. */
  private static final class PlainCall extends RetriedCall {
    private final ClientRequest request;

    PlainCall(Executor caller, long deadline, ClientRequest request) {
      super(caller, deadline);
      this.request = request;
    }

    @Override
    ClientRequest request(long timeoutMs) {
      return request.within(timeoutMs);
    }

    @Override
    boolean changesState() {
      return false;
    }
  }

  /**
   * Opens a session. A session that was opened by an attempt whose answer was lost expires unused.
   *
   * @return completes on the caller's context
   */
  public static Future<ClientSession> open(
      RaftScheduler scheduler, Link link, SessionOptions options) {
    Retries retries = new Retries(scheduler, link, options);
    return ask(
            scheduler,
            retries,
            ClientRequest.openSession(options.getKeptMs(), 0),
            options.getApplyTimeoutMs())
        .map(
            body -> {
              ClientSession session =
                  new ClientSession(scheduler, link, options, retries, body.getLong(0));
              scheduler.execute(session::stayAlive);
              return session;
            });
  }

  /** Asks something that may be asked again as often as it takes. */
  static Future<Buffer> ask(
      RaftScheduler scheduler, Retries retries, ClientRequest request, long timeoutMs) {
    long deadline = scheduler.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    PlainCall call = new PlainCall(scheduler.callerContext(), deadline, request);
    scheduler.execute(() -> retries.attempt(call));
    return call.promise.future();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public Future<Void> ended() {
    return ended.future();
  }

  @Override
  public Future<Buffer> apply(Buffer command) {
    return offer(false, command, 0);
  }

  @Override
  public Future<Buffer> apply(Buffer command, ApplyOptions applyOptions) {
    return offer(false, command, applyOptions.getTimeoutMs());
  }

  @Override
  public Future<List<Buffer>> applyAll(List<Buffer> commands) {
    return offer(true, Joined.of(commands), 0).map(Joined::split);
  }

  @Override
  public Future<Buffer> read(Consistency consistency, Buffer query) {
    return ask(
        scheduler,
        retries,
        ClientRequest.read(consistency.toString(), 0, query),
        options.getApplyTimeoutMs());
  }

  private Future<Buffer> offer(boolean several, Buffer body, long timeoutMs) {
    Rejected refused = refusal;
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    long allowedMs = timeoutMs == 0 ? options.getApplyTimeoutMs() : timeoutMs;
    long deadline = scheduler.nanoTime() + TimeUnit.MILLISECONDS.toNanos(allowedMs);
    SessionCall call = new SessionCall(scheduler.callerContext(), deadline, several, body);
    intake.add(call);
    if (drainScheduled.compareAndSet(false, true)) {
      scheduler.execute(this::drain);
    }
    return call.promise.future();
  }

  private void drain() {
    drainScheduled.set(false);
    for (SessionCall call = intake.poll(); call != null; call = intake.poll()) {
      if (refusal != null) {
        refuse(call, refusal);
      } else if (open.size() >= options.getInFlightMax()
          || (!open.isEmpty() && nextSequence >= open.firstKey() + SEQUENCES_MAX)) {
        refuse(
            call,
            new Rejected(
                Rejected.Reason.OVERLOADED,
                "session %d waits for %d answers, inFlightMax = %d; try again later"
                    .formatted(id, open.size(), options.getInFlightMax()),
                null));
      } else {
        call.sequence = nextSequence++;
        open.put(call.sequence, call);
        retries.attempt(call);
      }
    }
  }

  private static void refuse(SessionCall call, Rejected why) {
    call.done = true;
    call.caller.execute(() -> call.promise.fail(why));
  }

  // --- signs of life ----------------------------------------------------------------------------

  private void stayAlive() {
    lastSent = scheduler.nanoTime();
    armKeepAlive();
  }

  private void armKeepAlive() {
    if (refusal == null) {
      long periodNanos = TimeUnit.MILLISECONDS.toNanos(options.getKeptMs()) / SIGNS_OF_LIFE;
      keepAlive = scheduler.schedule(periodNanos, () -> keepAliveIfIdle(periodNanos));
    }
  }

  private void keepAliveIfIdle(long periodNanos) {
    if (scheduler.nanoTime() - lastSent >= periodNanos / 2) {
      long acknowledged = open.isEmpty() ? nextSequence : open.firstKey();
      link.execute(ClientRequest.keepAlive(id, acknowledged, options.getAttemptTimeoutMs()))
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  lastSent = scheduler.nanoTime();
                } else if (done.cause() instanceof Rejected rejected
                    && rejected.reason() == Rejected.Reason.SESSION_EXPIRED) {
                  forgotten(rejected);
                }
              });
    }
    armKeepAlive();
  }

  // --- the end ----------------------------------------------------------------------------------

  /** The group knows the session no more. Calls under way find out by themselves. */
  private void forgotten(Rejected why) {
    if (refusal == null) {
      refusal = why;
      stopKeepAlive();
      ended.tryComplete();
    }
  }

  private void stopKeepAlive() {
    if (keepAlive != null) {
      keepAlive.cancel();
    }
  }

  /** The node is closed, and the session with it. Called on the client's context. */
  public void abandon(String why) {
    refusal = new Rejected(Rejected.Reason.SHUTTING_DOWN, why, null);
    stopKeepAlive();
    drain();
    for (SessionCall call : new ArrayList<>(open.values())) {
      retries.abandon(call, why);
    }
    ended.tryComplete();
    closed.tryComplete();
  }

  @Override
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    Executor caller = scheduler.callerContext();
    scheduler.execute(
        () -> {
          if (!closing) {
            closing = true;
            drain();
            if (refusal == null) {
              refusal =
                  new Rejected(Rejected.Reason.SHUTTING_DOWN, "session " + id + " is closed", null);
            }
            stopKeepAlive();
            closeIfDone();
          }
          closed.future().onComplete(ended -> caller.execute(done::complete));
        });
    return done.future();
  }

  /** What is in flight comes first. */
  private void closeIfDone() {
    if (!closing || !open.isEmpty()) {
      return;
    }
    if (ended.tryComplete()) {
      link.execute(ClientRequest.closeSession(id, options.getAttemptTimeoutMs()))
          .onComplete(done -> closed.tryComplete());
    } else {
      closed.tryComplete();
    }
  }
}
