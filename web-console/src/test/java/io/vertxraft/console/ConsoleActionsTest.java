package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R-46: doing something from the console")
@Timeout(60)
class ConsoleActionsTest {
  private final Unplug unplug = new Unplug();

  /** Who asks, or null to say no. */
  private volatile String who = "ana";

  private final ConsoleServer server =
      new ConsoleServer(
              builder ->
                  builder
                      .options(ConsoleServer.quick())
                      .enableActions(
                          (request, action) ->
                              who == null
                                  ? Future.failedFuture("you are not an operator")
                                  : Future.succeededFuture(who))
                      .action(unplug))
          .saysThatAllIsWell();

  @AfterEach
  void close() {
    server.close();
  }

  /** n1, which serves the console, leads. */
  private void n1Leads() {
    server.says(
        Reports.leader("n1", 7), Reports.follower("n2", "n1", 7), Reports.follower("n3", "n1", 7));
    ConsoleServer.until(
        () -> "n1".equals(server.get("/raft/api/v1/state").json().getString("leaderId")));
  }

  private ConsoleServer.Answer act(String nameAndQuery, JsonObject parameters) {
    return server.send(server.action(nameAndQuery), parameters.encode());
  }

  private JsonArray audit() {
    return server.get("/raft/api/v1/audit").json().getJsonArray("entries");
  }

  @Test
  void withoutConsentNoneOfTheAddressesExists() {
    try (ConsoleServer readOnly = ConsoleServer.healthy()) {
      assertThat(readOnly.send(readOnly.action("transfer"), "{}").status()).isEqualTo(404);
      assertThat(readOnly.get("/raft/api/v1/audit").status()).isEqualTo(404);
      JsonObject capabilities = readOnly.get("/raft/api/v1/capabilities").json();
      assertThat(capabilities.getBoolean("readOnly")).isTrue();
      assertThat(capabilities.getJsonArray("endpoints")).doesNotContain("actions", "audit");
    }
  }

  @Test
  void capabilitiesListWhatCanBeDoneAndWithWhat() {
    JsonObject capabilities = server.get("/raft/api/v1/capabilities").json();
    assertThat(capabilities.getBoolean("readOnly")).isFalse();
    assertThat(capabilities.getJsonArray("endpoints")).contains("actions", "audit");
    assertThat(capabilities.getJsonArray("actions"))
        .extracting(
            a -> ((JsonObject) a).getString("name") + " " + ((JsonObject) a).getString("kind"))
        .containsExactly("transfer raft", "step-down raft", "snapshot raft", "unplug demo");
    JsonObject target =
        capabilities
            .getJsonArray("actions")
            .getJsonObject(0)
            .getJsonArray("parameters")
            .getJsonObject(0);
    assertThat(target.getString("name")).isEqualTo("target");
    assertThat(target.getString("type")).isEqualTo("member");
    assertThat(target.getBoolean("required")).isTrue();
  }

  @Test
  void aDryRunTellsTheEffectAndDoesNothing() {
    n1Leads();
    ConsoleServer.Answer answer = act("transfer?dryRun=true", new JsonObject().put("target", "n3"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("outcome")).isEqualTo("DRY_RUN");
    assertThat(answer.json().getJsonObject("effect"))
        .isEqualTo(
            new JsonObject()
                .put(
                    "text",
                    "n3 takes over from n1; majority stays 2 of 3; tolerates 1 → 1; about one"
                        + " election timeout without writes")
                .put("majorityBefore", 2)
                .put("majorityAfter", 2)
                .put("membersBefore", 3)
                .put("membersAfter", 3)
                .put("toleratesBefore", 1)
                .put("toleratesAfter", 1)
                .putNull("refusal"));
    assertThat(server.node.transfers).hasValue(0);
    assertThat(audit()).isEmpty();
  }

  @Test
  void aTransferIsDoneAndAudited() {
    n1Leads();
    ConsoleServer.Answer answer = act("transfer", new JsonObject().put("target", "n3"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("outcome")).isEqualTo("DONE");
    assertThat(answer.json().getString("text")).isEqualTo("n3 leads, in term 7 or later");
    assertThat(answer.json().getLong("auditSequence")).isEqualTo(1);
    assertThat(server.node.transfers).hasValue(1);
    JsonObject entry = audit().getJsonObject(0);
    assertThat(entry.getString("who")).isEqualTo("ana");
    assertThat(entry.getString("action")).isEqualTo("transfer");
    assertThat(entry.getJsonObject("parameters")).isEqualTo(new JsonObject().put("target", "n3"));
    assertThat(entry.getString("outcome")).isEqualTo("DONE");
    assertThat(entry.getLong("timeMs")).isPositive();
    assertThat(server.get("/raft/api/v1/state").json().getLong("auditNewest")).isEqualTo(1);
    assertThat(server.get("/raft/api/v1/audit?since=1").json().getJsonArray("entries")).isEmpty();
  }

  @Test
  void onlyTheLeadersConsoleHandsOverAndTheOthersSayWhichThatIs() {
    for (String action : List.of("transfer", "step-down")) {
      JsonObject parameters =
          action.equals("transfer") ? new JsonObject().put("target", "n3") : new JsonObject();
      ConsoleServer.Answer answer = act(action, parameters);
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.json().getString("leaderId")).isEqualTo("n2");
      assertThat(answer.json().getString("error"))
          .isEqualTo("n1 does not lead, n2 does: use the console of n2");
      assertThat(answer.json().getString("outcome")).isEqualTo("REFUSED");
    }
    assertThat(server.node.transfers).hasValue(0);
    assertThat(audit()).hasSize(2);
  }

  @Test
  void whoIsNotInStepDoesNotTakeOver() {
    n1Leads();
    RaftStatus leader = leaderHearingNot("n3");
    leader.getFollowers().get(0).setDamaged(true);
    server.node.says(leader);
    ConsoleServer.until(
        () -> "DEGRADED".equals(server.get("/raft/api/v1/state").json().getString("health")));
    ConsoleServer.Answer answer = act("transfer", new JsonObject().put("target", "n3"));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().getString("error"))
        .isEqualTo("n3 is not in step, but stalled: it could not take over in time");
    ConsoleServer.Answer stepDown = act("step-down", new JsonObject());
    assertThat(stepDown.json().getString("error"))
        .isEqualTo("no other member is in step, so nobody could take over");
    ConsoleServer.Answer damaged = act("transfer", new JsonObject().put("target", "n2"));
    assertThat(damaged.json().getString("error"))
        .isEqualTo("n2 has lost entries and cannot lead until it has them again");
    ConsoleServer.Answer self = act("transfer", new JsonObject().put("target", "n1"));
    assertThat(self.json().getString("error")).isEqualTo("n1 leads already");
    assertThat(server.node.transfers).hasValue(0);
  }

  @Test
  void whatTheMemberRefusesHasChangedNothingAndWhatFailsMayHave() {
    n1Leads();
    server.node.transfer =
        target ->
            Future.failedFuture(new Rejected(Rejected.Reason.TRANSFER_FAILED, "not fit", null));
    ConsoleServer.Answer refused = act("step-down", new JsonObject());
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().getString("error")).isEqualTo("not fit");
    server.node.transfer =
        target ->
            Future.failedFuture(
                new RaftException.Unknown(
                    RaftException.Unknown.Reason.NODE_STOPPED, "n1 is closed", null));
    ConsoleServer.Answer failed = act("step-down", new JsonObject());
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.json().getString("outcome")).isEqualTo("FAILED");
    assertThat(failed.json().getString("error")).isEqualTo("n1 is closed");
    assertThat(audit())
        .extracting(entry -> ((JsonObject) entry).getString("outcome"))
        .containsExactly("REFUSED", "FAILED");
  }

  @Test
  void aSnapshotTellsWhatCameOfIt() {
    assertThat(act("snapshot", new JsonObject()).json().getString("text"))
        .isEqualTo("n1 has a snapshot up to index 900, 2.0 KiB, after 0 ms");
    server.node.snapshot =
        () ->
            Future.succeededFuture(
                new SnapshotResult()
                    .setOutcome(SnapshotOutcome.SKIPPED_NOTHING_NEW)
                    .setDetail("nothing was applied since"));
    assertThat(act("snapshot", new JsonObject()).json().getString("text"))
        .isEqualTo("n1 took none: nothing was applied since");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "transfer | {} | target | target is missing: name the member that is to lead, one that is in step",
        "transfer | {\"target\":\"n9\"} | target | target is 'n9': it must be a member, which are n1, n2 and n3",
        "transfer | {\"target\":7} | target | target is '7': it must be a member, which are n1, n2 and n3",
        "transfer | {\"target\":\"n3\",\"x\":1} | x | transfer has no parameter 'x'; it has target",
        "step-down | {\"x\":1} | x | step-down has no parameter 'x'; it has none",
        "unplug | {\"member\":\"n3\",\"seconds\":\"two\"} | seconds | seconds is 'two': it must be a whole number",
        "transfer?dryRun=maybe | {\"target\":\"n3\"} | dryRun | dryRun is 'maybe': it must be true or false"
      })
  void aWrongParameterIsNamed(String action, String body, String parameter, String error) {
    ConsoleServer.Answer answer = server.send(server.action(action), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getString("parameter")).isEqualTo(parameter);
    assertThat(answer.json().getString("error")).isEqualTo(error);
    assertThat(audit()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "\"x\"", "nonsense"})
  void aBodyThatIsNoObjectIsRefused(String body) {
    ConsoleServer.Answer answer = server.send(server.action("snapshot"), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getString("error")).startsWith("the body is no JSON object");
  }

  @Test
  void aBodyWithoutEndIsCutOff() {
    ConsoleServer.Answer answer =
        server.send(
            server.action("snapshot"), new JsonObject().put("x", "y".repeat(20_000)).encode());
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().getString("error")).isEqualTo("the body is larger than 16384 bytes");
  }

  @Test
  void aForeignPageCannotAsk() {
    assertThat(refusal(server.action("snapshot").putHeader("X-Raft-Console", "")))
        .isEqualTo(
            "403 the header 'X-Raft-Console: 1' is missing, which shows that no foreign page"
                + " asks");
    assertThat(refusal(server.action("snapshot").putHeader("Sec-Fetch-Site", "cross-site")))
        .isEqualTo("403 a page of another origin asks (Sec-Fetch-Site is 'cross-site')");
    assertThat(refusal(server.action("snapshot").putHeader("Sec-Fetch-Site", "same-site")))
        .startsWith("403 ");
    assertThat(refusal(server.action("snapshot").putHeader("Origin", "http://evil.example")))
        .isEqualTo("403 a page of another origin asks (Origin is 'http://evil.example')");
    assertThat(refusal(server.action("snapshot").putHeader("Origin", "null"))).startsWith("403 ");
    assertThat(refusal(server.action("snapshot").putHeader("Origin", "http://127.0.0.1:1")))
        .startsWith("403 ");
    assertThat(refusal(server.action("snapshot").putHeader("Content-Type", "text/plain")))
        .isEqualTo("415 send JSON with 'Content-Type: application/json'");
    assertThat(
            refusal(
                server
                    .action("snapshot")
                    .setHost("evil.example")
                    .setServer(SocketAddress.inetSocketAddress(server.port, "127.0.0.1"))))
        .startsWith("403 host 'evil.example' is not allowed here");
    assertThat(audit()).isEmpty();
    RequestOptions own =
        server
            .action("snapshot")
            .putHeader("Origin", "http://127.0.0.1:" + server.port)
            .putHeader("Sec-Fetch-Site", "same-origin")
            .putHeader("Content-Type", "application/json; charset=utf-8");
    assertThat(server.send(own, "{}").status()).isEqualTo(200);
  }

  private String refusal(RequestOptions request) {
    ConsoleServer.Answer answer = server.send(request, "{}");
    return answer.status() + " " + answer.json().getString("error");
  }

  @Test
  void whoMayNotIsToldWhyAndKeptInMind() {
    who = null;
    ConsoleServer.Answer answer = act("snapshot?dryRun=true", new JsonObject());
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().getString("error"))
        .isEqualTo("snapshot is not allowed: you are not an operator");
    ConsoleServer.until(() -> audit().size() == 1);
    JsonObject entry = audit().getJsonObject(0);
    assertThat(entry.getString("outcome")).isEqualTo("DENIED");
    assertThat(entry.getString("who")).isEqualTo("127.0.0.1");
    assertThat(entry.getString("text")).isEqualTo("you are not an operator");
  }

  @Test
  void anUnknownActionOrMethodIsRefused() {
    ConsoleServer.Answer unknown = act("explode", new JsonObject());
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().getString("error"))
        .isEqualTo(
            "there is no action 'explode' here, but transfer, step-down, snapshot and unplug");
    ConsoleServer.Answer wrong = server.send(HttpMethod.GET, "/raft/api/v1/actions/transfer");
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("Allow")).isEqualTo("POST");
  }

  @Test
  void anActionOfTheApplicationIsOfferedLikeTheOthers() {
    ConsoleServer.Answer answer = act("unplug", new JsonObject().put("member", "n3"));
    assertThat(answer.json().getString("outcome")).isEqualTo("DONE");
    assertThat(answer.json().getString("kind")).isEqualTo("demo");
    assertThat(answer.json().getString("text")).isEqualTo("n3 is unplugged for 5 s by ana");
    assertThat(answer.json().getJsonObject("effect").getString("text"))
        .isEqualTo("n3 is unplugged; majority stays 2 of 3; tolerates 1 → 0");
  }

  @Test
  void whatWouldLoseTheMajorityIsRefused() {
    n1Leads();
    server.node.says(leaderHearingNot("n2"));
    ConsoleServer.until(
        () -> "DEGRADED".equals(server.get("/raft/api/v1/state").json().getString("health")));
    ConsoleServer.Answer answer = act("unplug", new JsonObject().put("member", "n3"));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().getString("error"))
        .isEqualTo("it would lose the majority: 2 of 3 are needed");
    assertThat(answer.json().getJsonObject("effect").getString("text"))
        .isEqualTo("n3 is unplugged; majority stays 2 of 3; tolerates 0 → none, no majority");
  }

  @Test
  void anActionThatThrowsHasFailedAndTheNextOneRuns() {
    unplug.trouble = new IllegalStateException("the cable is stuck");
    ConsoleServer.Answer failed = act("unplug", new JsonObject().put("member", "n3"));
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.json().getString("error")).isEqualTo("the cable is stuck");
    unplug.trouble = null;
    assertThat(act("unplug", new JsonObject().put("member", "n3")).status()).isEqualTo(200);
  }

  @Test
  void oneActionOfAKindRunsAtATime() {
    Promise<SnapshotResult> slow = Promise.promise();
    server.node.snapshot = slow::future;
    Future<ConsoleServer.Answer> first = server.sendLater(server.action("snapshot"), "{}");
    ConsoleServer.until(() -> act("snapshot", new JsonObject()).status() == 429);
    slow.complete(new SnapshotResult().setLastIndex(5));
    assertThat(Waits.await(first).status()).isEqualTo(200);
  }

  @Test
  void theNewestEntriesOfTheAuditAreKept() {
    AuditLog log = new AuditLog();
    for (int i = 0; i < AuditLog.ENTRIES_MAX + 5; i++) {
      log.add(
          "orders",
          "n1",
          new AuditLog.Entry(
              "x".repeat(10_000) + "\n", "snapshot", new JsonObject(), "", "DONE", "", 0));
    }
    assertThat(log.since(0)).hasSize(AuditLog.ENTRIES_MAX);
    assertThat(log.since(0).getJsonObject(0).getLong("sequence")).isEqualTo(6);
    assertThat(log.since(0).getJsonObject(0).getString("who")).hasSize(501).doesNotContain("\n");
  }

  @Test
  void aConsoleIsNotSetUpWithNamesThatClashOrActionsThatNobodyMayDo() {
    RaftConsoleBuilder builder = RaftConsole.builder(server.vertx, server.node);
    builder.action(unplug);
    assertThatThrownBy(() -> builder.action(new Unplug()))
        .hasMessage("there is an action 'unplug' already");
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call enableActions(authorizer)");
    Unplug wrong = new Unplug();
    wrong.name = "../x";
    assertThatThrownBy(() -> builder.action(wrong)).hasMessageContaining("'../x' is not valid");
    wrong.name = "transfer";
    assertThatThrownBy(() -> builder.action(wrong))
        .hasMessage("there is an action 'transfer' already");
  }

  private static RaftStatus leaderHearingNot(String... silent) {
    RaftStatus leader = Reports.leader("n1", 7);
    leader.getFollowers().stream()
        .filter(f -> Set.of(silent).contains(f.getNodeId()))
        .forEach(f -> f.setLastContactAgeMs(60_000));
    return leader;
  }

  /** Takes a member's cable away. */
  private static final class Unplug implements ConsoleAction {
    private String name = "unplug";
    private volatile RuntimeException trouble;

    @Override
    public String name() {
      return name;
    }

    @Override
    public String kind() {
      return "demo";
    }

    @Override
    public String title() {
      return "Unplug";
    }

    @Override
    public String description() {
      return "Takes a member's cable away for a while.";
    }

    @Override
    public List<ActionParameter> parameters() {
      return List.of(
          ActionParameter.member("member", "Member", "name the member"),
          ActionParameter.number("seconds", "Seconds", 5, "for how long"));
    }

    @Override
    public Future<ActionEffect> effect(ActionCall call) {
      String member = call.text("member");
      return Future.succeededFuture(
          ActionEffect.of(call.view(), member + " is unplugged", Set.of(member), null)
              .refusedWithoutMajority());
    }

    @Override
    public Future<String> run(ActionCall call) {
      if (trouble != null) {
        throw trouble;
      }
      return Future.succeededFuture(
          "%s is unplugged for %d s by %s"
              .formatted(call.text("member"), call.number("seconds"), call.who()));
    }
  }
}
