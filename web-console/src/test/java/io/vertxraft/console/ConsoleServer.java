package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertxraft.RaftStatus;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A console mounted at {@code /raft/*} of a real server on loopback, and a client for it. */
final class ConsoleServer implements AutoCloseable {
  /** An answer, read to its end. */
  record Answer(int status, Map<String, String> headers, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }

    String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }
  }

  final Vertx vertx = Vertx.vertx();
  final ScriptedNode node = new ScriptedNode("n1");
  final ConsoleImpl console;
  private final Context clientContext = vertx.getOrCreateContext();
  private final HttpClient client = vertx.createHttpClient();
  final int port;

  ConsoleServer(RaftConsoleOptions options) {
    this(builder -> builder.options(options));
  }

  ConsoleServer(UnaryOperator<RaftConsoleBuilder> setup) {
    console = (ConsoleImpl) setup.apply(RaftConsole.builder(vertx, node)).build();
    Router router = Router.router(vertx);
    router.route("/raft/*").subRouter(console.router());
    port =
        Waits.await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
            .actualPort();
    until(node.sink::hasHandler);
  }

  static ConsoleServer healthy() {
    return healthy(quick());
  }

  /** Looks often, and stops soon; a slow machine does not make anybody silent. */
  static RaftConsoleOptions quick() {
    return new RaftConsoleOptions()
        .setSampleIntervalMs(20)
        .setLeaseMs(100)
        .setSilentAfterMs(30_000);
  }

  static ConsoleServer healthy(RaftConsoleOptions options) {
    return new ConsoleServer(options).saysThatAllIsWell();
  }

  /** The group n1, n2, n3, in which n2 leads. */
  ConsoleServer saysThatAllIsWell() {
    says(Reports.follower("n1", "n2", 7), Reports.leader("n2", 7), Reports.follower("n3", "n2", 7));
    return this;
  }

  /**
   * From now on these nodes answer with their statuses. The console sees all of them or none: the
   * change is made between two rounds of its sampler.
   */
  void says(RaftStatus... statuses) {
    Promise<Void> made = Promise.promise();
    console
        .context()
        .runOnContext(
            v -> {
              for (RaftStatus status : statuses) {
                node.says(status);
              }
              made.complete();
            });
    Waits.await(made.future());
  }

  RequestOptions to(String path) {
    return new RequestOptions().setHost("127.0.0.1").setPort(port).setURI(path);
  }

  Answer get(String path) {
    return send(to(path));
  }

  Answer send(HttpMethod method, String path) {
    return send(to(path).setMethod(method));
  }

  Answer send(RequestOptions options) {
    return send(options, "");
  }

  /** A request for an action as the page sends it; headers may be changed. */
  RequestOptions action(String nameAndQuery) {
    return to("/raft/api/v1/actions/" + nameAndQuery)
        .setMethod(HttpMethod.POST)
        .putHeader("Content-Type", "application/json")
        .putHeader("X-Raft-Console", "1");
  }

  Buffer download(String path) {
    return onClientContext(
        () ->
            client
                .request(to(path))
                .compose(request -> request.send())
                .compose(response -> response.body()));
  }

  Answer send(RequestOptions options, String body) {
    return Waits.await(sendLater(options, body));
  }

  Future<Answer> sendLater(RequestOptions options, String body) {
    Promise<Answer> answer = Promise.promise();
    clientContext.runOnContext(
        v ->
            client
                .request(options)
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(response -> response.body().map(text -> answer(response, text)))
                .onComplete(answer));
    return answer.future();
  }

  private static Answer answer(HttpClientResponse response, Buffer body) {
    Map<String, String> headers = new HashMap<>();
    response.headers().forEach((k, v) -> headers.put(k.toLowerCase(Locale.ROOT), v));
    return new Answer(response.statusCode(), headers, body.toString());
  }

  /** All requests are made on one context, as a client inside a verticle would. */
  private <T> T onClientContext(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    clientContext.runOnContext(v -> call.get().onComplete(promise));
    return Waits.await(promise.future());
  }

  EventReader stream(String query, String lastEventId) {
    RequestOptions options = to("/raft/api/v1/stream" + query);
    if (lastEventId != null) {
      options.putHeader("Last-Event-ID", lastEventId);
    }
    return onClientContext(() -> EventReader.open(client, options));
  }

  /** Asks the console on its own context. */
  boolean isSampling() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    console.context().runOnContext(v -> answer.complete(console.isSampling()));
    return answer.join();
  }

  /** Waits for something that happens on other threads. */
  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the condition did not come true within 20 s");
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    Waits.await(vertx.close());
  }
}
