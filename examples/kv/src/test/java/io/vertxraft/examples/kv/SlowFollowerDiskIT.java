package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import io.vertxraft.FollowerStatus;
import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * a disk that is slow, but gets things done, makes its member late and nothing else. The disk
 * is made slow by a library that is preloaded into the member's process.
 */
@Tag("blackbox")
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs LD_PRELOAD")
class SlowFollowerDiskIT extends ProcessStory {
  private static final String SYNC_MS = "300";
  private static final int WRITERS = 16;
  private static final int SLOW_WRITES = 5;
  private static final int WRITES = 1_000;
  private static final int POLLS_MAX = 600;

  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong lastIndex = new AtomicLong();
  private final AtomicBoolean loaded = new AtomicBoolean(true);
  private String leader;
  private String slow;
  private long term;

  @Test
  void a_follower_with_a_slow_disk_holds_nobody_up_is_not_given_up_and_catches_up()
      throws Exception {
    String library = faultyDisk();
    describe("n1", "n2", "n3");
    // So that nobody campaigns because the machine has paused them.
    addArguments("--election-timeout-ms", "5000", "--heartbeat-interval-ms", "100");
    for (String id : arguments.keySet()) {
      environments.put(id, Map.of("LD_PRELOAD", library, "SLOW_SYNC", slowness(id).toString()));
    }
    startAll();
    leader = leader();
    term = status(leader).getTerm();
    slow = arguments.keySet().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
    Files.writeString(slowness(slow), SYNC_MS);

    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<?>> writing = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        String key = "/kv/key" + i;
        writing.add(writers.submit(() -> writeOn(key)));
      }
      watch();
      loaded.set(false);
      for (Future<?> writer : writing) {
        writer.get();
      }
    } finally {
      loaded.set(false);
      writers.shutdownNow();
    }

    awaitCaughtUp();
    assertNobodyCampaigned();
  }

  private Path slowness(String id) {
    return directory.resolve("slow-" + id);
  }

  private Void writeOn(String key) throws IOException {
    Http http = running.get(leader).http();
    while (loaded.get()) {
      Answer answer = http.put(key, "value");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      acknowledged.incrementAndGet();
      lastIndex.accumulateAndGet(answer.json().getLong("index"), Math::max);
    }
    return null;
  }

  /** Looks at the group until the slow disk has done some writes, and the others many. */
  private void watch() throws IOException {
    Set<Long> held = new TreeSet<>();
    long behindMost = 0;
    for (int poll = 0; held.size() <= SLOW_WRITES || acknowledged.get() < WRITES; poll++) {
      assertThat(poll).as("polls; it held %s of %s", held, acknowledged).isLessThan(POLLS_MAX);
      RaftStatus seen = status(leader);
      FollowerStatus follower =
          seen.getFollowers().stream()
              .filter(f -> f.getNodeId().equals(slow))
              .findFirst()
              .orElseThrow();
      held.add(follower.getMatchIndex());
      behindMost = Math.max(behindMost, seen.getCommitIndex() - follower.getMatchIndex());
      assertNobodyCampaigned();
      assertSlowOneCounts();
      ChildProcess.pause();
    }
    assertThat(behindMost)
        .as("entries committed that the slow disk lacked; more than were in flight at a time")
        .isGreaterThan(2 * WRITERS);
  }

  private void assertNobodyCampaigned() throws IOException {
    for (String id : arguments.keySet()) {
      RaftStatus status = status(id);
      assertThat(status.getTerm()).as("term of %s", id).isEqualTo(term);
      assertThat(status.getLeaderId()).as("leader of %s", id).isEqualTo(leader);
      assertThat(status.getRole())
          .as("role of %s", id)
          .isEqualTo(id.equals(leader) ? RaftRole.LEADER : RaftRole.FOLLOWER);
    }
  }

  /** It says itself that it runs, and its leader's console calls it neither silent nor stuck. */
  private void assertSlowOneCounts() throws IOException {
    assertThat(status(slow).getState()).isEqualTo(NodeState.RUNNING);
    assertThat(running.get(slow).http().get("/health").status()).isEqualTo(200);
    JsonObject picture = running.get(leader).http().get("/raft/api/v1/state").json();
    assertThat(picture.getJsonArray("followers"))
        .extracting(follower -> ((JsonObject) follower).getString("state"))
        .doesNotContain("STALLED");
    assertThat(picture.getJsonArray("members"))
        .extracting(member -> ((JsonObject) member).getString("error"))
        .containsOnlyNulls();
  }

  private void awaitCaughtUp() throws IOException {
    long held = 0;
    for (int poll = 0; poll < POLLS_MAX && held < lastIndex.get(); poll++) {
      ChildProcess.pause();
      RaftStatus status = status(slow);
      // What the others have committed is applied before the own disk has it.
      held = Math.min(status.getDurableIndex(), status.getAppliedIndex());
    }
    assertThat(held).as("held and applied by the slow one").isEqualTo(lastIndex.get());
  }

  /** Compiles the library; skips the test where there is nothing to do so with. */
  private String faultyDisk() throws Exception {
    Path source = directory.resolve("faulty-disk.c");
    try (InputStream in = getClass().getResourceAsStream("/faulty-disk.c")) {
      Files.copy(in, source);
    }
    Path library = directory.resolve("faulty-disk.so");
    Process compiler;
    try {
      compiler =
          new ProcessBuilder(
                  "gcc",
                  "-O2",
                  "-shared",
                  "-fPIC",
                  "-o",
                  library.toString(),
                  source.toString(),
                  "-ldl")
              .inheritIO()
              .start();
    } catch (IOException absent) {
      String whyNot = "skipped: there is no C compiler: " + absent.getMessage();
      System.err.println(whyNot);
      assumeTrue(false, whyNot);
      throw absent;
    }
    assertThat(compiler.waitFor()).as("exit code of gcc").isZero();
    return library.toString();
  }
}
