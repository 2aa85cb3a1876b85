package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R-46: a console with a server of its own")
@Timeout(60)
class RaftConsoleServerTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final ScriptedNode node =
      new ScriptedNode("n1")
          .says(Reports.leader("n1", 7))
          .says(Reports.follower("n2", "n1", 7))
          .says(Reports.follower("n3", "n1", 7));
  private final RaftConsole console = RaftConsole.create(vertx, node);

  @AfterEach
  void close() {
    Waits.await(vertx.close());
  }

  private int status(RaftConsoleServer server, String path) {
    return Waits.await(
        client
            .request(HttpMethod.GET, server.port(), "127.0.0.1", path)
            .compose(request -> request.send())
            .map(response -> response.statusCode()));
  }

  @Test
  void consolesComeAndGoWhileItListens() {
    RaftConsoleServer server = RaftConsoleServer.create(vertx).show("/", console);
    Waits.await(server.listen());
    assertThat(server.address()).isEqualTo("http://127.0.0.1:" + server.port() + "/");
    assertThat(status(server, "/api/v1/health")).isEqualTo(200);
    assertThat(status(server, "/n2/api/v1/health")).isEqualTo(404);
    server.show("/n2/", RaftConsole.create(vertx, node));
    assertThat(status(server, "/n2/api/v1/health")).isEqualTo(200);
    server.excuse("/n2/", "n2 is down");
    assertThat(status(server, "/n2/api/v1/health")).isEqualTo(503);
    assertThat(status(server, "/api/v1/health")).isEqualTo(200);
    Waits.await(server.close());
    Waits.await(server.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "console.example", "192.0.2.1"})
  void otherAddressesNeedSomebodyAtTheDoor(String host) {
    RaftConsoleServer server =
        RaftConsoleServer.create(vertx, new HttpServerOptions().setHost(host).setPort(0))
            .show("/", console);
    assertThat(server.listen().cause())
        .hasMessage(
            "the console would listen on '%s' for everybody: call authenticate(handler), or use a"
                    .formatted(host)
                + " loopback address");
  }

  @Test
  void theDefaultOfVertxIsRefusedTooAndLoopbackIsNot() {
    assertThat(RaftConsoleServer.create(vertx, new HttpServerOptions()).listen().failed()).isTrue();
    RaftConsoleServer named =
        RaftConsoleServer.create(vertx, new HttpServerOptions().setHost("localhost").setPort(0));
    Waits.await(named.listen());
    assertThat(named.listen().cause()).hasMessage("the server listens already");
    assertThatThrownBy(() -> named.authenticate(request -> request.next()))
        .hasMessageContaining("authenticate before listen");
  }

  @Test
  void whoeverStandsAtTheDoorSeesEveryRequestFirst() {
    RaftConsoleServer server =
        RaftConsoleServer.create(vertx, new HttpServerOptions().setHost("0.0.0.0").setPort(0))
            .authenticate(
                request -> {
                  if ("letmein".equals(request.request().getParam("pass"))) {
                    request.next();
                  } else {
                    request.response().setStatusCode(401).end();
                  }
                })
            .show("/", console);
    Waits.await(server.listen());
    assertThat(status(server, "/api/v1/health")).isEqualTo(401);
    assertThat(status(server, "/api/v1/health?pass=letmein")).isEqualTo(200);
  }

  @Test
  void anAddressThatIsTakenIsNamed() {
    RaftConsoleServer first = RaftConsoleServer.create(vertx);
    Waits.await(first.listen());
    RaftConsoleServer second =
        RaftConsoleServer.create(
            Vertx.vertx(), new HttpServerOptions().setHost("127.0.0.1").setPort(first.port()));
    assertThatThrownBy(() -> Waits.await(second.listen()))
        .hasMessageContaining("the console cannot listen on 127.0.0.1:" + first.port());
    assertThatThrownBy(() -> first.show("n1", console)).hasMessageContaining("path 'n1'");
  }
}
