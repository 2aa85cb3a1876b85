package io.vertxraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An operator looks into the directory of a member that was stopped. */
class StorageCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeTwoGroups() throws Exception {
    LevelDbStorage storage = open();
    write(storage, "orders", 100, new HardState(3, "n2"));
    write(storage, "users", 5, new HardState(1, null));
    await(storage.close());
  }

  private LevelDbStorage open() {
    return LevelDbStorage.create(new LevelDbOptions().setDirectory(directory.toString()));
  }

  private static GroupStorage open(LevelDbStorage storage, String groupId) throws Exception {
    return await(storage.open(new GroupIdentity("shop", groupId, "n1"), Runnable::run));
  }

  private static void write(LevelDbStorage storage, String groupId, int count, HardState hardState)
      throws Exception {
    EntryCodec codec = new EntryCodec(groupId);
    List<LogEntry> entries = new ArrayList<>();
    for (int index = 1; index <= count; index++) {
      entries.add(codec.encode(index, 1, EntryType.COMMAND, new byte[] {(byte) index, 0x7f}));
    }
    await(open(storage, groupId).write(new StorageWrite(hardState, 0, entries)));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private int run(String... args) {
    CommandLine raftctl = RaftCtl.commandLine();
    return raftctl
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private int storage(String command, String... options) {
    List<String> args = new ArrayList<>(List.of("storage", command, directory.toString()));
    args.addAll(List.of(options));
    return run(args.toArray(String[]::new));
  }

  @Test
  void verifySaysWhatIsThereAndChangesNothing() throws Exception {
    List<String> before = listing();
    assertThat(storage("verify")).isZero();
    assertThat(out.toString())
        .contains("node n1 of cluster shop")
        .contains("group orders: term 3, vote for n2, entries 1 to 100 (term 1)")
        .contains("group users: term 1, vote for nobody, entries 1 to 5 (term 1)")
        .endsWith("good" + System.lineSeparator());
    assertThat(listing()).isEqualTo(before);
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      List<String> lines = new ArrayList<>();
      for (Path path : all.sorted().toList()) {
        lines.add(path + " " + Files.getLastModifiedTime(path) + " " + Files.size(path));
      }
      return lines;
    }
  }

  @Test
  void verifyNamesFileIndexNatureAndRemedyOfDamage() throws Exception {
    Path log = log();
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length - 1] ^= 1;
    Files.write(log, bytes);
    List<String> before = listing();
    assertThat(storage("verify", "--json")).isEqualTo(1);
    JsonObject report = new JsonObject(out.toString());
    assertThat(report.getBoolean("healthy")).isFalse();
    assertThat(report.getString("tornEnd")).contains(log.toString());
    JsonObject problem = report.getJsonArray("problems").getJsonObject(0);
    assertThat(problem.getString("groupId")).isEqualTo("users");
    assertThat(problem.getLong("index")).isEqualTo(1);
    assertThat(problem.getString("nature")).contains("acknowledged was change");
    assertThat(problem.getString("remedy")).contains("until the leader has given it the entries");
    assertThat(report.getJsonArray("problems")).hasSize(1);
    assertThat(report.getJsonArray("groups")).hasSize(2);
    assertThat(listing()).isEqualTo(before);

    assertThat(storage("verify")).isEqualTo(1);
    assertThat(out.toString()).contains("DAMAGED  group users, from entry 1 on").contains("remedy");
  }

  private Path log() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      return files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
    }
  }

  @Test
  void aDirectoryWithoutCertainTermAndVoteIsDamaged() throws Exception {
    Files.delete(directory.resolve("watermark"));
    Files.delete(directory.resolve("db/CURRENT"));
    assertThat(storage("verify")).isEqualTo(1);
    assertThat(out.toString()).contains("lost meta").contains("new node id");
  }

  @Test
  void dumpListsEntriesButPayloadsOnlyWhenAsked() {
    assertThat(storage("dump", "--group", "orders", "--from", "99")).isZero();
    assertThat(out.toString())
        .isEqualToNormalizingNewlines("99 term 1 COMMAND 2 bytes\n100 term 1 COMMAND 2 bytes\n");
    out.getBuffer().setLength(0);
    assertThat(storage("dump", "--group", "users", "--count", "1", "--payload", "--json")).isZero();
    assertThat(new JsonObject(out.toString()))
        .isEqualTo(
            new JsonObject()
                .put("index", 1)
                .put("term", 1)
                .put("type", "COMMAND")
                .put("payloadBytes", 2)
                .put("payload", "017f"));
  }

  @Test
  void dumpAsksForTheGroupIfThereAreSeveral() {
    assertThat(storage("dump")).isEqualTo(2);
    assertThat(err.toString()).contains("--group is missing").contains("orders");
    assertThat(storage("dump", "--group", "other")).isEqualTo(2);
    assertThat(err.toString()).contains("no group 'other'").contains("users");
  }

  @Test
  void statsCountsEntriesRecordsAndBytes() {
    assertThat(storage("stats", "--json")).isZero();
    JsonObject report = new JsonObject(out.toString());
    JsonObject orders = report.getJsonArray("groups").getJsonObject(0);
    assertThat(orders.getLong("entries")).isEqualTo(100);
    assertThat(orders.getLong("records")).isEqualTo(2);
    assertThat(orders.getLong("entryBytes")).isEqualTo(2_600);
    assertThat(orders.getJsonObject("entriesPerTerm").getLong("1")).isEqualTo(100);
    assertThat(report.getJsonObject("files").getMap()).containsKey("watermark");
    assertThat(storage("stats")).isZero();
    assertThat(out.toString()).contains("100 entries of 2600 bytes in 2 records");
  }

  @Test
  void aMemberThatRunsIsLeftAlone() throws Exception {
    LevelDbStorage running = open();
    GroupStorage group = open(running, "orders");
    assertThat(storage("verify")).isEqualTo(2);
    assertThat(err.toString()).contains("is in use by another process or by another storage");
    await(group.write(new StorageWrite(new HardState(9, "n9"), 0, List.of())));
    await(running.close());
    assertThat(storage("verify")).isZero();
    assertThat(out.toString()).contains("term 9, vote for n9");
  }

  @Test
  void wrongUsageIsExplained() throws Exception {
    assertThat(run()).isEqualTo(2);
    assertThat(run("storage")).isEqualTo(2);
    assertThat(run("storage", "verify")).isEqualTo(2);
    assertThat(run("storage", "verify", directory.resolve("nowhere").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("which command?").contains("is not a directory");
    Path other = Files.createDirectory(directory.resolve("other"));
    assertThat(run("storage", "verify", other.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("is not a storage directory");
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Exit codes").contains("storage");
  }
}
