package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.LogCompactedException;
import io.vertxraft.LogRecord;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("R-46: the entries of the log")
@Timeout(60)
class ConsoleLogTest {
  private ConsoleServer server;

  @AfterEach
  void close() {
    server.close();
  }

  private void serve(EntryDecoder decoder) {
    server =
        new ConsoleServer(builder -> decoder == null ? builder : builder.showPayloads(decoder))
            .saysThatAllIsWell();
    RaftStatus status =
        Reports.follower("n1", "n2", 7)
            .setFirstIndex(10)
            .setAppliedIndex(17)
            .setCommitIndex(18)
            .setDurableIndex(19)
            .setLastIndex(20);
    server.node.says(status);
    server.node.log = (from, max) -> Future.succeededFuture(entries(from, max));
  }

  private static List<LogRecord> entries(long from, int max) {
    List<LogRecord> entries = new ArrayList<>();
    for (long i = from; i <= 20 && entries.size() < max; i++) {
      entries.add(
          i == 10
              ? new LogRecord(i, 7, LogRecord.Kind.NO_OP, 24, 0, List.of())
              : new LogRecord(
                  i,
                  7,
                  LogRecord.Kind.COMMAND,
                  40,
                  i == 11 ? Long.MAX_VALUE : 0,
                  List.of(Buffer.buffer("{\"secret\":%d}".formatted(i)))));
    }
    return entries;
  }

  private JsonObject log(String query) {
    return server.get("/raft/api/v1/log" + query).json();
  }

  @Test
  void payloadsAreHiddenUnlessTheApplicationShowsThem() {
    serve(null);
    assertThat(server.get("/raft/api/v1/log").body()).doesNotContain("secret", "payload\":");
    assertThat(log("").getString("payloads")).isEqualTo("hidden");
    assertThat(server.get("/raft/api/v1/capabilities").json().getString("payloads"))
        .isEqualTo("hidden");
  }

  @Test
  void theLastPageComesFirstAndEveryEntrySaysHowFarItGot() {
    serve(Buffer::toJsonObject);
    JsonObject page = log("?limit=4");
    assertThat(page.getLong("from")).isEqualTo(17);
    assertThat(page.getValue("next")).isNull();
    assertThat(page.getJsonArray("entries"))
        .extracting(
            e -> ((JsonObject) e).getLong("index") + " " + ((JsonObject) e).getString("state"))
        .containsExactly("17 APPLIED", "18 COMMITTED", "19 DURABLE", "20 WRITTEN");
    assertThat(page.getJsonArray("entries").getJsonObject(0).getJsonArray("commands"))
        .containsExactly(
            new JsonObject().put("bytes", 13).put("payload", new JsonObject().put("secret", 17)));
  }

  @Test
  void pagesLeadToTheEnd() {
    serve(EntryDecoder.text());
    JsonObject page = log("?from=10&limit=8");
    assertThat(page.getLong("next")).isEqualTo(18);
    JsonObject first = page.getJsonArray("entries").getJsonObject(0);
    assertThat(first.getString("type")).isEqualTo("NO_OP");
    assertThat(first.getJsonArray("commands")).isEmpty();
    JsonObject second = page.getJsonArray("entries").getJsonObject(1);
    assertThat(second.getString("sessionId")).isEqualTo("9223372036854775807");
    assertThat(second.getJsonArray("commands").getJsonObject(0).getString("payload"))
        .isEqualTo("{\"secret\":11}");
    assertThat(log("?from=18").getValue("next")).isNull();
    assertThat(log("?from=900").getJsonArray("entries")).isEmpty();
    assertThat(log("?from=900").getValue("next")).isNull();
  }

  @Test
  void whatTheDecoderThrowsIsShownAtItsEntryAlone() {
    serve(
        command -> {
          if (command.toString().contains("19")) {
            throw new IllegalStateException("not mine");
          }
          return java.nio.CharBuffer.wrap("odd");
        });
    assertThat(log("?from=19").getJsonArray("entries"))
        .extracting(e -> ((JsonObject) e).getJsonArray("commands").getJsonObject(0))
        .containsExactly(
            new JsonObject().put("bytes", 13).put("payloadError", "not mine"),
            new JsonObject().put("bytes", 13).put("payload", "odd"));
  }

  @Test
  void whatIsGoneOrNotThereIsSaid() {
    serve(null);
    server.node.log = (from, max) -> Future.failedFuture(new LogCompactedException("n1", from, 10));
    ConsoleServer.Answer gone = server.get("/raft/api/v1/log?from=3");
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.json().getLong("firstIndex")).isEqualTo(10);
    server.node.log =
        (from, max) ->
            Future.failedFuture(
                new Rejected(Rejected.Reason.SHUTTING_DOWN, "n1 is STARTING", null));
    ConsoleServer.Answer starting = server.get("/raft/api/v1/log");
    assertThat(starting.status()).isEqualTo(503);
    assertThat(starting.json().getString("error")).isEqualTo("n1 is STARTING");
    server.node.log = (from, max) -> Future.failedFuture(new UnsupportedOperationException("no"));
    assertThat(server.get("/raft/api/v1/log").status()).isEqualTo(501);
    server.node.log = (from, max) -> Future.failedFuture("disk");
    assertThat(server.get("/raft/api/v1/log").status()).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({
    "from=x, from, from='x' is not a number",
    "from=0, from, 'from=0 is out of range: it must be 1 to 9223372036854775607'",
    "limit=0, limit, limit=0 is out of range: it must be 1 to 200",
    "limit=201, limit, limit=201 is out of range: it must be 1 to 200"
  })
  void aWrongParameterIsNamed(String query, String parameter, String error) {
    serve(null);
    ConsoleServer.Answer answer = server.get("/raft/api/v1/log?" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getString("parameter")).isEqualTo(parameter);
    assertThat(answer.json().getString("error")).isEqualTo(error);
  }
}
