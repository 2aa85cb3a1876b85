package io.vertxraft.examples.guide;

import static io.vertxraft.examples.guide.TypedCounter.AMOUNT;
import static io.vertxraft.examples.guide.TypedCounter.TOTAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import io.vertxraft.Codec;
import io.vertxraft.Consistency;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftVerticle;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.TypedCommands;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the guide shows of streams and typed commands compiles, and does what the guide says. */
class StreamsGuideTest {
  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path directory;
  private LevelDbStorage storage;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({
    "typed.md, TypedCounter",
    "streams.md, BulkLoad",
    "streams.md, SettingsCache",
  })
  void theGuideShowsTheCodeThatIsTestedHere(String guide, String name) throws IOException {
    GuideCode.assertShown(guide, name);
  }

  @Test
  void aCounterOfNumbersCounts() throws Exception {
    RaftNode node = start(StateMachine.typed(AMOUNT, TOTAL, new TypedCounter()));
    TypedCommands<Integer, Long> counter = node.typed(AMOUNT, TOTAL);

    assertThat(await(counter.apply(40))).isEqualTo(40);
    assertThat(await(counter.apply(2))).isEqualTo(42);
    assertThat(await(counter.read(Consistency.LINEARIZABLE, 0))).isEqualTo(42);
  }

  /** An object as Jackson likes them. */
  public static final class Deposit {
    public String account;
    public int amount;
  }

  @Test
  void objectsGoAsJsonWhereJacksonIs() throws Exception {
    Codec<Deposit> deposits = Codec.json(Deposit.class);
    Deposit deposit = new Deposit();
    deposit.account = "Ada";
    deposit.amount = 42;

    Buffer bytes = deposits.encode(deposit);

    assertThat(bytes).hasToString("{\"account\":\"Ada\",\"amount\":42}");
    assertThat(deposits.decode(bytes).amount).isEqualTo(42);
  }

  @Test
  void aFlowOfNumbersIsCountedInOrder() throws Exception {
    RaftNode node = start(StateMachine.typed(AMOUNT, TOTAL, new TypedCounter()));

    Flowable<Long> totals = new BulkLoad().load(node, Flowable.range(1, 5_000));

    assertThat(totals.timeout(30, TimeUnit.SECONDS).toList().blockingGet())
        .hasSize(5_000)
        .isSorted()
        .last()
        .isEqualTo(12_502_500L);
  }

  @Test
  void aFileOfCommandsIsPipedIntoAFileOfReplies() throws Exception {
    RaftNode node = start(StateMachine.of(command -> Buffer.buffer(command.payload() + "!\n")));
    Path lines = directory.resolve("commands");
    // The parser may take what follows a last delimiter, which is nothing, for a line too.
    Files.writeString(lines, "command\n".repeat(4_999) + "command");
    Path replies = directory.resolve("replies");
    AsyncFile in = await(vertx.fileSystem().open(lines.toString(), new OpenOptions()));
    AsyncFile out = await(vertx.fileSystem().open(replies.toString(), new OpenOptions()));

    await(new BulkLoad().load(node, RecordParser.newDelimited("\n", in), out));

    assertThat(Files.readString(replies)).isEqualTo("command!\n".repeat(5_000));
  }

  @Test
  void aCacheFollowsTheSettingsAlsoFromWhereTheLogHasBeenCut() throws Exception {
    RaftNode node = start(StateMachine.typed(Codec.json(), Codec.json(), new Settings()));
    TypedCommands<JsonObject, JsonObject> settings = node.typed(Codec.json(), Codec.json());
    SettingsCache early = new SettingsCache(node);
    Context context = vertx.getOrCreateContext();
    context.runOnContext(ignored -> early.follow());
    for (int snapshot = 1; snapshot <= 3; snapshot++) {
      await(settings.apply(change("colour", "red " + snapshot)));
      await(node.snapshot());
    }
    assertThat(await(node.status()).getFirstIndex()).isGreaterThan(1);
    SettingsCache late = new SettingsCache(node);
    context.runOnContext(ignored -> late.follow());

    await(settings.apply(change("size", "large")));

    for (SettingsCache cache : new SettingsCache[] {early, late}) {
      awaitUntil(() -> "large".equals(on(context, () -> cache.get("size"))));
      assertThat(on(context, () -> cache.get("colour"))).isEqualTo("red 3");
    }
  }

  private static JsonObject change(String key, String value) {
    return new JsonObject().put("key", key).put("value", value);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }

  private static <T> T on(Context context, Callable<T> call) throws Exception {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        ignored -> {
          try {
            promise.complete(call.call());
          } catch (Exception e) {
            promise.fail(e);
          }
        });
    return await(promise.future());
  }

  private void awaitUntil(Callable<Boolean> condition) throws Exception {
    for (int i = 0; !condition.call(); i++) {
      assertThat(i).as("hundredths of a second").isLessThan(3_000);
      await(vertx.timer(10, TimeUnit.MILLISECONDS));
    }
  }

  /** A group of one member, which leads as soon as it has started, and keeps nothing of its log. */
  private RaftNode start(StateMachine stateMachine) throws Exception {
    RaftOptions options =
        new RaftOptions()
            .setNodeId("n1")
            .addMember(new Member("n1", "127.0.0.1", freePort()))
            .setSnapshots(
                new SnapshotOptions()
                    .setEntries(0)
                    .setIntervalMs(0)
                    .setLogBytes(0)
                    .setRetainEntries(0));
    storage =
        LevelDbStorage.create(
            new LevelDbOptions().setDirectory(directory.resolve("raft").toString()));
    RaftVerticle verticle =
        new RaftVerticle(options, stateMachine, storage, GrpcTransport.create(vertx));
    await(vertx.deployVerticle(verticle));
    awaitUntil(() -> await(verticle.node().status()).getRole() == RaftRole.LEADER);
    return verticle.node();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
