package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;

class OrderService extends RaftVerticle {
  private final HttpServer server;

  OrderService(
      HttpServer server,
      RaftOptions options,
      StateMachine orders,
      RaftStorage storage,
      Transport transport) {
    super(options, orders, storage, transport);
    this.server = server.requestHandler(this::take);
  }

  @Override
  public Future<?> start() {
    // On this verticle's event loop, as the member.
    return super.start().compose(started -> server.listen());
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .compose(node()::apply)
        .onSuccess(request.response()::end)
        .onFailure(failure -> request.response().setStatusCode(503).end(failure.getMessage()));
  }
}
