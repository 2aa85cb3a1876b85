package io.vertxraft.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.ApplyOptions;
import io.vertxraft.CommandFate;
import io.vertxraft.Consistency;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftSession;
import io.vertxraft.SessionOptions;
import io.vertxraft.spi.ClientChannel;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** A client over a channel. Confined to the client's context. */
public final class NetworkClient implements RaftClient {
  private final RaftScheduler scheduler;
  private final SessionOptions options;
  private final ClientChannel channel;
  private final ClientRouter router;
  private final Retries retries;
  private final Set<RaftSession> sessions = new LinkedHashSet<>();
  private Future<RaftSession> own;
  private Future<Void> closed;

  /** A client whose futures complete on the callers' contexts. */
  public NetworkClient(RaftScheduler scheduler, SessionOptions options, ClientChannel channel) {
    this.scheduler = scheduler;
    this.options = new SessionOptions(options).validate();
    this.channel = channel;
    this.router = new ClientRouter(channel);
    this.retries = new Retries(scheduler, router, this.options);
  }

  @Override
  public Future<Buffer> apply(Buffer command) {
    return inSession(session -> session.apply(command));
  }

  @Override
  public Future<Buffer> apply(Buffer command, ApplyOptions applyOptions) {
    return inSession(session -> session.apply(command, applyOptions));
  }

  @Override
  public Future<List<Buffer>> applyAll(List<Buffer> commands) {
    return inSession(session -> session.applyAll(commands));
  }

  @Override
  public Future<Buffer> read(Consistency consistency, Buffer query) {
    return ask(ClientRequest.read(consistency.toString(), 0, query));
  }

  @Override
  public Future<CommandFate> resolve(long term, long index) {
    return ask(ClientRequest.resolve(term, index, 0))
        .map(name -> CommandFate.valueOf(name.toString()));
  }

  private Future<Buffer> ask(ClientRequest request) {
    return onContext(
        () -> ClientSession.ask(scheduler, retries, request, options.getApplyTimeoutMs()));
  }

  @Override
  public Future<RaftSession> session(SessionOptions sessionOptions) {
    SessionOptions valid = new SessionOptions(sessionOptions).validate();
    return onContext(() -> open(valid));
  }

  private Future<RaftSession> open(SessionOptions valid) {
    return ClientSession.open(scheduler, router, valid)
        .map(
            session -> {
              sessions.add(session);
              session.ended().onComplete(done -> sessions.remove(session));
              if (closed != null) {
                session.close();
              }
              return session;
            });
  }

  /** The client's own session, opened when it is needed and after the group has forgotten it. */
  private <T> Future<T> inSession(Function<RaftSession, Future<T>> call) {
    return onContext(
        () ->
            ownSession()
                .compose(call)
                .recover(
                    cause ->
                        cause instanceof Rejected rejected
                                && rejected.reason() == Rejected.Reason.SESSION_EXPIRED
                            // Certainly not applied: a new session may do it.
                            ? ownSession().compose(call)
                            : Future.failedFuture(cause)));
  }

  private Future<RaftSession> ownSession() {
    boolean usable =
        own != null && !own.failed() && (!own.isComplete() || !own.result().ended().isComplete());
    if (!usable) {
      own = open(options);
    }
    return own;
  }

  /** Runs {@code call} on the client's context, unless it is closed; completes on the caller's. */
  private <T> Future<T> onContext(Supplier<Future<T>> call) {
    Executor caller = scheduler.callerContext();
    Promise<T> promise = Promise.promise();
    scheduler.execute(
        () -> {
          Future<T> result = closed == null ? guarded(call) : Future.failedFuture(closedAlready());
          result.onComplete(
              done ->
                  caller.execute(
                      () -> {
                        if (done.succeeded()) {
                          promise.complete(done.result());
                        } else {
                          promise.fail(done.cause());
                        }
                      }));
        });
    return promise.future();
  }

  private static <T> Future<T> guarded(Supplier<Future<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static Rejected closedAlready() {
    return new Rejected(Rejected.Reason.SHUTTING_DOWN, "the client is closed", null);
  }

  @Override
  public Future<Void> close() {
    Promise<Void> promise = Promise.promise();
    Executor caller = scheduler.callerContext();
    scheduler.execute(
        () -> {
          if (closed == null) {
            List<Future<Void>> ends = new ArrayList<>();
            sessions.forEach(session -> ends.add(session.close()));
            closed =
                (ends.isEmpty() ? Future.<Void>succeededFuture() : Future.join(ends))
                    .transform(done -> channel.close());
          }
          closed.onComplete(done -> caller.execute(promise::complete));
        });
    return promise.future();
  }
}
