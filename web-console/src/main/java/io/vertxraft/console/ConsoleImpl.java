package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftNode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Joins the parts. Sampler, hub and event ring live on one context; requests hop to it and back to
 * their own.
 */
final class ConsoleImpl implements RaftConsole {
  static final int STATE_EVENTS_MAX = 50;

  private final RaftConsoleOptions options;
  private final RaftNode node;
  private final Context context;
  private final EventRing events;
  private final StreamHub hub;
  private final ClusterSampler sampler;
  private final Router router;
  private volatile boolean closed;
  private ReadStream<RaftEvent> eventStream;

  ConsoleImpl(Vertx vertx, RaftNode node, RaftConsoleOptions options) {
    this.options = options;
    this.node = node;
    this.context = vertx.getOrCreateContext();
    this.events = new EventRing(options.getEventsMax());
    this.hub = new StreamHub(vertx, options, events);
    this.sampler = new ClusterSampler(vertx, node, options, events, hub::publish);
    this.router = new ConsoleRoutes(vertx, this, options).router();
    context.runOnContext(v -> listen());
  }

  private void listen() {
    if (!closed) {
      eventStream = node.events();
      eventStream.handler(events::add);
    }
  }

  @Override
  public Router router() {
    return router;
  }

  @Override
  public Future<Void> close() {
    closed = true;
    Promise<Void> promise = Promise.promise();
    context.runOnContext(
        v -> {
          if (eventStream != null) {
            eventStream.handler(null);
            eventStream = null;
          }
          hub.close();
          sampler.close();
          promise.complete();
        });
    return promise.future();
  }

  boolean isClosed() {
    return closed;
  }

  RaftConsoleOptions options() {
    return options;
  }

  /** Whether the console asks members at the moment; for tests, on the console's context. */
  boolean isSampling() {
    return sampler.isRunning();
  }

  Context context() {
    return context;
  }

  /** Gives the current picture and the events to a request, on the request's own context. */
  void withPicture(RoutingContext request, BiConsumer<Picture, JsonObject> answer) {
    Context own = request.vertx().getOrCreateContext();
    context.runOnContext(
        v -> {
          if (closed) {
            own.runOnContext(w -> refuseClosed(request));
            return;
          }
          sampler.picture(
              picture -> {
                JsonObject extra =
                    new JsonObject().put("events", events.newestFirst(STATE_EVENTS_MAX));
                own.runOnContext(
                    w -> {
                      if (picture == null) {
                        refuseClosed(request);
                      } else {
                        answer.accept(picture, extra);
                      }
                    });
              });
        });
  }

  /** Gives the events after a number to a request. */
  void withEvents(RoutingContext request, long since) {
    Context own = request.vertx().getOrCreateContext();
    context.runOnContext(
        v -> {
          JsonObject body =
              new JsonObject()
                  .put("epoch", hub.epoch())
                  .put("source", node.nodeId())
                  .put("newest", events.newest())
                  .put("events", events.since(since));
          own.runOnContext(w -> Answers.json(request, 200, body));
        });
  }

  /** Turns a request into an event stream, or answers 503 if there are too many. */
  void stream(RoutingContext request, String lastEventId) {
    HttpServerResponse response = request.response();
    if (!hub.tryReserve()) {
      response.putHeader("Retry-After", "5");
      Answers.error(
          request,
          503,
          "%d streams are open, no more are served; see the console option clientsMax"
              .formatted(options.getClientsMax()));
      return;
    }
    response
        .setChunked(true)
        .setWriteQueueMaxSize(options.getClientQueueBytesMax())
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store, no-transform")
        // Compression would hold frames back, and a proxy's buffer too.
        .putHeader("Content-Encoding", "identity")
        .putHeader("X-Accel-Buffering", "no");
    Context own = request.vertx().getOrCreateContext();
    StreamClient[] self = new StreamClient[1];
    StreamClient client =
        new StreamClient(own, response, () -> context.runOnContext(v -> hub.refresh(self[0])));
    self[0] = client;
    AtomicBoolean left = new AtomicBoolean();
    response.exceptionHandler(e -> leave(client, left));
    response.closeHandler(v -> leave(client, left));
    response.endHandler(v -> leave(client, left));
    response.write("retry: 2000\n\n");
    context.runOnContext(
        v -> {
          if (closed) {
            client.end();
          } else if (!left.get()) {
            hub.join(client, lastEventId);
            sampler.watch();
          }
        });
  }

  private void leave(StreamClient client, AtomicBoolean left) {
    if (left.compareAndSet(false, true)) {
      hub.release();
      context.runOnContext(
          v -> {
            if (hub.leave(client)) {
              sampler.unwatch();
            }
          });
    }
  }

  void refuseClosed(RoutingContext request) {
    Answers.error(request, 503, "the console of node %s is closed".formatted(node.nodeId()));
  }

  JsonObject capabilities() {
    return new JsonObject()
        .put("apiVersion", 1)
        .put("nodeId", node.nodeId())
        .put("readOnly", true)
        .put("actions", new JsonArray())
        .put("endpoints", ConsoleRoutes.endpoints())
        .put("limits", options.toJson());
  }
}
