package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("R-46: a failed run leaves a bundle that explains itself")
class DiagnosticBundleTest {

  @Test
  void aRunTellsHowItCameToItsEnd(@TempDir Path directory) throws Exception {
    DiagnosticBundle bundle = new DiagnosticBundle("n1", "seed 17 lost its leader");
    List<RaftStatus> well =
        List.of(
            Reports.follower("n1", "n2", 7),
            Reports.leader("n2", 7),
            Reports.follower("n3", "n2", 7));
    bundle.frame(1_000, well).frame(2_000, well);
    bundle.frame(5_000, List.of(Reports.lost("n1", RaftRole.PRE_CANDIDATE, 7)));
    bundle.event(
        new RaftEvent().setType(RaftEventType.LEADER_CHANGED).setTimeMs(4_000).setCause("silence"));
    bundle.options("simulation", new JsonObject().put("seed", 17).put("token", "t0p"));
    Path file = directory.resolve("run.zip");
    bundle.writeTo(file);

    Map<String, String> files = Zips.read(Buffer.buffer(Files.readAllBytes(file)));
    assertThat(new JsonObject(files.get("explanation.json")).getString("headline"))
        .isEqualTo(
            "No leader for 3.0 s: only 1 of 3 members can vote as seen from n1, 2 are needed");
    assertThat(new JsonObject(files.get("manifest.json")).getString("reason"))
        .isEqualTo("seed 17 lost its leader");
    assertThat(files.get("history.ndjson").lines().map(JsonObject::new))
        .extracting(frame -> frame.getString("health"))
        .containsExactly("HEALTHY", "HEALTHY", "NO_LEADER");
    JsonObject events = new JsonObject(files.get("events.json"));
    assertThat(events.getJsonArray("events").getJsonObject(0).getString("cause"))
        .isEqualTo("silence");
    assertThat(new JsonObject(files.get("options.json")).getJsonObject("simulation"))
        .isEqualTo(new JsonObject().put("seed", 17).put("token", Secrets.HIDDEN));
  }

  @Test
  void aBundleOfNothingIsRefused() {
    assertThatThrownBy(() -> new DiagnosticBundle("n1", "why").toBuffer())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the bundle has no frame: call frame(timeMs, statuses) at least once");
  }

  @Test
  void theNewestEventsAreKeptUnderTheirNumbers() throws Exception {
    DiagnosticBundle bundle = new DiagnosticBundle("n1", "many");
    bundle.frame(1, List.of(Reports.leader("n2", 7)));
    for (int i = 1; i <= DiagnosticBundle.EVENTS_MAX + 2; i++) {
      bundle.event(new RaftEvent().setType(RaftEventType.FAULT).setTimeMs(i));
    }
    JsonObject events = new JsonObject(Zips.read(bundle.toBuffer()).get("events.json"));
    assertThat(events.getJsonArray("events")).hasSize(DiagnosticBundle.EVENTS_MAX);
    assertThat(events.getJsonArray("events").getJsonObject(0).getLong("sequence")).isEqualTo(3);
    assertThat(events.getLong("newest")).isEqualTo(DiagnosticBundle.EVENTS_MAX + 2L);
  }

  @Test
  void secretsAreHiddenAtAnyDepthAndInAddresses() {
    JsonObject secret =
        new JsonObject()
            .put("a", new JsonObject().put("sslPrivateKey", "k").put("port", 1))
            .put("list", List.of(new JsonObject().put("Authorization", "Bearer x")))
            .put("url", "https://ana:hunter2@example.org/x")
            .put("passwordFile", (Object) null);
    assertThat(Secrets.redacted(secret))
        .isEqualTo(
            new JsonObject()
                .put("a", new JsonObject().put("sslPrivateKey", "(hidden)").put("port", 1))
                .put("list", List.of(new JsonObject().put("Authorization", "(hidden)")))
                .put("url", "https://ana:(hidden)@example.org/x")
                .put("passwordFile", (Object) null));
  }
}
