package io.vertxraft.cli;

import static io.vertxraft.cli.ScriptedConsole.event;
import static io.vertxraft.cli.ScriptedConsole.state;
import static io.vertxraft.cli.ScriptedConsole.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An operator watches a group. */
class WatchTest extends LiveStory {
  private static JsonObject healthy() {
    return state("HEALTHY", "Healthy: n2 leads term 7 since 4 min");
  }

  private static JsonObject leaderless(JsonObject... newestFirst) {
    return state("NO_LEADER", "No leader for 6.2 s")
        .put("events", new JsonArray(List.of(newestFirst)));
  }

  @Test
  void without_a_terminal_each_change_and_each_event_is_a_line() {
    console.on(
        "api/v1/stream",
        stream(
            "retry: 1000\n\n: hello\n\n",
            event("snapshot", "e-1", healthy().put("events", new JsonArray().add(old()))),
            event("frame", "e-2", state("HEALTHY", "Healthy: n2 leads term 7 since 5 min")),
            event("frame", "e-3", leaderless(event(12, "LEADER_CHANGED", "n2 is silent"))),
            event("frame", "e-4", healthy())));

    assertThat(raftctl("watch", "--count", "4")).as(err()).isEqualTo(RaftCtl.GOOD);

    List<String> lines = out().lines().map(line -> line.substring(14)).toList();
    assertThat(lines)
        .containsExactly(
            "Healthy: n2 leads term 7 since 4 min",
            "LEADER_CHANGED        n1  term 7  leader n2  n2 is silent",
            "No leader for 6.2 s",
            "Healthy: n2 leads term 7 since 4 min");
  }

  private static JsonObject old() {
    return event(11, "ROLE_CHANGED", "long ago");
  }

  @Test
  void programs_get_an_object_a_line_and_the_last_one_s_health() {
    console.on(
        "api/v1/stream",
        stream(event("snapshot", "e-1", healthy()), event("frame", "e-2", leaderless())));

    assertThat(raftctl("watch", "--json", "--count", "2")).isEqualTo(RaftCtl.NO_LEADER);

    assertThat(out().lines().map(JsonObject::new)).containsExactly(healthy(), leaderless());
  }

  @Test
  void a_stream_that_ends_is_resumed_where_it_was() {
    AtomicInteger connections = new AtomicInteger();
    console.on(
        "api/v1/stream",
        exchange -> {
          if (connections.getAndIncrement() == 0) {
            stream(event("snapshot", "e-41", healthy())).write(exchange);
          } else {
            stream(event("frame", "e-42", leaderless())).write(exchange);
          }
        });

    assertThat(raftctl("watch", "--count", "2", "--reconnect-ms", "1"))
        .isEqualTo(RaftCtl.NO_LEADER);

    assertThat(console.requests.get(0).header("Last-Event-ID")).isNull();
    assertThat(console.requests.get(1).header("Last-Event-ID")).isEqualTo("e-41");
    assertThat(out()).contains("the console has ended its stream: trying again");
  }

  @Test
  void a_console_that_goes_away_meanwhile_is_tried_until_it_comes_back() {
    AtomicInteger connections = new AtomicInteger();
    console.on(
        "api/v1/stream",
        exchange -> {
          switch (connections.getAndIncrement()) {
            case 0 -> stream(event("snapshot", "e-1", healthy())).write(exchange);
            case 1 -> ScriptedConsole.send(exchange, 503, "application/json", "{}");
            default -> stream(event("snapshot", "f-1", leaderless())).write(exchange);
          }
        });

    assertThat(raftctl("watch", "--count", "2", "--reconnect-ms", "1"))
        .isEqualTo(RaftCtl.NO_LEADER);
    assertThat(out()).contains("does not serve now");
  }

  @Test
  void one_that_was_never_there_is_an_error_at_once() {
    console.on("api/v1/stream", 403, new JsonObject());
    assertThat(raftctl("watch")).isEqualTo(RaftCtl.REFUSED);

    console.on("api/v1/stream", 503, new JsonObject().put("error", "64 clients watch already"));
    assertThat(raftctl("watch")).isEqualTo(RaftCtl.UNREACHABLE);
    assertThat(err()).contains("64 clients watch already");
  }

  @Test
  void a_connection_that_says_nothing_at_all_any_more_is_given_up() {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger connections = new AtomicInteger();
    console.on(
        "api/v1/stream",
        exchange -> {
          if (connections.getAndIncrement() > 0) {
            stream(event("frame", "e-2", leaderless())).write(exchange);
            return;
          }
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(bytes(event("snapshot", "e-1", healthy())));
          exchange.getResponseBody().flush();
          try {
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    int exitCode = raftctl("watch", "--count", "2", "--reconnect-ms", "1", "--silence-ms", "200");
    ended.countDown();

    assertThat(exitCode).isEqualTo(RaftCtl.NO_LEADER);
    assertThat(out()).contains("the connection is lost");
  }

  @Test
  void nonsense_in_the_stream_is_a_lost_connection_and_not_a_stack_trace() {
    AtomicInteger connections = new AtomicInteger();
    console.on(
        "api/v1/stream",
        exchange -> {
          if (connections.getAndIncrement() == 0) {
            stream("event: frame\ndata: {nonsense\n\n").write(exchange);
          } else {
            stream(event("frame", "e-2", healthy())).write(exchange);
          }
        });

    assertThat(raftctl("watch", "--count", "1", "--reconnect-ms", "1")).isEqualTo(RaftCtl.GOOD);
    assertThat(out()).contains("an event that is no JSON");
  }

  @Test
  void a_count_of_nothing_is_refused() {
    assertThat(raftctl("watch", "--count", "0")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("--count is 0: use at least 1");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void events_are_read_as_the_standard_says() throws IOException {
    EventStream events =
        new EventStream(
            new ByteArrayInputStream(
                bytes(
                    ": comment\n\nevent: a\nid:7\ndata: x\ndata:y\n\nevent: lost\n\n"
                        + "data: é\r\n\r\ndata: cut off")));

    assertThat(events.next()).isEqualTo(new EventStream.Event("a", "7", "x\ny"));
    assertThat(events.next().data()).isEqualTo("é");
    assertThat(events.next()).isNull();
  }

  @Test
  void an_event_without_an_end_does_not_eat_all_memory() {
    EventStream events =
        new EventStream(
            new java.io.InputStream() {
              @Override
              public int read() {
                return 'x';
              }

              @Override
              public int read(byte[] into, int offset, int length) {
                java.util.Arrays.fill(into, offset, offset + length, (byte) 'x');
                return length;
              }
            });

    assertThatThrownBy(events::next)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("an event of more than");
  }

  // --- in place ---------------------------------------------------------------------------------

  private final StringWriter screen = new StringWriter();

  private ScreenView view(int rows, int columns) {
    return new ScreenView(
        new PrintWriter(screen), () -> new Terminal.Size(rows, columns), true, "http://h/raft/");
  }

  @Test
  void a_terminal_is_redrawn_in_place_and_given_back_as_it_was() {
    ScreenView view = view(24, 200);
    view.show(new Picture(healthy().put("events", new JsonArray().add(old()))));
    view.show(new Picture(leaderless(event(12, "LEADER_CHANGED", "n2 is silent"))));
    String drawn = screen.toString();
    view.close();
    view.close();
    view.show(new Picture(healthy()));
    String after = screen.toString().substring(drawn.length());

    assertThat(drawn).startsWith("\u001b[?1049h\u001b[?25l").containsOnlyOnce("\u001b[?1049h");
    assertThat(drawn)
        .contains("\u001b[1;32mHealthy: n2 leads", "\u001b[1;31mNo leader for 6.2 s")
        .contains("long ago", "n2 is silent", "http://h/raft/  at ", "Ctrl-C ends");
    assertThat(after)
        .startsWith("\u001b[?25h\u001b[?1049l")
        .endsWith("No leader for 6.2 s" + System.lineSeparator());
  }

  @Test
  void what_does_not_fit_is_left_out_and_never_scrolls_the_screen() {
    ScreenView view = view(6, 30);
    view.show(new Picture(healthy().put("events", new JsonArray().add(old()))));
    view.note("the connection is lost: trying again");

    String last = screen.toString().substring(screen.toString().lastIndexOf("\u001b[H"));
    assertThat(last.split("\r\n", -1)).hasSize(6);
    assertThat(last.lines())
        .allMatch(line -> line.replaceAll("\u001b\\[[^A-Za-z]*[A-Za-z]", "").length() <= 30);
    assertThat(last).contains("the connection is lost: tryin…", "http://h/raft/");
  }

  @Test
  void a_terminal_that_does_not_know_its_size_gets_the_usual_one() {
    assertThat(Terminal.parse("50 120")).isEqualTo(new Terminal.Size(50, 120));
    assertThat(Terminal.parse("0 0")).isEqualTo(new Terminal.Size(24, 80));
    assertThat(Terminal.parse("")).isEqualTo(new Terminal.Size(24, 80));
  }
}
