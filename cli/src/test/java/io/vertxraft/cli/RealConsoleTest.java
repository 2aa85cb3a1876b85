package io.vertxraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.console.RaftConsole;
import io.vertxraft.testkit.LocalNetwork;
import io.vertxraft.testkit.MemoryStorage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line and the console understand each other: three members, a real server. */
class RealConsoleTest {
  private static final List<String> IDS = List.of("n1", "n2", "n3");

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, RaftNode> nodes = new LinkedHashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String root;

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @BeforeEach
  void startThreeMembers() throws Exception {
    LocalNetwork network = new LocalNetwork();
    List<Member> members = new ArrayList<>();
    IDS.forEach(id -> members.add(new Member(id, "127.0.0.1", 7_000 + members.size())));
    Router router = Router.router(vertx);
    for (String id : IDS) {
      RaftVerticle verticle =
          new RaftVerticle(
              new RaftOptions()
                  .setClusterId("shop")
                  .setGroupId("orders")
                  .setNodeId(id)
                  .setMembers(members),
              new Remembered(),
              new MemoryStorage(),
              network.transport());
      get(vertx.deployVerticle(verticle));
      nodes.put(id, verticle.node());
      RaftConsole console =
          RaftConsole.builder(vertx, verticle.node())
              .enableActions((request, action) -> Future.succeededFuture("ana"))
              .build();
      router.route("/" + id + "/*").subRouter(console.router());
    }
    router.route("/read-only/*").subRouter(RaftConsole.create(vertx, nodes.get("n1")).router());
    router
        .route("/all/*")
        .subRouter(RaftConsole.groups(vertx, () -> List.of(nodes.get("n1"))).build().router());
    int port =
        get(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
    root = "http://127.0.0.1:" + port + "/";
    for (int i = 0; i < 10; i++) {
      get(nodes.get(leader()).apply(Buffer.buffer("command " + i)));
    }
  }

  /** Keeps its commands, and can save them. */
  private static final class Remembered implements StateMachine {
    private final List<String> commands = new ArrayList<>();

    @Override
    public Future<List<Buffer>> apply(List<io.vertxraft.Command> batch) {
      List<Buffer> replies = new ArrayList<>();
      for (io.vertxraft.Command command : batch) {
        commands.add(command.payload().toString());
        replies.add(command.payload());
      }
      return Future.succeededFuture(replies);
    }

    @Override
    public Future<Void> saveSnapshot(io.vertxraft.SnapshotWriter writer) {
      return writer.write(Buffer.buffer(String.join("\n", commands)));
    }
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  /** Waits until somebody leads and serves. */
  private String leader() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      for (RaftNode node : nodes.values()) {
        if (get(node.status()).isLeaderReady()) {
          return node.nodeId();
        }
      }
    }
    throw new AssertionError("nobody leads");
  }

  private String follower() throws Exception {
    String leader = leader();
    return IDS.stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  private int raftctl(String mount, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", root + mount));
    CommandLine commandLine = RaftCtl.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(all.toArray(String[]::new));
  }

  @Test
  void an_operator_looks_around() throws Exception {
    assertThat(raftctl("n1", "watch", "--count", "3")).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("Healthy: " + leader() + " leads term");

    assertThat(raftctl("n1", "status")).as("%s%s", out, err).isZero();
    assertThat(out.toString())
        .contains("group orders of cluster shop, seen from n1", "NODE", "serves")
        .contains("n1", "n2", "n3");

    assertThat(raftctl("n1", "explain")).isZero();
    assertThat(out.toString()).contains("tolerates 1 failure");

    assertThat(raftctl("n1", "what-if", "--down", "n2")).as("%s", err).isZero();
    assertThat(out.toString()).contains("n1,n2,n3");
    assertThat(raftctl("n1", "what-if", "--down", "n2,n3")).isEqualTo(RaftCtl.NO_LEADER);
    assertThat(raftctl("n1", "what-if", "--down", "n9")).isEqualTo(RaftCtl.USAGE);
    assertThat(err.toString()).contains("n9");
  }

  @Test
  void an_operator_changes_who_leads_and_takes_a_snapshot() throws Exception {
    String before = leader();
    String target = follower();

    String other = IDS.stream().filter(id -> !List.of(before, target).contains(id)).findAny().get();
    assertThat(raftctl(target, "transfer", "--to", other)).isEqualTo(RaftCtl.REFUSED);
    assertThat(err.toString()).contains("ask the console of " + before + ", which leads");

    assertThat(raftctl(before, "transfer", "--to", target, "--dry-run")).as("%s", err).isZero();
    assertThat(out.toString()).contains("would: " + target);
    assertThat(leader()).isEqualTo(before);

    assertThat(raftctl(before, "transfer", "--to", target)).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains(target);

    assertThat(raftctl(before, "snapshot", "take")).as("%s%s", out, err).isZero();
    assertThat(get(nodes.get(before).status()).getSnapshots().getLastIndex()).isPositive();

    assertThat(raftctl(before, "transfer", "--to", "n9")).isEqualTo(RaftCtl.USAGE);
    assertThat(err.toString()).contains("n9");
    assertThat(raftctl("read-only", "snapshot", "take")).isEqualTo(RaftCtl.REFUSED);
    assertThat(err.toString()).contains("is read-only");
  }

  @Test
  void an_operator_reads_the_log() throws Exception {
    String leader = leader();

    assertThat(raftctl(leader, "log", "--from", "1", "-n", "5")).as("%s", err).isZero();
    assertThat(out.toString()).contains("INDEX", "no-op", "command", "applied");
    assertThat(out.toString())
        .contains("log of " + leader + ": entries 1 to", "payloads are hidden");
    assertThat(out.toString().lines()).hasSize(1 + 5 + 1);

    assertThat(raftctl(leader, "log", "--from", "1", "-n", "500", "--json")).isZero();
    JsonObject log = new JsonObject(out.toString());
    assertThat(log.getJsonArray("entries")).hasSize(log.getInteger("lastIndex"));
    assertThat(raftctl(leader, "log", "--from", "0")).isEqualTo(RaftCtl.USAGE);
    assertThat(err.toString()).contains("from");
  }

  @Test
  void a_bundle_can_be_opened(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("bundle.zip");

    assertThat(raftctl("n1", "bundle", file.toString())).as("%s", err).isZero();

    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] manifest = zip.getInputStream(zip.getEntry("manifest.json")).readAllBytes();
      assertThat(new JsonObject(Buffer.buffer(manifest)).getString("groupId")).isEqualTo("orders");
    }
  }

  @Test
  void one_of_several_groups_is_found_by_its_name() {
    assertThat(raftctl("all", "groups")).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("orders");
    assertThat(raftctl("all", "status", "--group", "orders")).as("%s%s", out, err).isZero();
    assertThat(raftctl("all", "status")).isEqualTo(RaftCtl.USAGE);
    assertThat(err.toString()).contains("give one by --group");
    assertThat(raftctl("all", "status", "--group", "nope")).isEqualTo(RaftCtl.USAGE);
    assertThat(err.toString()).contains("no group 'nope'");
    assertThat(raftctl("n1", "status", "--group", "orders")).isZero();
  }

  @Test
  void something_else_on_the_same_server_is_no_console() {
    assertThat(raftctl("nothing", "status")).isEqualTo(RaftCtl.UNREACHABLE);
    assertThat(err.toString()).contains("there is no Raft console");
  }
}
