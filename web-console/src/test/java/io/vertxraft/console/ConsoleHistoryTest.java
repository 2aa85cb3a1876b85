package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("R-46: looking back in time")
@Timeout(60)
class ConsoleHistoryTest {
  private ConsoleServer server;

  @AfterEach
  void close() {
    server.close();
  }

  private static RaftConsoleOptions fast() {
    return new RaftConsoleOptions().setSampleIntervalMs(10).setLeaseMs(50);
  }

  @Test
  void nothingIsRecordedUntilSomebodyLooks() {
    server = ConsoleServer.healthy(fast());
    JsonObject overview = overview();
    assertThat(overview.getJsonArray("moments")).isEmpty();
    assertThat(overview.getBoolean("recording")).isFalse();
    assertThat(overview.getValue("firstMs")).isNull();
    ConsoleServer.Answer moment = server.get("/raft/api/v1/history?at=5");
    assertThat(moment.status()).isEqualTo(404);
    assertThat(moment.json().getString("error")).contains("recordAlways");
  }

  @Test
  void recordAlwaysRecordsWhileNobodyLooks() {
    server = ConsoleServer.healthy(fast().setRecordAlways(true));
    ConsoleServer.until(() -> overview().getJsonArray("moments").size() > 3);
    assertThat(overview().getBoolean("recording")).isTrue();
  }

  @Test
  void anOutageIsSeenAgainWithItsCauseAfterItIsOver() throws Exception {
    server = ConsoleServer.healthy(fast());
    EventReader reader = server.stream("", null);
    reader.next();
    server.says(
        Reports.lost("n1", RaftRole.FOLLOWER, 8),
        Reports.lost("n2", RaftRole.FOLLOWER, 8),
        Reports.lost("n3", RaftRole.FOLLOWER, 8));
    awaitHealth(reader, "NO_LEADER");
    emit(System.currentTimeMillis(), "heard no leader");
    server.saysThatAllIsWell();
    awaitHealth(reader, "HEALTHY");

    JsonObject overview = overview();
    assertThat(overview.getJsonArray("spans"))
        .extracting(span -> ((JsonObject) span).getString("health"))
        .containsSequence("HEALTHY", "NO_LEADER")
        .endsWith("HEALTHY");
    JsonObject outage = span(overview, "NO_LEADER");
    assertThat(outage.getString("headline")).startsWith("No leader");
    assertThat(overview.getJsonArray("events"))
        .extracting(event -> ((JsonObject) event).getString("cause"))
        .containsExactly("heard no leader");

    JsonObject then = moment(outage.getLong("fromMs"));
    assertThat(then.getLong("timeMs")).isEqualTo(outage.getLong("fromMs"));
    assertThat(then.getJsonObject("frame").getString("health")).isEqualTo("NO_LEADER");
    assertThat(then.getJsonObject("frame").getJsonArray("sentences")).isNotEmpty();
    JsonObject before = moment(then.getLong("previousMs"));
    assertThat(before.getJsonObject("frame").getString("health")).isEqualTo("HEALTHY");
    assertThat(before.getLong("nextMs")).isEqualTo(then.getLong("timeMs"));
    assertThat(moment(overview.getLong("lastMs")).getJsonObject("frame").getJsonArray("events"))
        .hasSize(1);
    assertThat(moment(overview.getLong("firstMs")).getJsonObject("frame").getJsonArray("events"))
        .as("what had not happened yet is not told")
        .isEmpty();
  }

  @Test
  void framesForChartsAreThinnedOut() throws Exception {
    server = ConsoleServer.healthy(fast());
    EventReader reader = server.stream("", null);
    reader.next();
    // Of frames within one millisecond only one is kept.
    ConsoleServer.until(() -> overview().getJsonArray("moments").size() > 4);
    JsonObject overview = overview();
    JsonArray frames =
        server.get("/raft/api/v1/history/frames?max=4").json().getJsonArray("frames");
    assertThat(frames).hasSize(4);
    assertThat(frames.getJsonObject(0).getLong("timeMs")).isEqualTo(overview.getLong("firstMs"));
    long second = overview.getJsonArray("moments").getLong(1);
    JsonArray one =
        server
            .get("/raft/api/v1/history/frames?fromMs=%d&toMs=%d".formatted(second, second))
            .json()
            .getJsonArray("frames");
    assertThat(one).hasSize(1);
    assertThat(one.getJsonObject(0).getLong("timeMs")).isEqualTo(second);
  }

  @ParameterizedTest
  @CsvSource({
    "history?at=soon, at, at='soon' is not a number",
    "history?at=-5, at, at=-5 is too small: it must be at least 0",
    "history?fromMs=x, fromMs, fromMs='x' is not a number",
    "history?toMs=x, toMs, toMs='x' is not a number",
    "history/frames?max=0, max, max=0 is out of range: it must be 1 to 600",
    "history/frames?max=601, max, max=601 is out of range: it must be 1 to 600",
    "events?since=x, since, since='x' is not a number",
    "what-if?down=n9, down, 'down names ''n9'', which is no member; members are n1, n2 and n3'"
  })
  void aWrongParameterIsNamed(String path, String parameter, String error) {
    server = ConsoleServer.healthy(fast());
    ConsoleServer.Answer answer = server.get("/raft/api/v1/" + path);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getString("parameter")).isEqualTo(parameter);
    assertThat(answer.json().getString("error")).isEqualTo(error);
  }

  @Test
  void whatIfCountsForWhoeverAsks() {
    server = ConsoleServer.healthy(fast());
    JsonObject answer = server.get("/raft/api/v1/what-if?down=n3").json();
    assertThat(answer.getBoolean("hasMajority")).isTrue();
    assertThat(answer.getString("text"))
        .isEqualTo(
            "Without n3, 2 of 3 voters are left and 2 are needed: the group serves, and survives"
                + " no further failure");
  }

  @Test
  void aBundleHoldsThePictureItsPastAndNoSecret() throws Exception {
    server =
        new ConsoleServer(
                builder ->
                    builder
                        .options(fast().setSilentAfterMs(30_000))
                        .describe(
                            "raft",
                            () ->
                                new JsonObject()
                                    .put("electionTimeoutMs", 1_000)
                                    .put("keyStorePassword", "hunter2")))
            .saysThatAllIsWell();
    server.stream("", null).next();
    ConsoleServer.until(() -> overview().getJsonArray("moments").size() > 3);
    emit(7, "why");
    ConsoleServer.Answer head = server.get("/raft/api/v1/diagnostics.zip");
    assertThat(head.header("Content-Type")).isEqualTo("application/zip");
    assertThat(head.header("Content-Disposition"))
        .matches("attachment; filename=\"raft-n1-\\d{8}T\\d{6}Z.zip\"");
    Map<String, String> files = Zips.read(server.download("/raft/api/v1/diagnostics.zip"));
    JsonObject manifest = new JsonObject(files.get("manifest.json"));
    assertThat(manifest.getString("format")).isEqualTo("vertx-raft-bundle");
    assertThat(manifest.getInteger("formatVersion")).isEqualTo(1);
    assertThat(manifest.getString("groupId")).isEqualTo("orders");
    assertThat(manifest.getJsonArray("files"))
        .allSatisfy(
            file -> {
              JsonObject entry = (JsonObject) file;
              assertThat(files.get(entry.getString("name")).getBytes(StandardCharsets.UTF_8))
                  .hasSize(entry.getInteger("bytes"));
            });
    assertThat(new JsonObject(files.get("state.json")).getString("health")).isEqualTo("HEALTHY");
    assertThat(new JsonObject(files.get("explanation.json")).getString("leaderId")).isEqualTo("n2");
    assertThat(new JsonObject(files.get("reports.json")).getJsonArray("reports")).hasSize(3);
    assertThat(new JsonObject(files.get("events.json")).getJsonArray("events")).hasSize(1);
    assertThat(files.get("history.ndjson").lines())
        .hasSizeGreaterThan(3)
        .allSatisfy(line -> assertThat(new JsonObject(line).getString("health")).isNotNull());
    assertThat(new JsonObject(files.get("options.json")).getJsonObject("raft"))
        .isEqualTo(
            new JsonObject().put("electionTimeoutMs", 1_000).put("keyStorePassword", "(hidden)"));
    assertThat(String.join("", files.values())).doesNotContain("hunter2");
    assertThat(files.get("README.txt")).contains("history.ndjson");
  }

  @Test
  void aTestOrProgramWritesABundleToAFile(@TempDir Path directory) throws Exception {
    server = ConsoleServer.healthy(fast());
    Path file = directory.resolve("failed.zip");
    Waits.await(server.console.writeBundle(file, "the test lost a write"));
    Map<String, String> files = Zips.read(Buffer.buffer(Files.readAllBytes(file)));
    assertThat(new JsonObject(files.get("manifest.json")).getString("reason"))
        .isEqualTo("the test lost a write");
    Waits.await(server.console.close());
    assertThat(server.console.bundle("too late").toCompletionStage().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withMessageContaining("the console of node n1 is closed");
  }

  private void awaitHealth(EventReader reader, String health) throws InterruptedException {
    while (!reader.next().json().getString("health").equals(health)) {
      assertThat(reader.response().statusCode()).isEqualTo(200);
    }
  }

  private static JsonObject span(JsonObject overview, String health) {
    return overview.getJsonArray("spans").stream()
        .map(JsonObject.class::cast)
        .filter(span -> span.getString("health").equals(health))
        .findFirst()
        .orElseThrow();
  }

  private JsonObject overview() {
    return server.get("/raft/api/v1/history").json();
  }

  private JsonObject moment(long atMs) {
    return server.get("/raft/api/v1/history?at=" + atMs).json();
  }

  private void emit(long timeMs, String cause) {
    RaftEvent event =
        new RaftEvent()
            .setType(RaftEventType.LEADER_CHANGED)
            .setNodeId("n1")
            .setTimeMs(timeMs)
            .setCause(cause);
    server.console.context().runOnContext(v -> server.node.sink.emit(event));
  }
}
