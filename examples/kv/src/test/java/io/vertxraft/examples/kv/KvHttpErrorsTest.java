package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertxraft.NodeState;
import io.vertxraft.RaftException;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.net.Socket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the HTTP side refuses, and how it tells what became of a request. */
class KvHttpErrorsTest extends HttpStory {
  // --- malformed requests -----------------------------------------------------------------------

  static Stream<String[]> malformed() {
    return Stream.concat(malformedTargets(), malformedConditions());
  }

  private static Stream<String[]> malformedTargets() {
    return Stream.of(
        new String[] {
          "PUT", "/kv/", "", "key is empty, allowed are 1 to 1024 bytes; to list keys ask for /kv"
        },
        new String[] {"GET", "/kv/a/b", "", "key contains a '/': encode it as %2F"},
        new String[] {"GET", "/kv/%FF", "", "key: not valid UTF-8"},
        new String[] {"GET", "/kv?limit=0", "", "limit is '0', allowed is 1 to 1000"},
        new String[] {"GET", "/kv?limit=1001", "", "limit is '1001', allowed is 1 to 1000"},
        new String[] {"GET", "/kv?limit=-1", "", "limit is '-1', allowed is 1 to 1000"},
        new String[] {"GET", "/kv?limit=abc", "", "limit is 'abc', allowed is 1 to 1000"},
        new String[] {
          "GET", "/kv?limit=99999999999", "", "limit is '99999999999', allowed is 1 to 1000"
        },
        new String[] {"GET", "/kv?limit=", "", "limit is '', allowed is 1 to 1000"},
        new String[] {"GET", "/kv?prefix=%C3", "", "parameter 'prefix': not valid UTF-8"},
        new String[] {
          "GET",
          "/kv?lmit=5",
          "",
          "parameter 'lmit' is not known, allowed are prefix, limit, after, consistency"
        },
        new String[] {
          "GET", "/kv/a?limit=5", "", "parameter 'limit' is not known, allowed are consistency"
        },
        new String[] {
          "PUT",
          "/kv/a?consistency=lease",
          "",
          "parameter 'consistency' is not known, allowed is none"
        },
        new String[] {"DELETE", "/kv/a?x", "", "parameter 'x' is not known, allowed is none"},
        new String[] {
          "GET",
          "/kv/a?consistency=strong",
          "",
          "consistency 'strong' is none of linearizable, lease, bounded:MS (milliseconds) and local"
        },
        new String[] {
          "GET", "/kv?consistency=bounded:0", "", "a bounded read of 0 ms: allowed is 1 to 86400000"
        },
        new String[] {"GET", "/kv?limit=1&limit=2", "", "parameter 'limit' is given twice"});
  }

  private static Stream<String[]> malformedConditions() {
    return Stream.of(
        new String[] {
          "PUT", "/kv/a", "If-Match: 5", "If-Match is '5', allowed is one \"<index>\" or *"
        },
        new String[] {
          "PUT",
          "/kv/a",
          "If-Match: W/\"5\"",
          "If-Match is 'W/\"5\"', allowed is one \"<index>\" or *"
        },
        new String[] {
          "PUT", "/kv/a", "If-Match: \"x\"", "If-Match is '\"x\"', allowed is one \"<index>\" or *"
        },
        new String[] {
          "PUT",
          "/kv/a",
          "If-None-Match: \"5\"",
          "If-None-Match of a write is '\"5\"', allowed is *"
        },
        new String[] {
          "PUT",
          "/kv/a",
          "If-None-Match: *\r\nIf-Match: \"1\"",
          "If-Match and If-None-Match exclude each other"
        },
        new String[] {
          "DELETE",
          "/kv/a",
          "If-Match: nonsense",
          "If-Match is 'nonsense', allowed is one \"<index>\" or *"
        },
        new String[] {
          "DELETE", "/kv/a", "If-None-Match: *", "If-None-Match has no meaning for DELETE"
        },
        new String[] {
          "GET",
          "/kv/a",
          "If-None-Match: 5",
          "If-None-Match is '5', allowed are \"<index>\", lists of these, and *"
        },
        new String[] {
          "GET",
          "/kv/a",
          "If-Match: 5",
          "If-Match is '5', allowed are \"<index>\", lists of these, and *"
        });
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void a_malformed_request_is_refused_before_it_is_proposed(
      String method, String path, String header, String message) throws IOException {
    String answer =
        http.raw(
            "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(method, path, header.isEmpty() ? "X-None: 0" : header));

    assertThat(answer).startsWith("HTTP/1.1 400 Bad Request");
    assertThat(new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4)))
        .isEqualTo(
            new JsonObject().put("error", message).put("outcome", "rejected").put("leader", "n1"));
    assertThat(node.applied).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET / HTTZ/1.1\\r\\n\\r\\n|501",
        "\\x00\\x01\\x02\\xff\\r\\n\\r\\n|400",
        "GET /kv/a HTTP/1.1\\r\\nno colon\\r\\n\\r\\n|400",
        "PUT /kv/a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -5\\r\\n\\r\\n|400",
        "PUT /kv/a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: abc\\r\\n\\r\\n|400",
        "PUT /kv/a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nab|400",
      })
  void what_is_no_http_gets_a_short_answer_and_the_server_lives_on(String escaped, int status)
      throws IOException {
    String request =
        escaped
            .replace("\\r", "\r")
            .replace("\\n", "\n")
            .replace("\\x00", "\u0000")
            .replace("\\x01", "\u0001")
            .replace("\\x02", "\u0002")
            .replace("\\xff", "\u00ff");

    assertThat(http.raw(request)).matches("(?s)HTT[PZ]/1\\.[01] %d .*".formatted(status));

    assertThat(http.get("/health").status()).isEqualTo(200);
    assertThat(node.applied).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /x%zz HTTP/1.1,400",
    "GET /raft/%zz HTTP/1.1,400",
    "OPTIONS * HTTP/1.1,400",
    "GET kv/a HTTP/1.1,400",
    "GET http://localhost/kv/absent HTTP/1.1,404",
    "GET /kv/absent#fragment HTTP/1.1,400",
    "BREW /kv/a HTTP/1.1,405",
    "CONNECT x:80 HTTP/1.1,400"
  })
  void odd_request_lines_get_json_answers(String line, int status) throws IOException {
    String answer = http.raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status);
    JsonObject body = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    assertThat(body.getString("outcome")).isEqualTo("rejected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-None: 0|400|Host is missing: HTTP/1.1 demands one",
        "Host:|400|Host is missing: HTTP/1.1 demands one",
        "Host: localhost\\r\\nHost: localhost|400|Host is given 2 times, allowed is once",
        "Host: a b|400|Host is 'a b', allowed is host:port",
        "Host: localhost\\r\\nTransfer-Encoding: gzip|400|Transfer-Encoding is 'gzip', allowed is"
            + " chunked",
        "Host: localhost\\r\\nExpect: tea|417|Expect is 'tea', allowed is 100-continue",
        "Host: evil.example|403|host 'evil.example' is not allowed here; name it in --allowed-hosts",
        "Host: localhost.evil.example:80|403|host 'localhost.evil.example' is not allowed here;"
            + " name it in --allowed-hosts",
        "Host: 10.0.0.1|403|host '10.0.0.1' is not allowed here; name it in --allowed-hosts",
      })
  void a_request_for_somebody_else_or_of_unclear_extent_is_refused(
      String headers, int status, String error) throws IOException {
    String answer =
        http.raw(
            "PUT /kv/a HTTP/1.1\r\n%s\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"
                .formatted(headers.replace("\\r", "\r").replace("\\n", "\n")));

    assertThat(answer).startsWith("HTTP/1.1 " + status);
    assertThat(new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4)).getString("error"))
        .isEqualTo(error);
    assertThat(node.applied).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"localhost", "LOCALHOST:80", "127.0.0.1:1", "127.7.7.7", "[::1]:80", "shop.example"})
  void requests_may_name_loopback_and_the_hosts_that_are_allowed(String host) throws IOException {
    assertThat(
            http.raw("GET /kv HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host)))
        .startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void a_request_line_or_header_that_is_too_long_is_refused() throws IOException {
    assertThat(http.raw("GET /kv/" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.0 414 ");
    assertThat(http.raw("GET /kv/a HTTP/1.1\r\nHost: " + "a".repeat(20_000) + "\r\n\r\n"))
        .matches("(?s)HTTP/1\\.[01] 431 .*");
  }

  // --- limits -----------------------------------------------------------------------------------

  @Test
  void a_value_that_announces_too_many_bytes_is_refused_before_it_is_sent() throws IOException {
    try (Socket socket = http.open()) {
      send(
          socket,
          "PUT /kv/a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10001\r\n\r\n");

      assertThat(Http.readAnswer(socket))
          .startsWith("HTTP/1.1 413 ")
          .contains("value has 10001 bytes, allowed are 10000");
    }
    assertThat(node.applied).hasValue(0);
  }

  @Test
  void a_value_that_streams_too_many_bytes_is_refused_and_the_connection_stays_usable()
      throws IOException {
    try (Socket socket = http.open()) {
      send(socket, "PUT /kv/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      String chunk = "400\r\n" + "x".repeat(0x400) + "\r\n";
      for (int i = 0; i < 10; i++) {
        send(socket, chunk);
      }
      assertThat(Http.readAnswer(socket))
          .startsWith("HTTP/1.1 413 ")
          .contains("value has more than 10000 bytes");

      send(socket, chunk + chunk + "0\r\n\r\n");
      send(socket, "PUT /kv/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok");
      assertThat(Http.readAnswer(socket)).startsWith("HTTP/1.1 200 OK");
    }
    assertThat(http.get("/kv/a").status()).isEqualTo(404);
    assertThat(http.get("/kv/b").text()).isEqualTo("ok");
  }

  @Test
  void a_value_far_beyond_the_limit_is_not_read_to_its_end() throws IOException {
    try (Socket socket = http.open()) {
      send(socket, "PUT /kv/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n");

      assertThat(Http.readAnswer(socket))
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("connection: close");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void a_value_is_admitted_by_its_announced_length_before_it_is_sent() throws IOException {
    try (Socket first = http.open();
        Socket second = http.open()) {
      String head = "PUT /kv/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000\r\n";
      send(first, head + "Expect: 100-continue\r\n\r\n");
      assertThat(Http.readAnswer(first)).startsWith("HTTP/1.1 100 Continue");

      send(second, head + "Expect: 100-continue\r\n\r\n");
      assertThat(Http.readAnswer(second)).startsWith("HTTP/1.1 503 ");

      send(first, "x".repeat(8_000));
      assertThat(Http.readAnswer(first)).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void an_announced_value_waits_for_the_servers_consent() throws IOException {
    try (Socket socket = http.open()) {
      send(
          socket,
          "PUT /kv/a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(Http.readAnswer(socket)).startsWith("HTTP/1.1 100 Continue");

      send(socket, "ok");
      assertThat(Http.readAnswer(socket)).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void values_on_their_way_in_share_a_budget_that_a_broken_connection_gives_back()
      throws IOException {
    byte[] value = new byte[8_000];
    try (Socket slow = http.open()) {
      send(slow, "PUT /kv/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n");
      send(slow, "x".repeat(8_000));
      Answer refused = untilStatus(503, () -> http.call("PUT", "/kv/b", value));

      assertProblem(
          refused, 503, "rejected", "too many bytes of values are on their way in; try again");
      assertThat(refused.header("retry-after")).isEqualTo("1");
    }

    assertThat(untilStatus(200, () -> http.call("PUT", "/kv/b", value)).status()).isEqualTo(200);
    assertThat(http.get("/kv/a").status()).isEqualTo(404);
  }

  @Test
  void a_full_map_refuses_more() throws IOException {
    byte[] value = new byte[VALUE_BYTES_MAX];
    for (int i = 0; i < 19; i++) {
      assertThat(http.call("PUT", "/kv/" + i, value).status()).isEqualTo(200);
    }

    assertProblem(
        http.call("PUT", "/kv/last", value),
        507,
        "rejected",
        "the map would hold more than 200000 bytes; delete keys or raise --store-bytes-max");
  }

  @Test
  void connections_beyond_the_limit_are_closed() throws IOException {
    Socket[] open = new Socket[CONNECTIONS_MAX];
    try {
      for (int i = 0; i < open.length; i++) {
        open[i] = http.open();
        send(open[i], "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(Http.readAnswer(open[i])).startsWith("HTTP/1.1 200 OK");
      }
      try (Socket beyond = http.open()) {
        assertThat(beyond.getInputStream().read()).isEqualTo(-1);
      }
    } finally {
      for (Socket socket : open) {
        if (socket != null) {
          socket.close();
        }
      }
    }
  }

  // --- outcomes ---------------------------------------------------------------------------------

  static Stream<Arguments> failures() {
    return Stream.of(
        failure(
            new RaftException.Rejected(RaftException.Rejected.Reason.NOT_LEADER, "no leader", "n2"),
            503,
            "rejected",
            "n2"),
        failure(
            new RaftException.Rejected(RaftException.Rejected.Reason.OVERLOADED, "too much", null),
            503,
            "rejected",
            "n1"),
        failure(
            new RaftException.Rejected(
                RaftException.Rejected.Reason.SHUTTING_DOWN, "closing", null),
            503,
            "rejected",
            "n1"),
        failure(
            new RaftException.Rejected(
                RaftException.Rejected.Reason.STORAGE_FULL, "short of room", "n2"),
            503,
            "rejected",
            "n2"),
        failure(
            new RaftException.Rejected(
                RaftException.Rejected.Reason.TRANSFER_FAILED, "not handed over", "n2"),
            503,
            "rejected",
            "n2"),
        failure(
            new RaftException.Rejected(RaftException.Rejected.Reason.TOO_LARGE, "too large", "n3"),
            413,
            "rejected",
            "n3"),
        failure(
            new RaftException.Unknown(RaftException.Unknown.Reason.DEADLINE, "late", "n2"),
            504,
            "unknown",
            "n2"),
        failure(
            new RaftException.Unknown(RaftException.Unknown.Reason.LEADERSHIP_LOST, "lost", null),
            504,
            "unknown",
            "n1"),
        failure(new RaftException.Fatal("disk gone", null), 504, "unknown", "n1"),
        failure(new IllegalStateException("odd"), 500, "unknown", "n1"));
  }

  private static Arguments failure(Throwable cause, int status, String outcome, String leader) {
    return Arguments.of(cause, status, outcome, leader);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void the_outcome_of_a_failed_command_is_told_as_it_is(
      Throwable cause, int status, String outcome, String leader) throws IOException {
    node.answer(Future.failedFuture(cause));

    Answer answer = http.put("/kv/a", "x");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().getString("error")).endsWith(cause.getMessage());
    assertThat(answer.json().getString("outcome")).isEqualTo(outcome);
    assertThat(answer.json().getString("leader")).isEqualTo(leader);
    assertThat(answer.header("retry-after")).isEqualTo(status == 503 ? "1" : null);
  }

  static Stream<Arguments> failedReads() {
    return Stream.of(
        Arguments.of(
            new RaftException.Rejected(
                RaftException.Rejected.Reason.RECOVERING, "still reading its log", "n2"),
            503),
        Arguments.of(
            new RaftException.Rejected(RaftException.Rejected.Reason.TIMEOUT, "late", null), 503),
        Arguments.of(new RaftException.Fatal("disk gone", null), 503),
        Arguments.of(new IllegalStateException("odd"), 500));
  }

  @ParameterizedTest
  @MethodSource("failedReads")
  void a_failed_read_has_changed_nothing_whatever_the_reason(Throwable cause, int status)
      throws IOException {
    node.answer(Future.failedFuture(cause));

    for (String target : new String[] {"/kv/a", "/kv"}) {
      Answer answer = http.get(target);
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.json().getString("error")).endsWith(cause.getMessage());
      assertThat(answer.json().getString("outcome")).isEqualTo("rejected");
    }
  }

  @Test
  void a_failed_member_rejects_requests_for_certain_but_serves_health_and_state()
      throws IOException {
    node.describe(NodeState.FAILED, null);
    node.notifyObservers();

    Answer put = untilStatus(503, () -> http.put("/kv/a", "x"));

    int proposed = node.applied.get();
    assertProblem(put, 503, "rejected", "member n1 has failed: the disk is full");
    assertThat(http.get("/kv/a").status()).isEqualTo(503);
    assertThat(http.get("/kv").status()).isEqualTo(503);
    assertThat(node.applied).hasValue(proposed);
    Answer health = http.get("/health");
    assertThat(health.status()).isEqualTo(503);
    assertThat(health.text()).contains("the disk is full", "\"FAILED\"");
    assertThat(http.get("/raft/api/v1/state").status()).isEqualTo(200);
    assertThat(http.get("/metrics").text()).containsPattern("raft_node_failed\\{.*} 1.0");
  }
}
