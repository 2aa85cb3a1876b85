package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets requests in to the event stream, as many as there are places, and sees them out. */
final class StreamDoor {
  private final Context context;
  private final RaftConsoleOptions options;
  private final StreamHub hub;
  private final ClusterSampler sampler;
  private volatile boolean closed;

  /**
   * A door that is open.
   *
   * @param context where {@code hub} and {@code sampler} live
   */
  StreamDoor(Context context, RaftConsoleOptions options, StreamHub hub, ClusterSampler sampler) {
    this.context = context;
    this.options = options;
    this.hub = hub;
    this.sampler = sampler;
  }

  void close() {
    closed = true;
  }

  /** Handles {@code api/v1/stream}. */
  void handle(RoutingContext request) {
    if (request.request().method() == HttpMethod.HEAD) {
      request.response().putHeader("Content-Type", "text/event-stream; charset=utf-8").end();
      return;
    }
    String id = request.request().getHeader("Last-Event-ID");
    // A page that opens its stream anew cannot set the header.
    String lastEventId = id != null ? id : request.request().getParam("lastEventId");
    boolean patches = "1".equals(request.request().getParam("patches"));
    if (hub.tryReserve()) {
      open(request, lastEventId, patches);
      return;
    }
    request.response().putHeader("Retry-After", "5");
    Answers.error(
        request,
        503,
        "%d streams are open, no more are served; see the console option clientsMax"
            .formatted(options.getClientsMax()));
  }

  private void open(RoutingContext request, String lastEventId, boolean patches) {
    HttpServerResponse response = request.response();
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
        new StreamClient(
            own, response, patches, () -> context.runOnContext(v -> hub.refresh(self[0])));
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
}
