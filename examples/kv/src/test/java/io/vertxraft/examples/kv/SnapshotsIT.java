package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.RaftStatus;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Snapshots of the packaged server: its logs are cut all the time, and nothing is ever missing. */
@Tag("blackbox")
class SnapshotsIT extends ProcessStory {
  private static final int SNAPSHOT_ENTRIES = 60;
  private static final int ATTEMPTS_MAX = 400;

  /** What every key must hold; null if it must be gone. */
  private final Map<String, String> expected = new TreeMap<>();

  private int writes;

  @Test
  void a_member_that_was_killed_comes_back_by_its_log_and_one_that_was_away_by_a_snapshot()
      throws Exception {
    describe("n1", "n2", "n3");
    addArguments(
        "--snapshot-entries", Integer.toString(SNAPSHOT_ENTRIES), "--snapshot-retain-entries", "0");
    startAll();
    write(4 * SNAPSHOT_ENTRIES);
    String follower = follower();

    kill(follower);
    write(20);
    start(follower);
    running.get(follower).awaitHealthy();
    assertReadableEverywhere();

    long lastHeld = status(follower).getLastIndex();
    kill(follower);
    for (int round = 0; round < 50 && status(leader()).getFirstIndex() <= lastHeld + 1; round++) {
      write(SNAPSHOT_ENTRIES);
    }
    assertThat(status(leader()).getFirstIndex()).isGreaterThan(lastHeld + 1);
    start(follower);
    running.get(follower).awaitHealthy();
    assertReadableEverywhere();
    RaftStatus returned = status(follower);
    assertThat(returned.getSnapshots().getInstalled()).isEqualTo(1);
    assertThat(returned.getFirstIndex()).isGreaterThan(lastHeld + 1);

    running.values().forEach(ChildProcess::kill);
    for (ChildProcess member : running.values()) {
      member.awaitExit();
    }
    startAll();
    assertReadableEverywhere();
    for (String id : arguments.keySet()) {
      assertThat(status(id).getFirstIndex()).as(id).isGreaterThan(1);
      assertThat(status(id).getSnapshots().getKept()).as(id).isNotEmpty();
    }
    for (ChildProcess process : running.values()) {
      assertThat(process.terminate()).isZero();
      assertThat(process.output()).doesNotContain("Exception");
    }
  }

  @Test
  void a_damaged_newest_snapshot_is_told_and_an_older_one_takes_its_place() throws Exception {
    describe("n1");
    addArguments("--snapshot-entries", "0");
    start("n1");
    running.get("n1").awaitHealthy();
    write(50);
    takeSnapshot();
    write(50);
    takeSnapshot();
    write(50);
    kill("n1");
    damageNewestSnapshot();

    start("n1");
    running.get("n1").awaitHealthy();

    assertReadableEverywhere();
    assertThat(status("n1").getSnapshots().getLastFailure()).contains("101");
    assertThat(running.get("n1").http().get("/metrics").text())
        .containsPattern("raft_snapshot_failed\\{.*} 1.0");
  }

  // --- the tools of the stories -----------------------------------------------------------------

  private void takeSnapshot() throws IOException {
    Answer answer = running.get("n1").http().call("POST", KvAdmin.SNAPSHOT_PATH, new byte[0]);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  /** Turns a byte over in the middle of the largest file of the newest snapshot. */
  private void damageNewestSnapshot() throws IOException {
    Path newest;
    try (Stream<Path> all = Files.walk(Path.of(data("n1")))) {
      newest =
          all.filter(path -> path.getFileName().toString().matches("snapshot_\\d{20}"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
    }
    try (Stream<Path> files = Files.walk(newest)) {
      Path largest =
          files
              .filter(path -> path.getFileName().toString().startsWith("entries-"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
        file.seek(file.length() / 2);
        int old = file.read();
        file.seek(file.length() / 2);
        file.write(~old);
      }
    }
  }

  private String follower() throws IOException {
    String leader = leader();
    return arguments.keySet().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  private void kill(String id) throws Exception {
    ChildProcess process = running.remove(id);
    process.kill();
    process.awaitExit();
  }

  /** Writes, overwrites and deletes some keys, each until it is acknowledged. */
  private void write(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      writes++;
      String key = "key" + writes % 100;
      if (writes % 10 == 0) {
        acknowledge("DELETE", key, null);
        expected.put(key, null);
      } else {
        String value = "value " + writes;
        acknowledge("PUT", key, value);
        expected.put(key, value);
      }
    }
  }

  private void acknowledge(String method, String key, String value) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      for (ChildProcess member : running.values()) {
        Http http = member.http();
        Answer answer = value == null ? http.delete("/kv/" + key) : http.put("/kv/" + key, value);
        if (answer.status() == 200 || (value == null && answer.status() == 404)) {
          return;
        }
      }
      ChildProcess.pause();
    }
    throw new AssertionError("%s of %s was not acknowledged".formatted(method, key));
  }

  private void assertReadableEverywhere() throws IOException {
    for (var member : running.entrySet()) {
      for (var entry : expected.entrySet()) {
        Answer answer = served(() -> member.getValue().http().get("/kv/" + entry.getKey()));
        String where = "%s at %s".formatted(entry.getKey(), member.getKey());
        if (entry.getValue() == null) {
          assertThat(answer.status()).as(where).isEqualTo(404);
        } else {
          assertThat(answer.text()).as(where).isEqualTo(entry.getValue());
        }
      }
    }
  }
}
