package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertxraft.NodeState;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R-46: the console's addresses")
class ConsoleRoutesTest {
  private ConsoleServer server = ConsoleServer.healthy();

  @AfterEach
  void close() {
    server.close();
  }

  private void serve(RaftConsoleOptions options) {
    server.close();
    server = ConsoleServer.healthy(options);
  }

  @Test
  void theMountWithoutSlashLeadsToThePage() {
    ConsoleServer.Answer answer = server.get("/raft");
    assertThat(answer.status()).isEqualTo(308);
    assertThat(answer.header("Location")).isEqualTo("./raft/");
  }

  @Test
  void thePageAndAllItsFilesComeFromTheJarUnderAStrictPolicy() {
    ConsoleServer.Answer page = server.get("/raft/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'self'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(page.body())
        .doesNotContain("<style", "style=", "http:", "https:", "onload=", "{assets}");
    assertThat(page.body()).doesNotContainPattern("<script(?![^>]*src=)");
    assertThat(addresses(page.body(), "(?:href|src)=\"(assets/[^\"]+)\""))
        .anyMatch(address -> address.endsWith(".css"))
        .anyMatch(address -> address.endsWith(".svg"));
    assertThat(addresses(page.body(), "<script[^>]*src=\"assets/[^/]+/([^\"]+)\""))
        .containsExactly("console.js");
    for (String address : addresses(page.body(), "(?:href|src)=\"(assets/[^\"]+)\"")) {
      ConsoleServer.Answer file = server.get("/raft/" + address);
      assertThat(file.status()).as(address).isEqualTo(200);
      assertThat(file.header("Cache-Control")).contains("immutable");
    }
  }

  /** So that a browser fetches all at once, and not one row of imports after the other. */
  @Test
  void everyModuleThatAModuleImportsIsServedAndToldToTheBrowserBeforehand() {
    String directory = "/raft/assets/" + Assets.get().hash() + "/";
    Set<String> modules = new TreeSet<>(Set.of("console.js"));
    Deque<String> unread = new ArrayDeque<>(modules);
    while (!unread.isEmpty()) {
      String name = unread.poll();
      ConsoleServer.Answer module = server.get(directory + name);
      assertThat(module.status()).as(name).isEqualTo(200);
      assertThat(module.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
      assertThat(module.body())
          .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(");
      for (String next : addresses(module.body(), "from '\\./([^']+)'")) {
        if (modules.add(next)) {
          unread.add(next);
        }
      }
    }
    assertThat(modules).hasSizeGreaterThan(20);
    assertThat(
            addresses(
                server.get("/raft/").body(),
                "<link rel=\"modulepreload\" href=\"assets/[^/]+/([^\"]+)\""))
        .containsExactlyInAnyOrderElementsOf(modules);
  }

  @Test
  void everyKindOfEventHasATagAndWords() {
    String eventLog = server.get("/raft/assets/" + Assets.get().hash() + "/eventlog.js").body();
    for (RaftEventType type : RaftEventType.values()) {
      assertThat(eventLog)
          .contains("\n  " + type + ": ['")
          .contains("\n    case '" + type + "':\n      return");
    }
  }

  @Test
  void everyFileOfTheDirectoryIsServed() throws IOException {
    Path directory = Path.of("src/main/resources/io/vertxraft/console/assets");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .allSatisfy(name -> assertThat(Assets.get().find(Assets.get().hash(), name)).isNotNull());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/raft/assets/HASH/../../index.html",
        "/raft/assets/HASH/..%2f..%2findex.html",
        "/raft/assets/HASH/%2e%2e/index.html",
        "/raft/assets/HASH/..%5c..%5cindex.html",
        "/raft/assets/HASH/RaftConsole.class",
        "/raft/assets/HASH/",
        "/raft/assets/HASH/console.js/x",
        "/raft/assets/0123456789abcdef/console.js",
        "/raft/nothing",
        "/raft/api/v1/actions/step-down",
        "/raft/api/v1/state/deeper"
      })
  void whatIsNotListedDoesNotExist(String path) {
    ConsoleServer.Answer answer = server.get(path.replace("HASH", Assets.get().hash()));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().getString("error")).startsWith("the console has nothing at '/raft/");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "api/v1/state", "api/v1/stream", "api/v1/health", "api/v1/events"})
  void writingIsRefusedEverywhere(String path) {
    for (HttpMethod method : List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE)) {
      ConsoleServer.Answer answer = server.send(method, "/raft/" + path);
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
      assertThat(answer.json().getString("error")).contains(method.name());
    }
  }

  @Test
  void stateShowsEveryMemberWithItsAgeAndTheOwnReport() {
    JsonObject state = server.get("/raft/api/v1/state").json();
    assertThat(state.getString("seenFrom")).isEqualTo("n1");
    assertThat(state.getString("health")).isEqualTo("HEALTHY");
    assertThat(state.getJsonObject("banner").getString("headline"))
        .isEqualTo("Healthy: n2 leads term 7 since 4 min; survives 1 more failure");
    assertThat(state.getJsonObject("status").getString("nodeId")).isEqualTo("n1");
    assertThat(state.getJsonArray("members")).hasSize(3);
    JsonObject n2 = state.getJsonArray("members").getJsonObject(1);
    assertThat(n2.getString("nodeId")).isEqualTo("n2");
    assertThat(n2.getInteger("port")).isEqualTo(7002);
    assertThat(n2.getLong("ageMs")).isNotNegative();
    assertThat(n2.getString("error")).isNull();
    assertThat(n2.getJsonObject("status").getString("role")).isEqualTo("LEADER");
    assertThat(state.getJsonArray("followers").getJsonObject(0).getString("state"))
        .isEqualTo("HEALTHY");
    assertThat(state.getJsonObject("membership"))
        .isEqualTo(
            new JsonObject()
                .put("members", 3)
                .put("majority", 2)
                .put("faultTolerance", 1)
                .put("inStep", 3)
                .put(
                    "configurations",
                    JsonArray.of(
                        new JsonObject()
                            .put("name", "current")
                            .put("voters", JsonArray.of("n1", "n2", "n3"))
                            .put("majority", 2)
                            .put("faultTolerance", 1))));
  }

  @Test
  void aMemberThatFailsToAnswerIsShownWithTheError() {
    server.node.isSilent("n3", "n3 at 127.0.0.1:7003 did not answer");
    JsonObject n3 =
        server.get("/raft/api/v1/state").json().getJsonArray("members").getJsonObject(2);
    assertThat(n3.getValue("status")).isNull();
    assertThat(n3.getString("error")).isEqualTo("n3 at 127.0.0.1:7003 did not answer");
  }

  @Test
  void aMemberThatNeverAnswersDoesNotHoldUpTheOthers() {
    server.node.answers("n3", () -> Promise.<RaftStatus>promise().future());
    JsonObject state = server.get("/raft/api/v1/state").json();
    assertThat(state.getString("health")).isEqualTo("HEALTHY");
    assertThat(state.getJsonArray("members").getJsonObject(2).getValue("status")).isNull();
  }

  @Test
  void aNodeThatThrowsOrCannotTellItsStatusIsShownAsSuch() {
    server.node.answers(
        "n1",
        () -> {
          throw new IllegalStateException("node n1 is closed");
        });
    JsonObject state = server.get("/raft/api/v1/state").json();
    assertThat(state.getString("health")).isEqualTo("NO_LEADER");
    assertThat(state.getValue("status")).isNull();
    assertThat(state.getJsonArray("members").getJsonObject(0).getString("error"))
        .isEqualTo("node n1 is closed");
  }

  @Test
  void healthAnswersWithAStatusThatAProbeUnderstands() {
    assertThat(server.get("/raft/api/v1/health").status()).isEqualTo(200);
    server.node.says(
        Reports.follower("n3", "n2", 7).setState(NodeState.FAILED).setFailure("disk full"));
    ConsoleServer.until(() -> server.get("/raft/api/v1/health").status() == 429);
    server.says(Reports.lost("n1", RaftRole.FOLLOWER, 8), Reports.lost("n2", RaftRole.FOLLOWER, 8));
    ConsoleServer.until(() -> server.get("/raft/api/v1/health").status() == 503);
    assertThat(server.get("/raft/api/v1/health").json().getString("headline"))
        .startsWith("No leader");
  }

  @Test
  void explainGivesSentencesWithEvidence() {
    JsonObject explain = server.get("/raft/api/v1/explain").json();
    assertThat(explain.getString("leaderId")).isEqualTo("n2");
    JsonObject first = explain.getJsonArray("sentences").getJsonObject(0);
    assertThat(first.getString("text")).isEqualTo("n2 leads term 7 since 4 min");
    assertThat(first.getJsonArray("evidence").getJsonObject(0).getString("source")).isEqualTo("n2");
  }

  @Test
  void capabilitiesSayThatNothingCanBeChanged() {
    JsonObject capabilities = server.get("/raft/api/v1/capabilities").json();
    assertThat(capabilities.getBoolean("readOnly")).isTrue();
    assertThat(capabilities.getJsonArray("actions")).isEmpty();
  }

  @Test
  void eventsAreNumberedBoundedAndReadFromANumberOn() {
    serve(new RaftConsoleOptions().setEventsMax(3).setSampleIntervalMs(20));
    for (int i = 1; i <= 5; i++) {
      emit("cause " + i);
    }
    JsonObject all = server.get("/raft/api/v1/events").json();
    assertThat(all.getLong("newest")).isEqualTo(5);
    assertThat(all.getJsonArray("events"))
        .extracting(e -> ((JsonObject) e).getString("cause"))
        .containsExactly("cause 3", "cause 4", "cause 5");
    assertThat(server.get("/raft/api/v1/events?since=4").json().getJsonArray("events")).hasSize(1);
    ConsoleServer.Answer wrong = server.get("/raft/api/v1/events?since=soon");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.json().getString("error")).startsWith("since='soon' is not a number");
  }

  @Test
  void hostileTextsArriveAsDataAndNeverSteerATerminal() {
    String hostile = "</script><img src=x onerror=alert(1)>\n\ndata: \u001b[2J\"}";
    server.node.says(
        Reports.follower("n3", "n2", 7).setState(NodeState.FAILED).setFailure(hostile));
    emit(hostile);
    ConsoleServer.Answer state = server.get("/raft/api/v1/state");
    assertThat(state.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(state.body()).doesNotContain("\n", "\u001b");
    assertThat(
            state
                .json()
                .getJsonArray("members")
                .getJsonObject(2)
                .getJsonObject("status")
                .getString("failure"))
        .isEqualTo(hostile);
    assertThat(state.json().getJsonArray("events").getJsonObject(0).getString("cause"))
        .isEqualTo(hostile);
    ConsoleServer.Answer text = server.get("/raft/api/v1/text");
    assertThat(text.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(text.body()).doesNotContain("\u001b").contains("n3 has failed: </script>");
  }

  @Test
  void textIsATableThatAPersonReads() {
    String text = server.get("/raft/api/v1/text").body();
    assertThat(text)
        .startsWith("Healthy: n2 leads term 7 since 4 min; survives 1 more failure\n\nMEMBER ")
        .containsPattern("n2 +LEADER +7 +1000 +1000 +1000 +1000 +1 +0 ")
        .endsWith("seen from n1\n");
  }

  @Test
  void overLoopbackOnlyLoopbackNamesAreAnswered() {
    assertThat(getWithHost("evil.example").status()).isEqualTo(403);
    assertThat(getWithHost("evil.example").json().getString("error"))
        .isEqualTo(
            "host 'evil.example' is not allowed here; name it in the console option allowedHosts");
    assertThat(getWithHost("localhost.evil.example").status()).isEqualTo(403);
    assertThat(getWithHost("LOCALHOST").status()).isEqualTo(200);
    assertThat(getWithHost("localhost").status()).isEqualTo(200);
    assertThat(getWithHost("127.0.0.1").status()).isEqualTo(200);
    assertThat(getWithHost("[::1]").status()).isEqualTo(200);
  }

  @Test
  void furtherHostNamesCanBeAllowed() {
    serve(new RaftConsoleOptions().setAllowedHosts(List.of("Console.example")));
    assertThat(getWithHost("console.example").status()).isEqualTo(200);
    assertThat(getWithHost("localhost").status()).isEqualTo(200);
    assertThat(getWithHost("evil.example").status()).isEqualTo(403);
  }

  @Test
  void overOtherAddressesAnyHostIsAnsweredUnlessNamesAreGiven() {
    assertThat(new Guard(List.of()).isAllowed("any.example", false)).isTrue();
    assertThat(new Guard(List.of("one.example")).isAllowed("any.example", false)).isFalse();
    assertThat(new Guard(List.of("one.example")).isAllowed("one.example", false)).isTrue();
    assertThat(new Guard(List.of("one.example")).isAllowed("localhost", false)).isFalse();
  }

  @Test
  void aClosedConsoleSaysSoAndLeavesTheNodeAlone() {
    Waits.await(server.console.close());
    ConsoleServer.Answer answer = server.get("/raft/api/v1/state");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.json().getString("error")).isEqualTo("the console of node n1 is closed");
    assertThat(server.node.sink.hasHandler()).isFalse();
    assertThat(server.isSampling()).isFalse();
  }

  private ConsoleServer.Answer getWithHost(String host) {
    return server.send(
        server
            .to("/raft/api/v1/capabilities")
            .setHost(host)
            .setServer(SocketAddress.inetSocketAddress(server.port, "127.0.0.1")));
  }

  private void emit(String cause) {
    RaftEvent event =
        new RaftEvent()
            .setType(RaftEventType.FAULT)
            .setNodeId("n1")
            .setTimeMs(1)
            .setRole(RaftRole.FOLLOWER)
            .setCause(cause);
    server.console.context().runOnContext(v -> server.node.sink.emit(event));
  }

  private static List<String> addresses(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.results().map(r -> r.group(1)).toList();
  }
}
