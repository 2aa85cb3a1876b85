package io.vertxraft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StoredSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An operator looks after snapshots of a member that was stopped, and begins a new group. */
class SnapshotCommandTest {
  private static final Buffer STATE = Buffer.buffer("the orders of a year ".repeat(5_000));

  @TempDir Path directory;
  private Path member;
  private Path archive;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void publishSnapshotsOfTwoGroups() throws Exception {
    member = directory.resolve("n1");
    archive = directory.resolve("orders.zip");
    LevelDbStorage storage = storage(member);
    publish(storage, "orders", 100, Buffer.buffer("older"));
    publish(storage, "orders", 4_711, STATE);
    publish(storage, "users", 5, Buffer.buffer("users"));
    await(storage.close());
  }

  private static LevelDbStorage storage(Path home) {
    return LevelDbStorage.create(new LevelDbOptions().setDirectory(home.toString()));
  }

  private static void publish(LevelDbStorage storage, String groupId, long index, Buffer state)
      throws Exception {
    GroupStorage group =
        await(storage.open(new GroupIdentity("shop", groupId, "n1"), Runnable::run));
    SnapshotDraft draft =
        await(
            group
                .snapshots()
                .save(
                    new SnapshotManifest(
                        "shop",
                        groupId,
                        index,
                        7,
                        7,
                        Configuration.of(Set.of("n1", "n2", "n3")),
                        Buffer.buffer("sessions"),
                        1_700_000_000_000L,
                        List.of())));
    await(draft.append("state", SnapshotChunk.of(state)));
    await(draft.append("dir/empty", SnapshotChunk.of(Buffer.buffer())));
    await(draft.publish());
    await(group.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private int run(Object... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine raftctl = RaftCtl.commandLine();
    return raftctl
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  private int importFor(String nodeId) {
    return run(
        "snapshot",
        "import",
        archive,
        directory.resolve("new-" + nodeId),
        "--cluster-id",
        "shop-restored",
        "--group-id",
        "orders-2",
        "--node-id",
        nodeId,
        "--member",
        "a",
        "--member",
        "b",
        "--member",
        "c");
  }

  private void flip(String file) throws IOException {
    Path path = member.resolve("snapshots/orders/snapshot_00000000000000004711").resolve(file);
    byte[] bytes = Files.readAllBytes(path);
    bytes[bytes.length / 2] ^= 1;
    Files.write(path, bytes);
  }

  private List<String> listing(Path of) throws IOException {
    try (Stream<Path> all = Files.walk(of)) {
      List<String> lines = new ArrayList<>();
      for (Path path : all.sorted().toList()) {
        lines.add(path + " " + Files.getLastModifiedTime(path) + " " + Files.size(path));
      }
      return lines;
    }
  }

  @Test
  void listSaysWhatThereIsTheNewestFirstAndChangesNothing() throws Exception {
    List<String> before = listing(member);
    assertThat(run("snapshot", "list", member)).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            ("group orders, index 4711, term 7: %d bytes in 2 files, members [n1, n2, n3], saved"
                    + " 2023-11-14T22:13:20Z")
                .formatted(STATE.length()),
            "group orders, index 100, term 7: 5 bytes in 2 files, members [n1, n2, n3], saved"
                + " 2023-11-14T22:13:20Z",
            "group users, index 5, term 7: 5 bytes in 2 files, members [n1, n2, n3], saved"
                + " 2023-11-14T22:13:20Z");
    assertThat(run("snapshot", "list", member, "--group", "users", "--json")).isZero();
    JsonObject report = new JsonObject(out.toString());
    assertThat(report.getString("clusterId")).isEqualTo("shop");
    assertThat(report.getJsonArray("snapshots")).hasSize(1);
    JsonObject users = report.getJsonArray("snapshots").getJsonObject(0);
    assertThat(users.getLong("lastIndex")).isEqualTo(5);
    assertThat(users.getJsonArray("files").getJsonObject(0).getString("name")).isEqualTo("state");
    assertThat(listing(member)).isEqualTo(before);
  }

  @Test
  void verifyReadsEveryByteAndNamesFileNatureAndRemedy() throws Exception {
    assertThat(run("snapshot", "verify", member)).isZero();
    assertThat(out.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("good"));

    flip("files/state");
    assertThat(run("snapshot", "list", member)).as("reads manifests only").isZero();
    assertThat(run("snapshot", "verify", member)).isEqualTo(1);
    assertThat(out.toString())
        .contains("DAMAGED  group orders, index 4711")
        .contains("files/state' is damaged: its content has the SHA-256")
        .contains("An older snapshot and the log take its place")
        .contains("good     group orders, index 100");
    assertThat(run("snapshot", "verify", member, "--index", 100)).isZero();
    assertThat(run("snapshot", "verify", member, "--json")).isEqualTo(1);
    JsonArray snapshots = new JsonObject(out.toString()).getJsonArray("snapshots");
    assertThat(snapshots.getJsonObject(0).getBoolean("good")).isFalse();
    assertThat(snapshots.getJsonObject(1).getBoolean("good")).isTrue();
  }

  @Test
  void aDamagedManifestIsListedAsSuch() throws Exception {
    flip("manifest");
    assertThat(run("snapshot", "list", member)).isEqualTo(1);
    assertThat(out.toString()).contains("DAMAGED  group orders, index 4711").contains("checksum");
    assertThat(run("snapshot", "verify", member)).isEqualTo(1);
    assertThat(run("snapshot", "list", member, "--json")).isEqualTo(1);
    assertThat(new JsonObject(out.toString()).getBoolean("healthy")).isFalse();
    assertThat(run("snapshot", "export", member, archive, "--group", "orders")).isEqualTo(1);
    assertThat(archive).doesNotExist();
  }

  @Test
  void aNewGroupOfThreeBeginsWithWhatOneMemberHad() throws Exception {
    assertThat(run("snapshot", "export", member, archive, "--group", "orders")).isZero();
    assertThat(out.toString()).contains("exported group orders, index 4711");
    for (String nodeId : List.of("a", "b", "c")) {
      assertThat(importFor(nodeId)).as(err.toString()).isZero();
      assertThat(out.toString())
          .contains("shop-restored/orders-2/%s begins".formatted(nodeId))
          .contains("index 4711, term 7");
      Path home = directory.resolve("new-" + nodeId);
      assertThat(run("snapshot", "verify", home)).isZero();
      assertThat(out.toString()).contains("good     group orders-2, index 4711");
      assertThat(run("storage", "verify", home)).isZero();
      assertThat(out.toString())
          .contains("node %s of cluster shop-restored".formatted(nodeId))
          .contains("term 7, vote for nobody, empty log, next entry 4712");
      assertThat(home.resolve("importing")).doesNotExist();
      requireGood(home, nodeId);
    }
  }

  /** What a member finds there when it starts. */
  private static void requireGood(Path home, String nodeId) throws Exception {
    LevelDbStorage storage = storage(home);
    GroupStorage group =
        await(storage.open(new GroupIdentity("shop-restored", "orders-2", nodeId), Runnable::run));
    assertThat(group.recovered())
        .isEqualTo(new RecoveredLog(new HardState(7, null), 4_712, 4_711, 7, List.of(), Health.OK));
    await(group.requireVoters(Set.of("a", "b", "c")));
    assertThat(
            catchThrowableOfType(
                    StorageException.class, () -> await(group.requireVoters(Set.of("n1", "n2"))))
                .kind())
        .isEqualTo(StorageException.Kind.WRONG_OWNER);
    StoredSnapshot snapshot = await(group.snapshots().open(4_711));
    assertThat(snapshot.manifest().configuration())
        .isEqualTo(Configuration.of(Set.of("a", "b", "c")));
    assertThat(snapshot.manifest().sessions()).isEqualTo(Buffer.buffer("sessions"));
    assertThat(await(snapshot.read("state", 0, STATE.length(), false)).data()).isEqualTo(STATE);
    await(snapshot.close());
    await(storage.close());
  }

  @Test
  void exportChoosesOneSnapshotAndOverwritesNothing() throws Exception {
    assertThat(run("snapshot", "export", member, archive)).isEqualTo(2);
    assertThat(err.toString()).contains("--group is missing: use one of [orders, users]");
    assertThat(run("snapshot", "export", member, archive, "--index", 100, "--json")).isZero();
    assertThat(new JsonObject(out.toString()).getLong("lastIndex")).isEqualTo(100);
    byte[] before = Files.readAllBytes(archive);
    assertThat(run("snapshot", "export", member, archive, "--index", 4_711)).isEqualTo(2);
    assertThat(err.toString()).contains("is there already").contains("name another file");
    assertThat(Files.readAllBytes(archive)).isEqualTo(before);
    assertThat(run("snapshot", "export", member, archive, "--index", 6)).isEqualTo(2);
    assertThat(err.toString()).contains("there is no such snapshot");
  }

  @Test
  void aDamagedSnapshotIsNotExported() throws Exception {
    flip("files/state");
    assertThat(run("snapshot", "export", member, archive, "--group", "orders")).isEqualTo(1);
    assertThat(out.toString()).contains("files/state' is damaged");
    assertThat(archive).doesNotExist();
  }

  @Test
  void importWantsAnEmptyDirectoryAnIntactArchiveAndItsMemberAmongTheMembers() throws Exception {
    assertThat(importFor("a")).isEqualTo(2);
    assertThat(err.toString()).contains("is not a file");
    assertThat(run("snapshot", "export", member, archive, "--group", "orders")).isZero();
    assertThat(importFor("d")).isEqualTo(2);
    assertThat(err.toString()).contains("node 'd' is not one of the members [a, b, c]");
    assertThat(importFor("a")).isZero();
    assertThat(importFor("a")).isEqualTo(2);
    assertThat(err.toString()).contains("is not empty").contains("for a new group");

    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);
    assertThat(importFor("b")).isEqualTo(1);
    assertThat(out.toString()).contains("DAMAGED").contains("is no intact archive of a snapshot");
    assertThat(directory.resolve("new-b")).doesNotExist();
  }

  @Test
  void anImportThatWasCutShortIsNotTakenForANewMember() throws Exception {
    Path home = Files.createDirectories(directory.resolve("new-a"));
    Files.createDirectories(home.resolve("importing"));
    LevelDbStorage storage = storage(home);
    StorageException refusal =
        catchThrowableOfType(
            StorageException.class,
            () ->
                await(
                    storage.open(
                        new GroupIdentity("shop-restored", "orders-2", "a"), Runnable::run)));
    assertThat(refusal).hasMessageContaining("import").hasMessageContaining("empty it");
    await(storage.close());
  }

  @Test
  void aMemberThatRunsIsLeftAloneAndWrongUsageIsExplained() throws Exception {
    LevelDbStorage running = storage(member);
    await(running.open(new GroupIdentity("shop", "orders", "n1"), Runnable::run));
    assertThat(run("snapshot", "verify", member)).isEqualTo(2);
    assertThat(err.toString()).contains("is in use by another process or by another storage");
    await(running.close());
    assertThat(run("snapshot")).isEqualTo(2);
    assertThat(err.toString()).contains("which of take, list, verify, export and import?");
    assertThat(run("snapshot", "list", directory)).isEqualTo(2);
    assertThat(err.toString()).contains("is not a storage directory");
    Path empty = directory.resolve("empty");
    LevelDbStorage fresh = storage(empty);
    await(fresh.open(new GroupIdentity("shop", "orders", "n1"), Runnable::run));
    await(fresh.close());
    assertThat(run("snapshot", "list", empty)).isZero();
    assertThat(out.toString()).contains("there are no snapshots");
    assertThat(run("snapshot", "export", empty, archive)).isEqualTo(2);
    assertThat(err.toString()).contains("there are no snapshots");
  }
}
