package io.vertxraft.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Member;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftCommands;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftService;
import io.vertxraft.RaftSession;
import io.vertxraft.RaftVerticle;
import io.vertxraft.SessionOptions;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guide shows of sessions compiles, and does what the guide says. */
class SessionGuideTest {
  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path directory;
  private RaftNode node;
  private Supplier<Future<Void>> stop;

  @BeforeEach
  void start() throws Exception {
    RaftOptions options =
        new RaftOptions()
            .setClusterId("shop")
            .setGroupId("locks")
            .setNodeId("n1")
            .addMember(new Member("n1", "127.0.0.1", freePort()));
    LevelDbStorage storage =
        LevelDbStorage.create(new LevelDbOptions().setDirectory(directory.toString()));
    RaftVerticle verticle =
        new RaftVerticle(options, new Locks(), storage, GrpcTransport.create(vertx));
    vertx.deployVerticle(verticle).await(30, TimeUnit.SECONDS);
    node = verticle.node();
    stop = () -> vertx.close().compose(done -> storage.close());
  }

  @AfterEach
  void close() throws Exception {
    stop.get().await(30, TimeUnit.SECONDS);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void theGuideShowsTheLocksThatAreTestedHere() throws IOException {
    String code = Files.readString(Path.of("src/test/java/io/vertxraft/examples/guide/Locks.java"));

    assertThat(Files.readString(Path.of("../../docs/guide/sessions.md")))
        .contains("```java\n" + code.substring(code.indexOf("class Locks")) + "```");
  }

  private static long call(RaftCommands commands, String command) throws Exception {
    return commands.apply(Buffer.buffer(command)).await(30, TimeUnit.SECONDS).getLong(0);
  }

  @Test
  void aLockHasOneHolderAndEachHolderALargerToken() throws Exception {
    RaftSession first = node.session().await(30, TimeUnit.SECONDS);
    RaftSession second = node.session().await(30, TimeUnit.SECONDS);

    long token = call(first, "lock door");
    assertThat(token).isPositive();
    assertThat(call(second, "lock door")).as("held by the first").isZero();
    assertThat(call(first, "lock door")).as("still the same").isEqualTo(token);
    assertThat(call(first, "unlock door")).isEqualTo(token);
    assertThat(call(second, "lock door")).isGreaterThan(token);
  }

  @Test
  void whoIsGoneHoldsNothing() throws Exception {
    RaftSession first = node.session().await(30, TimeUnit.SECONDS);
    RaftSession second = node.session().await(30, TimeUnit.SECONDS);
    call(first, "lock door");
    first.close().await(30, TimeUnit.SECONDS);

    assertThat(call(second, "lock door")).isPositive();
  }

  @Test
  void aVerticleThatIsNoMemberLocksOverTheEventBus() throws Exception {
    RaftService service =
        RaftService.register(vertx, node, "shop", "locks").await(30, TimeUnit.SECONDS);
    RaftClient client = RaftClient.overEventBus(vertx, new SessionOptions(), "shop", "locks");

    assertThat(call(client, "lock door")).isPositive();
    client.close().await(30, TimeUnit.SECONDS);
    assertThat(call(node.session().await(30, TimeUnit.SECONDS), "lock door")).isPositive();
    service.unregister().await(30, TimeUnit.SECONDS);
  }
}
