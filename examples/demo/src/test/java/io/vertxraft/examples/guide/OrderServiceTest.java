package io.vertxraft.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertxraft.Command;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.StateMachine;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guide shows of a service that lives with its member compiles, and serves. */
class OrderServiceTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  @TempDir private Path directory;
  private LevelDbStorage storage;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    if (storage != null) {
      storage.close().await(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void theGuideShowsTheCodeThatIsTestedHere() throws IOException {
    GuideCode.assertShown("apply.md", "OrderService");
  }

  @Test
  void anOrderIsAnsweredWhenItIsApplied() throws Exception {
    HttpServer server =
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    storage = LevelDbStorage.create(new LevelDbOptions().setDirectory(directory.toString()));
    StateMachine echo = StateMachine.of(Command::payload);
    OrderService service =
        new OrderService(server, alone(), echo, storage, GrpcTransport.create(vertx));
    vertx.deployVerticle(service).await(30, TimeUnit.SECONDS);
    while (service.node().status().await(30, TimeUnit.SECONDS).getRole() != RaftRole.LEADER) {
      Thread.onSpinWait();
    }

    assertThat(order(server.actualPort(), "two apples")).isEqualTo("two apples");
  }

  private String order(int port, String text) throws Exception {
    return client
        .request(HttpMethod.POST, port, "127.0.0.1", "/")
        .compose(request -> request.send(text))
        .compose(response -> response.body())
        .map(Buffer::toString)
        .await(30, TimeUnit.SECONDS);
  }

  private static RaftOptions alone() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new RaftOptions()
          .setNodeId("n1")
          .setMembers(List.of(new Member("n1", "127.0.0.1", free.getLocalPort())))
          .setStorageStallMs(60_000);
    }
  }
}
