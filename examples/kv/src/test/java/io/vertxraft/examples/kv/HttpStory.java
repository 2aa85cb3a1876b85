package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The HTTP side before a member that answers as a test wishes. */
abstract class HttpStory {
  static final int VALUE_BYTES_MAX = 10_000;
  static final long STORE_BYTES_MAX = 200_000;
  static final long BYTES_IN_FLIGHT_MAX = 15_000;
  static final int CONNECTIONS_MAX = 8;

  final FakeNode node = new FakeNode();
  private Vertx vertx;
  Http http;

  @BeforeEach
  void serve() {
    vertx = Vertx.vertx();
    RaftOptions raft =
        new RaftOptions().setNodeId("n1").addMember(new Member("n1", "127.0.0.1", 1));
    KvServerOptions options =
        new KvServerOptions(
            raft,
            Path.of("unused"),
            "127.0.0.1",
            0,
            VALUE_BYTES_MAX,
            STORE_BYTES_MAX,
            BYTES_IN_FLIGHT_MAX,
            CONNECTIONS_MAX,
            0,
            false,
            List.of("shop.example"));
    HttpVerticle verticle =
        new HttpVerticle(options, node, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    await(vertx.deployVerticle(verticle));
    http = new Http(verticle.port());
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  interface Call {
    Answer make() throws IOException;
  }

  /** The server learns of what happens elsewhere when its event loop comes to it. */
  static Answer untilStatus(int status, Call call) throws IOException {
    Answer answer = call.make();
    for (int attempt = 0; attempt < 1_000 && answer.status() != status; attempt++) {
      answer = call.make();
    }
    return answer;
  }

  static void assertProblem(Answer answer, int status, String outcome, String error) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.json().getString("error")).isEqualTo(error);
    assertThat(answer.json().getString("outcome")).isEqualTo(outcome);
    assertThat(answer.json().containsKey("leader")).isTrue();
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replaceAll("^\\.$", "%2E")
        .replaceAll("^\\.\\.$", "%2E%2E");
  }
}
