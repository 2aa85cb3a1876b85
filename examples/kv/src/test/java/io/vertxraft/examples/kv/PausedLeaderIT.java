package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.examples.kv.Http.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** a process that was paused does not know it, and must not answer from its old lease. */
@Tag("blackbox")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs SIGSTOP")
class PausedLeaderIT extends ProcessStory {
  private static final int ATTEMPTS_MAX = 600;
  private static final int READERS = 24;

  @Test
  void a_leader_that_wakes_up_serves_nothing_older_than_what_others_acknowledged()
      throws Exception {
    describe("n1", "n2", "n3");
    startAll();
    for (int round = 1; round <= 3; round++) {
      String old = leader();
      ChildProcess leader = running.get(old);
      write(leader, "before " + round);
      List<ChildProcess> others = new ArrayList<>(running.values());
      others.remove(leader);

      leader.signal("STOP");
      ExecutorService clients = Executors.newFixedThreadPool(READERS);
      try {
        Map<String, List<Future<Answer>>> reads = askPaused(leader, clients);
        writeByOthers(others, "after " + round);
        leader.signal("CONT");

        for (var byName : reads.entrySet()) {
          for (Future<Answer> read : byName.getValue()) {
            Answer answer = read.get(60, TimeUnit.SECONDS);
            assertThat(answer.status() + " " + answer.text())
                .as("%s from %s, which slept", byName.getKey(), old)
                .matches("(?s)200 after %d|50\\d .*".formatted(round));
          }
        }
      } finally {
        clients.shutdownNow();
      }
      leader.awaitHealthy();
    }
  }

  private static void write(ChildProcess member, String value) throws Exception {
    assertThat(served(() -> member.http().put("/kv/key", value)).status()).isEqualTo(200);
  }

  /** The requests are in the sockets of the paused process before the others have moved on. */
  private static Map<String, List<Future<Answer>>> askPaused(
      ChildProcess leader, ExecutorService clients) {
    Map<String, List<Future<Answer>>> reads = new LinkedHashMap<>();
    for (String consistency : List.of("linearizable", "lease")) {
      List<Future<Answer>> asked = new ArrayList<>();
      for (int i = 0; i < READERS / 2; i++) {
        asked.add(clients.submit(() -> leader.http().get("/kv/key?consistency=" + consistency)));
      }
      reads.put(consistency, asked);
    }
    return reads;
  }

  /** Through whoever is elected in the place of the paused one. */
  private static void writeByOthers(List<ChildProcess> others, String value) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      ChildProcess member = others.get(attempt % others.size());
      if (member.http().put("/kv/key", value).status() == 200) {
        return;
      }
      ChildProcess.pause();
    }
    throw new AssertionError("nobody acknowledged '%s'".formatted(value));
  }
}
