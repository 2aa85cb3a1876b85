package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertxraft.Consistency;
import io.vertxraft.NodeState;
import io.vertxraft.RaftException;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the HTTP resources do. */
class KvHttpTest extends HttpStory {
  private static final String MEMBER = "{cluster=\"vertx-raft\",group=\"default\",node=\"n1\"";

  // --- values -----------------------------------------------------------------------------------

  @Test
  void a_value_is_stored_read_listed_and_deleted() throws IOException {
    Answer stored = http.put("/kv/a", "hello");
    Answer read = http.get("/kv/a");
    Answer listed = http.get("/kv?prefix=a&limit=5");
    Answer deleted = http.delete("/kv/a");

    assertThat(stored.status()).isEqualTo(200);
    assertThat(stored.json()).isEqualTo(new JsonObject().put("index", 1).put("term", 1));
    assertThat(stored.header("etag")).isEqualTo("\"1\"");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.text()).isEqualTo("hello");
    assertThat(read.header("etag")).isEqualTo("\"1\"");
    assertThat(read.header("content-type")).isEqualTo("application/octet-stream");
    assertThat(listed.text().strip())
        .isEqualTo("{\"keys\":[{\"key\":\"a\",\"index\":1,\"bytes\":5}],\"more\":false}");
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.json().getInteger("index")).isEqualTo(2);
    assertProblem(http.get("/kv/a"), 404, "rejected", "there is no such key");
    assertProblem(http.delete("/kv/a"), 404, "rejected", "there is no such key");
  }

  @Test
  void a_value_may_be_empty_or_as_long_as_allowed_and_holds_any_bytes() throws IOException {
    byte[] longest = new byte[VALUE_BYTES_MAX];
    new Random(3).nextBytes(longest);

    assertThat(http.call("PUT", "/kv/longest", longest).status()).isEqualTo(200);
    assertThat(http.put("/kv/empty", "").status()).isEqualTo(200);

    assertThat(http.get("/kv/longest").bytes()).isEqualTo(longest);
    assertThat(http.get("/kv/empty").bytes()).isEmpty();
  }

  @Test
  void a_form_is_a_value_like_any_other() throws IOException {
    http.put("/kv/form", "a=b&c=%20", "Content-Type", "application/x-www-form-urlencoded");

    assertThat(http.get("/kv/form").text()).isEqualTo("a=b&c=%20");
  }

  @Test
  void head_answers_like_get_without_the_value() throws IOException {
    http.put("/kv/a", "hello");

    Answer head = http.call("HEAD", "/kv/a", null);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-length")).isEqualTo("5");
    assertThat(head.header("etag")).isEqualTo("\"1\"");
    assertThat(head.bytes()).isEmpty();
    assertThat(http.call("HEAD", "/kv/b", null).status()).isEqualTo(404);
  }

  // --- keys -------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b",
        "/",
        "//",
        "a b",
        "%",
        "%2F",
        "+",
        "..",
        ".",
        "../../health",
        "a?b=c",
        "a#b",
        "a&b=c",
        "\u00e9",
        "\ud83d\ude00",
        "\u0000",
        "\n",
        "\"\\",
        "kv",
        "0",
        "a;b",
        "<script>"
      })
  void a_key_may_have_any_characters(String key) throws IOException {
    assertThat(http.put("/kv/" + encoded(key), "value of it").status()).isEqualTo(200);

    assertThat(http.get("/kv/" + encoded(key)).text()).isEqualTo("value of it");
    JsonObject listing = http.get("/kv?prefix=" + encoded(key)).json();
    assertThat(listing.getJsonArray("keys").getJsonObject(0).getString("key")).isEqualTo(key);
    assertThat(http.delete("/kv/" + encoded(key)).status()).isEqualTo(200);
  }

  @Test
  void dots_in_the_path_are_a_key_and_no_way_to_another_resource() throws IOException {
    http.put("/kv/%2e%2e", "dots");

    assertThat(http.raw("GET /kv/.. HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK")
        .endsWith("dots");
  }

  @Test
  void a_key_has_at_most_1_KiB_of_utf8() throws IOException {
    String longest = "\u00e9".repeat(KvKey.BYTES_MAX / 2);

    assertThat(http.put("/kv/" + encoded(longest), "x").status()).isEqualTo(200);
    assertThat(http.get("/kv/" + encoded(longest)).text()).isEqualTo("x");
    assertProblem(
        http.put("/kv/" + encoded(longest + "a"), "x"),
        400,
        "rejected",
        "key: 1025 bytes are too many, allowed are at most 1024");
  }

  @Test
  void a_listing_is_paged_by_the_last_key_seen() throws IOException {
    for (String key : new String[] {"p/3", "p/1", "q", "p/2"}) {
      http.put("/kv/" + encoded(key), key);
    }

    JsonObject first = http.get("/kv?prefix=p/&limit=2").json();
    JsonObject second = http.get("/kv?prefix=p/&limit=2&after=p/2").json();

    assertThat(first.getBoolean("more")).isTrue();
    assertThat(first.getJsonArray("keys").getJsonObject(1).getString("key")).isEqualTo("p/2");
    assertThat(second.getBoolean("more")).isFalse();
    assertThat(second.getJsonArray("keys").getJsonObject(0).getString("key")).isEqualTo("p/3");
  }

  // --- conditions -------------------------------------------------------------------------------

  @Test
  void writes_honour_their_preconditions() throws IOException {
    http.put("/kv/a", "one");

    Answer stale = http.put("/kv/a", "two", "If-Match", "\"7\"");
    Answer present = http.put("/kv/a", "two", "If-None-Match", "*");
    Answer absent = http.put("/kv/b", "two", "If-Match", "\"1\"");
    Answer staleDelete = http.delete("/kv/a", "If-Match", "\"7\"");

    assertProblem(stale, 412, "rejected", "precondition does not hold: the key's index is 1");
    assertThat(stale.header("etag")).isEqualTo("\"1\"");
    assertProblem(present, 412, "rejected", "precondition does not hold: the key's index is 1");
    assertProblem(absent, 412, "rejected", "precondition does not hold: there is no such key");
    assertThat(staleDelete.status()).isEqualTo(412);
    assertThat(http.get("/kv/a").text()).isEqualTo("one");
    assertThat(http.put("/kv/a", "two", "If-Match", "\"1\"").status()).isEqualTo(200);
    assertThat(http.put("/kv/a", "three", "If-Match", "*").status()).isEqualTo(200);
    assertThat(http.put("/kv/b", "new", "If-None-Match", "*").status()).isEqualTo(200);
    assertThat(http.delete("/kv/b", "If-Match", "*").status()).isEqualTo(200);
  }

  @Test
  void a_reader_that_has_the_value_already_is_told_so() throws IOException {
    http.put("/kv/a", "one");

    Answer known = http.get("/kv/a", "If-None-Match", "\"0\", W/\"1\"");

    assertThat(known.status()).isEqualTo(304);
    assertThat(known.header("etag")).isEqualTo("\"1\"");
    assertThat(known.bytes()).isEmpty();
    assertThat(http.get("/kv/a", "If-None-Match", "*").status()).isEqualTo(304);
    assertThat(http.get("/kv/a", "If-None-Match", "\"11\"").status()).isEqualTo(200);
  }

  @Test
  void a_reader_that_expects_another_value_is_told_so() throws IOException {
    http.put("/kv/a", "one");

    Answer other = http.get("/kv/a", "If-Match", "\"7\"");

    assertProblem(other, 412, "rejected", "precondition does not hold: the key's index is 1");
    assertThat(other.header("etag")).isEqualTo("\"1\"");
    assertThat(http.get("/kv/a", "If-Match", "W/\"1\"").status()).isEqualTo(412);
    assertThat(http.get("/kv/a", "If-Match", "\"7\", \"1\"").text()).isEqualTo("one");
    assertThat(http.get("/kv/a", "If-Match", "*").status()).isEqualTo(200);
    assertThat(http.get("/kv/b", "If-Match", "*").status()).isEqualTo(404);
  }

  // --- reads ------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "/kv/a,linearizable",
    "/kv/a?consistency=linearizable,linearizable",
    "/kv/a?consistency=lease,lease",
    "/kv/a?consistency=bounded:250,bounded:250",
    "/kv/a?consistency=LOCAL,local",
    "/kv,linearizable",
    "/kv?prefix=a&consistency=lease,lease"
  })
  void a_read_asks_for_the_freshness_wanted_and_leaves_the_log_alone(
      String target, String consistency) throws IOException {
    http.put("/kv/a", "x");

    assertThat(http.get(target).status()).isEqualTo(200);

    assertThat(node.reads).containsExactly(Consistency.parse(consistency));
    assertThat(node.applied).hasValue(1);
  }

  // --- the other resources ----------------------------------------------------------------------

  @Test
  void health_is_up_only_while_a_leader_is_known() throws IOException {
    Answer up = http.get("/health");
    node.describe(NodeState.RUNNING, null);
    Answer down = http.get("/health");

    assertThat(up.status()).isEqualTo(200);
    assertThat(up.json().getString("status")).isEqualTo("UP");
    assertThat(down.status()).isEqualTo(503);
    assertThat(down.json().getString("status")).isEqualTo("DOWN");
  }

  @Test
  void health_is_down_until_the_member_has_applied_what_its_log_held() throws IOException {
    node.recovering = true;
    Answer early = http.get("/health");
    node.recovering = false;

    assertThat(early.status()).isEqualTo(503);
    assertThat(early.text()).contains("\"recovering\":true");
    assertThat(http.get("/health").status()).isEqualTo(200);
  }

  @Test
  void metrics_tell_the_members_state_and_count_outcomes() throws IOException {
    http.put("/kv/a", "x");
    http.put("/kv/a", "x", "If-None-Match", "*");
    http.put("/kv/a", "x", "If-Match", "nonsense");
    http.get("/kv/b");
    node.answer(
        Future.failedFuture(
            new RaftException.Unknown(RaftException.Unknown.Reason.DEADLINE, "late", null)));
    http.delete("/kv/a");

    assertThat(http.get("/metrics").text())
        .contains("raft_term" + MEMBER + "} 3.0", "raft_leader_known" + MEMBER + "} 1.0")
        .contains("raft_role" + MEMBER + ",role=\"LEADER\"} 1.0")
        .contains("raft_commit_index", "raft_applied_index", "raft_proposals_in_flight")
        .contains("raft_stage_depth" + MEMBER + ",stage=\"LOG\"} 7.0", "raft_stage_oldest_seconds")
        .contains("raft_kv_requests_total{operation=\"put\",outcome=\"ok\"} 1.0")
        .contains("raft_kv_requests_total{operation=\"put\",outcome=\"precondition_failed\"} 1.0")
        .contains("raft_kv_requests_total{operation=\"put\",outcome=\"malformed\"} 1.0")
        .contains("raft_kv_requests_total{operation=\"get\",outcome=\"not_found\"} 1.0")
        .contains("raft_kv_requests_total{operation=\"delete\",outcome=\"unknown\"} 1.0");
  }

  @Test
  void the_console_is_served() throws IOException {
    assertThat(http.get("/raft/").text()).contains("Raft console");
    assertThat(http.get("/raft/api/v1/state").json().getString("seenFrom")).isEqualTo("n1");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/kv/a,'GET, HEAD, PUT, DELETE'",
    "PATCH,/kv/a,'GET, HEAD, PUT, DELETE'",
    "PUT,/kv,'GET, HEAD'",
    "DELETE,/kv,'GET, HEAD'",
    "POST,/health,'GET, HEAD'",
    "PUT,/metrics,'GET, HEAD'",
    "GET,/admin/snapshot,POST"
  })
  void a_method_that_a_resource_does_not_have_is_refused_with_those_it_has(
      String method, String path, String allowed) throws IOException {
    Answer answer = http.call(method, path, "x".getBytes(StandardCharsets.UTF_8));

    assertProblem(
        answer,
        405,
        "rejected",
        "%s is not allowed here, allowed are %s".formatted(method, allowed));
    assertThat(answer.header("allow")).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/kvx", "/KV/a", "/healthy", "/kv-other/a"})
  void an_unknown_path_is_answered_with_the_known_ones(String path) throws IOException {
    assertProblem(
        http.get(path),
        404,
        "rejected",
        "unknown path; there are /kv, /kv/{key}, /health, /metrics, /raft/ and /admin/snapshot");
  }
}
