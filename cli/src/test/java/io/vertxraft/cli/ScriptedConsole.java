package io.vertxraft.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Answers as a console mounted under {@code /raft/} would, or as a test wants. */
final class ScriptedConsole implements AutoCloseable {
  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** What was asked. */
  record Request(String method, String target, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().get(0))
          .findFirst()
          .orElse(null);
    }
  }

  /** What is answered. */
  interface Answer {
    void write(HttpExchange exchange) throws IOException;
  }

  ScriptedConsole() throws IOException {
    this(HttpServer.create(loopback(), 0));
  }

  ScriptedConsole(SSLContext tls) throws IOException {
    this(secure(tls));
  }

  private ScriptedConsole(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static HttpServer secure(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/raft/";
  }

  /** From now on a target beneath the mount, with its query, is answered so. */
  ScriptedConsole on(String target, Answer answer) {
    answers.put("/raft/" + target, answer);
    return this;
  }

  ScriptedConsole on(String target, int status, JsonObject body) {
    return on(target, exchange -> send(exchange, status, "application/json", body.encode()));
  }

  ScriptedConsole on(String target, JsonObject body) {
    return on(target, 200, body);
  }

  static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** A stream of events that ends after them. */
  static Answer stream(String... events) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream body = exchange.getResponseBody()) {
        for (String event : events) {
          body.write(event.getBytes(StandardCharsets.UTF_8));
          body.flush();
        }
      }
    };
  }

  static String event(String type, String id, JsonObject data) {
    return "id: %s\nevent: %s\ndata: %s\n\n".formatted(id, type, data.encode());
  }

  private void handle(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestURI().toString();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        new Request(
            exchange.getRequestMethod(), target, Map.copyOf(exchange.getRequestHeaders()), body));
    Answer answer = answers.get(target);
    if (answer == null) {
      send(exchange, 404, "application/json", "{\"error\":\"there is no " + target + "\"}");
    } else {
      answer.write(exchange);
    }
  }

  /** The picture of a group of three in which n3 lags. */
  static JsonObject state(String health, String headline) {
    JsonObject leader =
        report("n2", "LEADER").put("leaderReady", true).put("snapshots", new JsonObject());
    JsonObject lagging = report("n3", "FOLLOWER").put("appliedIndex", 400).put("damage", null);
    return new JsonObject()
        .put("seenFrom", "n1")
        .put("timeMs", 1_785_000_000_000L)
        .put("health", health)
        .put("banner", new JsonObject().put("health", health).put("headline", headline))
        .put(
            "members",
            new JsonArray()
                .add(member("n1", report("n1", "FOLLOWER"), 120))
                .add(member("n2", leader, 80))
                .add(member("n3", lagging, 12_000).put("fresh", false))
                .add(new JsonObject().put("nodeId", "n4").put("status", null)))
        .put(
            "followers",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("nodeId", "n1")
                        .put("state", "HEALTHY")
                        .put("lagEntries", 0)
                        .put("lastContactAgeMs", 30))
                .add(
                    new JsonObject()
                        .put("nodeId", "n3")
                        .put("state", "FALLING_BEHIND")
                        .put("lagEntries", 600)
                        .put("lastContactAgeMs", 12_000)))
        .put(
            "sentences",
            new JsonArray()
                .add(sentence("WARNING", "n3 is falling behind: 600 entries behind n2"))
                .add(sentence("INFO", "4 members, majority 3, tolerates 1 failure")))
        .put("disagreements", new JsonArray())
        .put("events", new JsonArray());
  }

  static JsonObject sentence(String severity, String text) {
    return new JsonObject()
        .put("severity", severity)
        .put("text", text)
        .put(
            "evidence",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("source", "n2")
                        .put("ageMs", 120)
                        .put("fact", "match 400 of 1000")));
  }

  private static JsonObject member(String nodeId, JsonObject report, long ageMs) {
    return new JsonObject()
        .put("nodeId", nodeId)
        .put("status", report)
        .put("ageMs", ageMs)
        .put("fresh", true);
  }

  private static JsonObject report(String nodeId, String role) {
    return new JsonObject()
        .put("clusterId", "shop")
        .put("groupId", "orders")
        .put("nodeId", nodeId)
        .put("state", "RUNNING")
        .put("role", role)
        .put("term", 7)
        .put("leaderId", "n2")
        .put("commitIndex", 1_000)
        .put("appliedIndex", 1_000)
        .put("lastIndex", 1_000)
        .put("snapshots", new JsonObject().put("lastIndex", 800));
  }

  static JsonObject event(long sequence, String type, String cause) {
    return new JsonObject()
        .put("sequence", sequence)
        .put("type", type)
        .put("nodeId", "n1")
        .put("timeMs", 1_785_000_000_000L)
        .put("term", 7)
        .put("leaderId", "n2")
        .put("cause", cause);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
