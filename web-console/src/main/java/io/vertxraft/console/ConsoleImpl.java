package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Joins the parts. Sampler, hub, rings and actions live on one context; requests hop to it and back
 * to their own.
 */
final class ConsoleImpl implements RaftConsole {
  static final int STATE_EVENTS_MAX = 50;

  private final Vertx vertx;
  private final ConsoleSetup setup;
  private final RaftNode node;
  private final Context context;
  private final EventRing events;
  private final AuditLog audit = new AuditLog();
  private final StreamHub hub;
  private final HistoryRing history;
  private final HealthLog healthLog = new HealthLog();
  private final ClusterSampler sampler;
  private final StreamDoor door;
  private final ActionDesk desk;
  private final Router router;
  private volatile boolean closed;
  private ReadStream<RaftEvent> eventStream;

  ConsoleImpl(Vertx vertx, RaftNode node, ConsoleSetup setup) {
    RaftConsoleOptions options = setup.options();
    this.vertx = vertx;
    this.setup = setup;
    this.node = node;
    this.context = vertx.getOrCreateContext();
    this.events = new EventRing(options.getEventsMax());
    this.history = new HistoryRing(options.getHistoryMs(), options.getHistoryBytesMax());
    this.hub = new StreamHub(vertx, options, events, audit::newest);
    this.sampler = new ClusterSampler(vertx, node, options, events, this::sampled);
    this.door = new StreamDoor(context, options, hub, sampler);
    this.desk = new ActionDesk(context, node, setup.actions(), audit);
    this.router = new ConsoleRoutes(vertx, this).router();
    context.runOnContext(v -> begin());
  }

  private void begin() {
    if (closed) {
      return;
    }
    eventStream = node.events();
    eventStream.handler(events::add);
    if (setup.options().isRecordAlways()) {
      sampler.watch();
    }
  }

  private void sampled(Picture picture) {
    hub.publish(picture);
    history.add(picture);
    if (setup.options().isLogHealth()) {
      healthLog.see(picture);
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
          door.close();
          hub.close();
          sampler.close();
          history.close();
          promise.complete();
        });
    return promise.future();
  }

  boolean isClosed() {
    return closed;
  }

  ConsoleSetup setup() {
    return setup;
  }

  RaftNode node() {
    return node;
  }

  StreamDoor door() {
    return door;
  }

  ActionDesk desk() {
    return desk;
  }

  /** Confined to {@link #context()}. */
  HistoryRing history() {
    return history;
  }

  /** Confined to {@link #context()}. */
  EventRing events() {
    return events;
  }

  /** Confined to {@link #context()}. */
  AuditLog audit() {
    return audit;
  }

  String epoch() {
    return hub.epoch();
  }

  /** Whether the console asks members at the moment; on the console's context. */
  boolean isSampling() {
    return sampler.isRunning();
  }

  /** Whether somebody looks at the moment; any thread. */
  boolean isWatched() {
    return hub.clientCount() > 0;
  }

  Context context() {
    return context;
  }

  /** Answers a question on the console's context, and hands the answer to the request's own. */
  <T> void ask(RoutingContext request, Supplier<T> question, Consumer<T> answer) {
    Context own = request.vertx().getOrCreateContext();
    context.runOnContext(
        v -> {
          if (closed) {
            own.runOnContext(w -> refuseClosed(request));
            return;
          }
          try {
            T result = question.get();
            own.runOnContext(w -> answer.accept(result));
          } catch (RuntimeException e) {
            // Not on the request's context: nobody else would answer.
            own.runOnContext(w -> Answers.error(request, 500, String.valueOf(e.getMessage())));
          }
        });
  }

  /** Takes the current picture, on the console's context; answers the request if it is closed. */
  void onPicture(RoutingContext request, Consumer<Picture> taker) {
    Context own = request.vertx().getOrCreateContext();
    context.runOnContext(
        v -> {
          if (closed) {
            own.runOnContext(w -> refuseClosed(request));
            return;
          }
          sampler.picture(
              picture -> {
                if (picture == null) {
                  own.runOnContext(w -> refuseClosed(request));
                } else {
                  taker.accept(picture);
                }
              });
        });
  }

  /** Gives the current picture and the events to a request, on the request's own context. */
  void withPicture(RoutingContext request, BiConsumer<Picture, JsonObject> answer) {
    Context own = request.vertx().getOrCreateContext();
    onPicture(
        request,
        picture -> {
          JsonObject extra =
              new JsonObject()
                  .put("auditNewest", audit.newest())
                  .put("events", events.newestFirst(STATE_EVENTS_MAX));
          own.runOnContext(w -> answer.accept(picture, extra));
        });
  }

  /** The events after a number; on the console's context. */
  JsonObject eventsSince(long since) {
    return new JsonObject()
        .put("epoch", hub.epoch())
        .put("source", node.nodeId())
        .put("newest", events.newest())
        .put("events", events.since(since));
  }

  void refuseClosed(RoutingContext request) {
    Answers.error(request, 503, "the console of node %s is closed".formatted(node.nodeId()));
  }

  @Override
  public Future<Buffer> bundle(String reason) {
    Promise<Buffer> promise = Promise.promise();
    context.runOnContext(
        v -> {
          if (closed) {
            promise.fail("the console of node %s is closed".formatted(node.nodeId()));
          } else {
            sampler.picture(picture -> pack(picture, reason).onComplete(promise));
          }
        });
    return promise.future();
  }

  @Override
  public Future<Void> writeBundle(Path file, String reason) {
    return bundle(reason)
        .compose(content -> vertx.fileSystem().writeFile(file.toString(), content));
  }

  private Future<Buffer> pack(Picture picture, String reason) {
    if (picture == null) {
      return Future.failedFuture("the console of node %s is closed".formatted(node.nodeId()));
    }
    List<Supplier<String>> frames = new ArrayList<>();
    history.between(Long.MIN_VALUE, Long.MAX_VALUE).forEach(m -> frames.add(m::frame));
    JsonObject happened = eventsSince(0);
    JsonArray audited = audit.since(0);
    // Not ordered: bundles of several groups and other blocking work need not wait for each other.
    return vertx.executeBlocking(
        () -> {
          JsonObject settings = new JsonObject().put("console", setup.options().toJson());
          setup.settings().forEach((name, supplier) -> settings.put(name, supplier.get()));
          return Buffer.buffer(
              new BundleContent(
                      picture.view().timeMs(), reason, picture, frames, happened, audited, settings)
                  .toBytes());
        },
        false);
  }

  /**
   * What is possible here.
   *
   * @param own the member's own report, or null if it cannot tell
   */
  JsonObject capabilities(RaftStatus own) {
    RaftConsoleOptions options = setup.options();
    JsonObject consoles = new JsonObject();
    options.getMemberConsoles().forEach(consoles::put);
    return new JsonObject()
        .put("apiVersion", 1)
        .put("kind", "group")
        .put("nodeId", node.nodeId())
        .put("clusterId", own == null ? null : own.getClusterId())
        .put("groupId", own == null ? null : own.getGroupId())
        .put("readOnly", !setup.hasActions())
        .put("actions", desk.list())
        .put("payloads", setup.decoder() == null ? "hidden" : "shown")
        .put(
            "history",
            new JsonObject()
                .put("ms", options.getHistoryMs())
                .put("bytesMax", options.getHistoryBytesMax())
                .put("recordAlways", options.isRecordAlways()))
        .put("memberConsoles", consoles)
        .put(
            "groups",
            setup.groupsHref() == null ? null : new JsonObject().put("href", setup.groupsHref()))
        .put("endpoints", ConsoleRoutes.endpoints(setup.hasActions()))
        .put("versions", Versions.toJson())
        .put("limits", options.toJson());
  }
}
