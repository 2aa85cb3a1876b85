package io.vertxraft.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftVerticle;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.StateMachine;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guide shows of snapshots compiles, and does what the guide says. */
class SnapshotGuideTest {
  private static final Path SOURCES = Path.of("src/test/java/io/vertxraft/examples/guide");
  private static final int ACCOUNTS = 2_000;

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path directory;
  private LevelDbStorage storage;
  private String deployment;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Balances", "SharedBalances", "StoredBalances"})
  void theGuideShowsTheStateMachinesThatAreTestedHere(String name) throws IOException {
    String code = Files.readString(SOURCES.resolve(name + ".java"));

    assertThat(Files.readString(Path.of("../../docs/guide/snapshots.md")))
        .contains("```java\n" + code.substring(code.indexOf("class " + name)) + "```");
  }

  @Test
  void theReadmeShowsTheCounterThatIsTestedHere() throws Exception {
    String code = Files.readString(SOURCES.resolve("Counter.java"));
    String methods = code.substring(code.indexOf("  @Override\n  public Future<Void> save"));
    String shown = methods.substring(0, methods.lastIndexOf('}')).replaceAll("(?m)^  ", "");
    assertThat(Files.readString(Path.of("../../README.md"))).contains("```java\n" + shown + "```");

    RaftNode node = start(new Counter());
    assertThat(add(node, 40)).isEqualTo(40);
    node.snapshot().await(30, TimeUnit.SECONDS);
    stop();
    assertThat(add(start(new Counter()), 2)).isEqualTo(42);
  }

  private static long add(RaftNode node, int amount) throws Exception {
    return node.apply(Buffer.buffer().appendInt(amount)).await(30, TimeUnit.SECONDS).getLong(0);
  }

  @Test
  void aSmallStateComesBackFromItsSnapshot() throws Exception {
    assertComesBack(Balances::new);
  }

  @Test
  void aStateThatIsSharedWithItsSnapshotComesBackFromIt() throws Exception {
    assertComesBack(SharedBalances::new);
  }

  @Test
  void aDatabaseComesBackByItselfAndAnEmptyOneFromTheSnapshot() throws Exception {
    Path files = Files.createDirectory(directory.resolve("database"));
    Database first = new Database(files);
    assertComesBack(() -> new StoredBalances(vertx, first));
    assertThat(first.replaced()).as("its own data went far enough").isZero();

    Database empty = new Database(Files.createDirectory(directory.resolve("empty")));
    RaftNode node = start(new StoredBalances(vertx, empty));
    assertThat(deposit(node, 7, 0)).isEqualTo(7 + 5);
    assertThat(empty.replaced()).isEqualTo(1);
  }

  /** Deposits, a snapshot, more deposits, and the same again from a new state machine. */
  private void assertComesBack(Supplier<StateMachine> stateMachine) throws Exception {
    RaftNode node = start(stateMachine.get());
    for (int account = 0; account < ACCOUNTS; account++) {
      deposit(node, account, account);
    }
    SnapshotResult result = node.snapshot().await(30, TimeUnit.SECONDS);
    assertThat(result.getOutcome()).isEqualTo(SnapshotOutcome.TAKEN);
    deposit(node, 7, 5);
    stop();

    RaftNode again = start(stateMachine.get());

    assertThat(again.status().await(30, TimeUnit.SECONDS).getSnapshots().getLastIndex())
        .isEqualTo(result.getLastIndex());
    assertThat(deposit(again, 7, 0)).isEqualTo(7 + 5);
    assertThat(deposit(again, ACCOUNTS - 1, 0)).isEqualTo(ACCOUNTS - 1);
    stop();
  }

  private void stop() throws Exception {
    vertx.undeploy(deployment).compose(done -> storage.close()).await(30, TimeUnit.SECONDS);
  }

  private static long deposit(RaftNode node, int account, int amount) throws Exception {
    Buffer command =
        new JsonObject().put("account", "account " + account).put("amount", amount).toBuffer();
    return Long.parseLong(node.apply(command).await(30, TimeUnit.SECONDS).toString());
  }

  /** A group of one member, which leads as soon as it has started. */
  private RaftNode start(StateMachine stateMachine) throws Exception {
    RaftOptions options =
        new RaftOptions()
            .setNodeId("n1")
            .addMember(new Member("n1", "127.0.0.1", freePort()))
            .setSnapshots(new SnapshotOptions().setEntries(0).setIntervalMs(0).setLogBytes(0));
    storage =
        LevelDbStorage.create(
            new LevelDbOptions().setDirectory(directory.resolve("raft").toString()));
    RaftVerticle verticle =
        new RaftVerticle(options, stateMachine, storage, GrpcTransport.create(vertx));
    deployment = vertx.deployVerticle(verticle).await(30, TimeUnit.SECONDS);
    while (verticle.node().status().await(30, TimeUnit.SECONDS).getRole() != RaftRole.LEADER) {
      vertx.timer(10, TimeUnit.MILLISECONDS).await(30, TimeUnit.SECONDS);
    }
    return verticle.node();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
