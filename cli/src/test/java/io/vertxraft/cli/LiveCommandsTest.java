package io.vertxraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator asks about members that run. */
class LiveCommandsTest extends LiveStory {
  private static JsonObject actions(boolean readOnly) {
    return new JsonObject().put("kind", "group").put("readOnly", readOnly);
  }

  @Test
  void status_shows_members_as_a_table_and_what_is_wrong() {
    console.on("api/v1/state", ScriptedConsole.state("DEGRADED", "Degraded: n3 falls behind"));

    assertThat(raftctl("status")).isEqualTo(RaftCtl.DAMAGED);

    assertThat(out())
        .isEqualTo(
            """
            Degraded: n3 falls behind
            group orders of cluster shop, seen from n1

            NODE  ROLE      TERM  LEADER  COMMIT  APPLIED  LAST  STATE    LAG  CONTACT  SNAPSHOT  REPORT
            n1    follower     7  n2        1000     1000  1000  healthy    0    30 ms       800  120 ms
            n2    leader       7  n2        1000     1000  1000  serves     -        -         -   80 ms
            n3    follower     7  n2        1000      400  1000  silent   600     12 s       800    12 s
            n4    unknown      -  -            -        -     -  silent     -        -         -   never

            WARNING   n3 is falling behind: 600 entries behind n2
            """
                .replace("\n", System.lineSeparator()));
  }

  @ParameterizedTest
  @CsvSource({"HEALTHY, 0", "DEGRADED, 1", "NO_LEADER, 3", "SOMETHING_NEW, 1"})
  void the_exit_code_tells_the_health(String health, int exitCode) {
    console.on("api/v1/state", ScriptedConsole.state(health, "x"));
    console.on("api/v1/explain", new JsonObject().put("health", health).put("headline", "x"));

    assertThat(raftctl("status")).isEqualTo(exitCode);
    assertThat(raftctl("explain")).isEqualTo(exitCode);
  }

  @Test
  void json_is_what_the_console_said() {
    JsonObject state = ScriptedConsole.state("HEALTHY", "Healthy");
    console.on("api/v1/state", state);

    raftctl("status", "--json");

    assertThat(new JsonObject(out())).isEqualTo(state);
  }

  @Test
  void hostile_ids_cannot_steer_the_terminal() {
    JsonObject state = ScriptedConsole.state("HEALTHY", "Healthy \u001b[31mred\u0007\u009b2J");
    state.getJsonArray("members").getJsonObject(0).put("nodeId", "n1\u001b]0;title\u0007");
    console.on("api/v1/state", state);

    raftctl("status");

    assertThat(out()).doesNotContain("\u001b", "\u0007", "\u009b").contains("Healthy  [31mred");
  }

  @Test
  void explain_gives_each_sentence_with_its_evidence() {
    console.on(
        "api/v1/explain",
        new JsonObject()
            .put("health", "HEALTHY")
            .put("headline", "Healthy: n2 leads")
            .put("sentences", new JsonArray().add(ScriptedConsole.sentence("INFO", "n2 leads")))
            .put(
                "disagreements",
                new JsonArray().add(ScriptedConsole.sentence("WARNING", "n1 and n3 disagree"))));

    raftctl("explain");

    assertThat(out().lines())
        .containsExactly(
            "Healthy: n2 leads",
            "INFO      n2 leads",
            "            n2, 120 ms ago: match 400 of 1000",
            "",
            "Members disagree:",
            "WARNING   n1 and n3 disagree",
            "            n2, 120 ms ago: match 400 of 1000");
  }

  @Test
  void groups_are_listed_and_the_worst_gives_the_exit_code() {
    JsonObject group =
        new JsonObject()
            .put("groupId", "orders")
            .put("health", "NO_LEADER")
            .put("role", "PRE_CANDIDATE")
            .put("term", 7)
            .put("commitIndex", 1_000)
            .put("headline", "No leader");
    JsonObject list =
        new JsonObject()
            .put("kind", "groups")
            .put("matching", 12)
            .put("counts", new JsonObject().put("HEALTHY", 9).put("NO_LEADER", 1))
            .put("groups", new JsonArray().add(group));
    console.on("api/v1/groups?search=or%20d&sort=trouble&offset=0&limit=1", list);

    assertThat(raftctl("groups", "--search", "or d", "--limit", "1")).isEqualTo(RaftCtl.NO_LEADER);

    assertThat(out().lines())
        .containsExactly(
            "GROUP   HEALTH     ROLE           TERM  LEADER  COMMIT  HEADLINE",
            "orders  no leader  pre-candidate     7  -         1000  No leader",
            "... and 11 more: --offset 1");
  }

  @Test
  void what_if_tells_whether_the_group_would_serve() {
    JsonObject half =
        new JsonObject()
            .put("name", "current")
            .put("voters", new JsonArray().add("n1").add("n2").add("n3"))
            .put("up", new JsonArray().add("n1"))
            .put("majority", 2)
            .put("hasMajority", false)
            .put("faultTolerance", 0);
    console.on(
        "api/v1/what-if?down=n2%2Cn3",
        new JsonObject()
            .put("text", "Without n2 and n3, 1 of 3 voters is left and 2 are needed")
            .put("hasMajority", false)
            .put("configurations", new JsonArray().add(half)));
    console.on("api/v1/what-if", new JsonObject().put("text", "fine").put("hasMajority", true));

    assertThat(raftctl("what-if", "--down", "n2,n3")).isEqualTo(RaftCtl.NO_LEADER);
    assertThat(out())
        .contains("1 of 3 voters is left")
        .contains("current        n1,n2,n3  n1         2  no              0");
    assertThat(raftctl("what-if")).isEqualTo(RaftCtl.GOOD);
  }

  @Test
  void a_transfer_goes_to_the_named_member_or_to_the_fittest() {
    console.on(
        "api/v1/actions/transfer",
        new JsonObject().put("outcome", "DONE").put("text", "n3 leads term 8"));
    console.on(
        "api/v1/actions/step-down",
        new JsonObject().put("outcome", "DONE").put("text", "n1 leads term 9"));

    assertThat(raftctl("transfer", "--to", "n3")).as(err()).isEqualTo(RaftCtl.GOOD);
    assertThat(out()).isEqualToIgnoringNewLines("n3 leads term 8");
    ScriptedConsole.Request asked = console.requests.get(0);
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.body()).isEqualTo("{\"target\":\"n3\"}");
    assertThat(asked.header("X-Raft-Console")).isEqualTo("1");
    assertThat(asked.header("Content-Type")).isEqualTo("application/json");

    assertThat(raftctl("transfer")).isEqualTo(RaftCtl.GOOD);
    assertThat(console.requests.get(1).body()).isEqualTo("{}");
  }

  @Test
  void a_dry_run_says_what_would_happen_and_why_it_would_not() {
    JsonObject effect = new JsonObject().put("refusal", null);
    JsonObject answer =
        new JsonObject()
            .put("outcome", "DRY_RUN")
            .put("text", "n3 takes over")
            .put("effect", effect);
    console.on("api/v1/actions/transfer?dryRun=true", answer);

    assertThat(raftctl("transfer", "--to", "n3", "--dry-run")).isEqualTo(RaftCtl.GOOD);
    assertThat(out()).isEqualToIgnoringNewLines("would: n3 takes over");

    effect.put("refusal", "n3 lags");
    console.on("api/v1/actions/transfer?dryRun=true", answer);
    assertThat(raftctl("transfer", "--to", "n3", "--dry-run")).isEqualTo(RaftCtl.REFUSED);
    assertThat(out()).contains("but it would be refused: n3 lags");
  }

  @Test
  void only_the_leader_can_hand_over_and_the_answer_says_who_that_is() {
    console.on(
        "api/v1/actions/transfer",
        409,
        new JsonObject()
            .put("outcome", "REFUSED")
            .put("text", "n1 does not lead")
            .put("error", "n1 does not lead: ask n2")
            .put("leaderId", "n2"));

    assertThat(raftctl("transfer", "--to", "n3")).isEqualTo(RaftCtl.REFUSED);
    assertThat(err()).contains("n1 does not lead: ask n2", "ask the console of n2, which leads");
  }

  @Test
  void an_action_that_began_and_failed_is_not_taken_for_done() {
    console.on(
        "api/v1/actions/snapshot",
        500,
        new JsonObject().put("outcome", "FAILED").put("text", "the disk is full"));

    assertThat(raftctl("snapshot", "take")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("the disk is full");
    assertThat(out()).isEmpty();
  }

  @Test
  void a_read_only_console_says_who_can_change_that() {
    console.on("api/v1/capabilities", actions(true));
    assertThat(raftctl("snapshot", "take")).isEqualTo(RaftCtl.REFUSED);
    assertThat(err()).contains("is read-only", "the application enables actions");

    console.on("api/v1/capabilities", actions(false));
    assertThat(raftctl("snapshot", "take")).isEqualTo(RaftCtl.REFUSED);
    assertThat(err()).contains("has no such action");

    console.on("api/v1/actions/snapshot", 429, new JsonObject().put("error", "transfer runs"));
    assertThat(raftctl("snapshot", "take")).isEqualTo(RaftCtl.REFUSED);
    assertThat(err()).contains("is busy: transfer runs");
  }

  private static JsonObject page(long from, int count, Long next, String payloads) {
    JsonArray entries = new JsonArray();
    for (long index = from; index < from + count; index++) {
      JsonObject command = new JsonObject().put("bytes", 16);
      if (payloads.equals("shown")) {
        command.put("payload", new JsonObject().put("put", "a\u001b"));
      }
      entries.add(
          new JsonObject()
              .put("index", index)
              .put("term", 7)
              .put("type", "COMMAND")
              .put("bytes", 48)
              .put("state", "APPLIED")
              .put("commands", new JsonArray().add(command)));
    }
    return new JsonObject()
        .put("source", "n1")
        .put("payloads", payloads)
        .put("firstIndex", 1)
        .put("lastIndex", 1_000)
        .put("durableIndex", 999)
        .put("commitIndex", 998)
        .put("appliedIndex", 997)
        .put("from", from)
        .put("next", next)
        .put("entries", entries);
  }

  @Test
  void the_log_is_listed_without_payloads_unless_the_console_shows_them() {
    console.on("api/v1/log?limit=50", page(1_000, 1, null, "hidden"));
    assertThat(raftctl("log")).as(err()).isEqualTo(RaftCtl.GOOD);
    assertThat(out().lines())
        .containsExactly(
            "INDEX  TERM  TYPE     STATE    BYTES  COMMANDS",
            " 1000     7  command  applied     48         1",
            "log of n1: entries 1 to 1000; durable 999, committed 998, applied 997;"
                + " payloads are hidden");

    console.on("api/v1/log?limit=50", page(1_000, 1, null, "shown"));
    raftctl("log");
    assertThat(out()).contains("{\"put\":\"a\\u001B\"}").doesNotContain("\u001b", "hidden");
  }

  @Test
  void more_entries_than_fit_into_an_answer_are_fetched_page_by_page() {
    console.on("api/v1/log?from=1&limit=200", page(1, 200, 201L, "hidden"));
    console.on("api/v1/log?from=201&limit=200", page(201, 200, 401L, "hidden"));
    assertThat(raftctl("log", "--from", "1", "-n", "250", "--json")).isEqualTo(RaftCtl.GOOD);
    JsonArray entries = new JsonObject(out()).getJsonArray("entries");
    assertThat(entries).hasSize(250);
    assertThat(entries.getJsonObject(249).getLong("index")).isEqualTo(250);

    console.on("api/v1/log?limit=200", page(801, 200, null, "hidden"));
    console.on("api/v1/log?from=701&limit=200", page(701, 200, 901L, "hidden"));
    console.on("api/v1/log?from=901&limit=200", page(901, 100, null, "hidden"));
    assertThat(raftctl("log", "-n", "300", "--json")).as(err()).isEqualTo(RaftCtl.GOOD);
    assertThat(new JsonObject(out()).getJsonArray("entries")).hasSize(300);
  }

  @Test
  void entries_that_are_gone_are_answered_with_the_first_that_is_left() {
    console.on(
        "api/v1/log?from=1&limit=50",
        410,
        new JsonObject().put("error", "a snapshot has replaced them").put("firstIndex", 900));

    assertThat(raftctl("log", "--from", "1")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("a snapshot has replaced them: use --from 900");
    assertThat(raftctl("log", "--limit", "0")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("--limit is 0: use at least 1");
  }

  private void offers(String name) {
    console.on(
        "api/v1/diagnostics.zip",
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("Content-Disposition", "attachment; filename=\"" + name + "\"");
          ScriptedConsole.send(exchange, 200, "application/zip", "zipped");
        });
  }

  @Test
  void a_bundle_is_written_once_and_never_over_another_file(@TempDir Path directory)
      throws IOException {
    offers("raft-orders.zip");
    Path file = directory.resolve("b.zip");

    assertThat(raftctl("bundle", file.toString())).as(err()).isEqualTo(RaftCtl.GOOD);
    assertThat(file).hasContent("zipped");
    assertThat(out()).contains("wrote '" + file + "', 6 B");

    Files.writeString(file, "precious");
    assertThat(raftctl("bundle", file.toString())).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("exists, and is not overwritten: name another");
    assertThat(file).hasContent("precious");
  }

  @Test
  void a_bundle_that_ends_early_leaves_no_half_file(@TempDir Path directory) {
    console.on(
        "api/v1/diagnostics.zip",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
          exchange.close();
        });
    Path file = directory.resolve("b.zip");

    assertThat(raftctl("bundle", file.toString())).isEqualTo(RaftCtl.UNREACHABLE);
    assertThat(err()).contains("ended early", "was removed again");
    assertThat(file).doesNotExist();
  }

  @Test
  void a_bundle_without_a_name_of_its_own_gets_the_console_s_unless_that_leads_elsewhere()
      throws IOException {
    for (String hostile : new String[] {"../evil.zip", ".hidden", "a/b", "sub\\\\x.zip"}) {
      offers(hostile);
      Path expected = Path.of("raft-diagnostics.zip");
      Files.deleteIfExists(expected);
      assertThat(raftctl("bundle", "--json")).as(err()).isEqualTo(RaftCtl.GOOD);
      assertThat(new JsonObject(out()).getString("file")).isEqualTo("raft-diagnostics.zip");
      Files.delete(expected);
    }
  }
}
