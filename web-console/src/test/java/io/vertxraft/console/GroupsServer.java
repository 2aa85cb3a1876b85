package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertxraft.RaftNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** A console of several groups, mounted at {@code /raft/*} of a real server on loopback. */
final class GroupsServer implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final GroupsConsole console;
  private final HttpClient client = vertx.createHttpClient();
  private final Context clientContext = vertx.getOrCreateContext();
  private final int port;

  GroupsServer(Supplier<? extends Collection<RaftNode>> nodes, RaftConsoleOptions options) {
    console = (GroupsConsole) RaftConsole.groups(vertx, nodes).options(options).build();
    Router router = Router.router(vertx);
    router.route("/raft/*").subRouter(console.router());
    port =
        Waits.await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
            .actualPort();
  }

  int openCount() {
    return Waits.await(console.openCount());
  }

  ConsoleServer.Answer get(String path) {
    Promise<ConsoleServer.Answer> answer = Promise.promise();
    // All on the client's context: from another thread a body may have passed before it is asked
    // for.
    clientContext.runOnContext(v -> ask(path).onComplete(answer));
    return Waits.await(answer.future());
  }

  private Future<ConsoleServer.Answer> ask(String path) {
    return client
        .request(HttpMethod.GET, port, "127.0.0.1", path)
        .compose(request -> request.send())
        .compose(response -> response.body().map(body -> answer(response, body)));
  }

  private static ConsoleServer.Answer answer(HttpClientResponse response, Buffer body) {
    Map<String, String> headers = new HashMap<>();
    response.headers().forEach((k, v) -> headers.put(k.toLowerCase(Locale.ROOT), v));
    return new ConsoleServer.Answer(response.statusCode(), headers, body.toString());
  }

  @Override
  public void close() {
    Waits.await(vertx.close());
  }
}
