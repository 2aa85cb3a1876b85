package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertxraft.NodeState;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R-46: the console's event stream")
@Timeout(60)
class ConsoleStreamTest {
  private ConsoleServer server;

  @AfterEach
  void close() {
    server.close();
  }

  private static RaftConsoleOptions fast() {
    return new RaftConsoleOptions().setSampleIntervalMs(20).setLeaseMs(50);
  }

  /** Remembers all frames of half a minute, for tests that come back for them. */
  private static RaftConsoleOptions mindful() {
    return fast().setSampleIntervalMs(50).setFramesMax(600);
  }

  @Test
  void aNewStreamStartsWithASnapshotAndGoesOnWithNumberedFrames() throws Exception {
    server = ConsoleServer.healthy(fast());
    emit("before anybody looked");
    EventReader reader = server.stream("", null);
    assertThat(reader.response().getHeader("Content-Type"))
        .isEqualTo("text/event-stream; charset=utf-8");
    assertThat(reader.response().getHeader("Cache-Control")).isEqualTo("no-store, no-transform");
    assertThat(reader.response().getHeader("Content-Encoding")).isEqualTo("identity");
    EventReader.Event snapshot = reader.next();
    assertThat(snapshot.name()).isEqualTo("snapshot");
    assertThat(snapshot.json().getJsonArray("events")).hasSize(1);
    assertThat(snapshot.json().getLong("timeMs")).isPositive();
    EventReader.Event frame = reader.next();
    assertThat(frame.name()).isEqualTo("frame");
    assertThat(frame.sequence()).isEqualTo(snapshot.sequence() + 1);
    assertThat(frame.json().getString("health")).isEqualTo("HEALTHY");
    assertThat(frame.json().getJsonArray("events")).isEmpty();
  }

  @Test
  void aFrameBringsOnlyWhatHappenedSinceTheOneBefore() throws Exception {
    server = ConsoleServer.healthy(fast());
    EventReader reader = server.stream("", null);
    reader.next();
    emit("first\n\ndata: not a frame of its own");
    EventReader.Event frame = reader.next();
    while (frame.json().getJsonArray("events").isEmpty()) {
      frame = reader.next();
    }
    JsonObject event = frame.json().getJsonArray("events").getJsonObject(0);
    assertThat(event.getString("cause")).isEqualTo("first\n\ndata: not a frame of its own");
    assertThat(reader.next().json().getJsonArray("events")).isEmpty();
  }

  @Test
  void aStreamOfPatchesLeadsToTheSameFrames() throws Exception {
    server = ConsoleServer.healthy(mindful());
    EventReader whole = server.stream("", null);
    EventReader patches = server.stream("?patches=1", null);
    EventReader.Event start = patches.next();
    assertThat(start.name()).isEqualTo("snapshot");
    JsonObject state = start.json();
    emit("between");
    String last = start.id();
    for (int i = 0; i < 20; i++) {
      EventReader.Event next = patches.next();
      last = next.id();
      state =
          next.name().equals("snapshot")
              ? next.json()
              : JsonPatchTest.Patched.of(state, next.json());
      assertThat(next.name().equals("patch") || i == 0).isTrue();
      EventReader.Event same = whole.next();
      while (same.sequence() < next.sequence()) {
        same = whole.next();
      }
      JsonObject expected = JsonPatchTest.Patched.of(same.json(), new JsonObject());
      expected.remove("events");
      JsonObject got = state.copy();
      got.remove("events");
      assertThat(got).isEqualTo(expected);
    }
    EventReader back = server.stream("?patches=1&lastEventId=" + last, null);
    EventReader.Event missed = back.next();
    assertThat(missed.name()).isEqualTo("patch");
    assertThat(missed.id()).isNotEqualTo(last);
  }

  @Test
  void aStreamThatComesBackGetsTheFramesItMissed() throws Exception {
    server = ConsoleServer.healthy(mindful());
    EventReader other = server.stream("", null);
    EventReader.Event first = other.next();
    other.next();
    EventReader.Event third = other.next();
    EventReader byHeader = server.stream("", first.id());
    EventReader byQuery = server.stream("?lastEventId=" + first.id(), null);
    for (EventReader reader : new EventReader[] {byHeader, byQuery}) {
      EventReader.Event missed = reader.next();
      assertThat(missed.name()).isEqualTo("frame");
      assertThat(missed.sequence()).isEqualTo(first.sequence() + 1);
      assertThat(reader.next()).isEqualTo(third);
    }
  }

  @Test
  void aStreamWhoseLastFrameIsNotKnownStartsAnew() throws Exception {
    server = ConsoleServer.healthy(fast().setFramesMax(2));
    EventReader other = server.stream("", null);
    EventReader.Event old = other.next();
    while (other.next().sequence() < old.sequence() + 5) {
      // Frames pass until the first is dropped.
    }
    String epoch = old.epoch();
    for (String id :
        new String[] {old.id(), "0badcafe-1", epoch + "-999999", epoch + "-x", "nonsense"}) {
      EventReader reader = server.stream("", id);
      assertThat(reader.next().name()).as(id).isEqualTo("snapshot");
      reader.close();
    }
  }

  @Test
  void aQuietStreamIsKeptOpenByComments() throws Exception {
    server = ConsoleServer.healthy(fast().setSampleIntervalMs(60_000).setHeartbeatIntervalMs(20));
    EventReader reader = server.stream("", null);
    EventReader.Event event = reader.nextOfAnyKind();
    while (event.name() != null) {
      event = reader.nextOfAnyKind();
    }
    assertThat(event.data()).startsWith(":");
  }

  @Test
  void oneStreamTooManyIsToldToComeBackLater() throws Exception {
    server = ConsoleServer.healthy(fast().setClientsMax(2));
    EventReader first = server.stream("", null);
    EventReader second = server.stream("", null);
    first.next();
    second.next();
    ConsoleServer.Answer refused = server.get("/raft/api/v1/stream");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isEqualTo("5");
    assertThat(refused.json().getString("error")).contains("2 streams", "clientsMax");
    first.close();
    ConsoleServer.until(() -> isAccepted());
  }

  private boolean isAccepted() {
    EventReader reader = server.stream("", null);
    int status = reader.response().statusCode();
    reader.close();
    return status == 200;
  }

  @Test
  void nobodyIsAskedWhileNobodyLooks() throws Exception {
    server = ConsoleServer.healthy(fast());
    assertThat(server.isSampling()).isFalse();
    assertThat(server.node.questions).hasValue(0);
    EventReader reader = server.stream("", null);
    reader.next();
    assertThat(server.isSampling()).isTrue();
    reader.close();
    ConsoleServer.until(() -> !server.isSampling());
    server.get("/raft/api/v1/state");
    assertThat(server.node.questions.get()).isPositive();
    ConsoleServer.until(() -> !server.isSampling());
  }

  @Test
  void aBrowserThatStallsSkipsFramesAndThenGetsTheNewestSnapshot() throws Exception {
    server = ConsoleServer.healthy(fast().setSampleIntervalMs(10));
    server.node.says(
        Reports.follower("n3", "n2", 7).setState(NodeState.FAILED).setFailure("x".repeat(200_000)));
    EventReader witness = server.stream("", null);
    EventReader stalled = server.stream("", null);
    long before = stalled.next().sequence();
    stalled.pause();
    // Far more than the buffers of both ends and the kernel hold.
    while (witness.next().sequence() < before + 80) {
      assertThat(witness.response().statusCode()).isEqualTo(200);
    }
    emit("while it was stalled");
    while (witness.next().json().getJsonArray("events").isEmpty()) {
      assertThat(witness.response().statusCode()).isEqualTo(200);
    }
    stalled.resume();
    EventReader.Event last = stalled.next();
    EventReader.Event event = stalled.next();
    // It may have been too slow for a frame before it was paused, too.
    while (event.json().getJsonArray("events").isEmpty()) {
      last = event;
      event = stalled.next();
    }
    assertThat(event.name()).isEqualTo("snapshot");
    assertThat(event.sequence()).isGreaterThan(last.sequence() + 1);
    assertThat(event.json().getJsonArray("events")).hasSize(1);
  }

  @Test
  void closingTheConsoleEndsItsStreams() throws Exception {
    server = ConsoleServer.healthy(fast());
    EventReader reader = server.stream("", null);
    reader.next();
    Waits.await(server.console.close());
    reader.awaitEnd();
    assertThat(server.isSampling()).isFalse();
  }

  private void emit(String cause) {
    RaftEvent event =
        new RaftEvent().setType(RaftEventType.FAULT).setNodeId("n1").setTimeMs(1).setCause(cause);
    server.console.context().runOnContext(v -> server.node.sink.emit(event));
  }
}
