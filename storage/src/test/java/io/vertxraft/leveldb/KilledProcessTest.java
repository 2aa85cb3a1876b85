package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** a member that is killed while it writes starts again with all it acknowledged. */
class KilledProcessTest {
  private static final int ROUNDS = 10;

  @TempDir Path directory;

  /** The last acknowledged write of a group. */
  private record Acknowledged(long term, long last) {}

  @Test
  void acknowledgedWritesSurviveTheKillOfTheProcess() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      // Fresh directories too: the longer the log, the fewer kills hit the copying of a batch.
      Path place = directory.resolve("d" + round / 3);
      Map<String, Acknowledged> acknowledged = writeAndKill(place, seed + round, random);
      LevelDbStorage storage = LevelDbStorage.create(TestLog.options(place));
      for (Map.Entry<String, Acknowledged> entry : acknowledged.entrySet()) {
        check(storage, entry.getKey(), entry.getValue(), "seed " + seed + " round " + round);
      }
      TestLog.await(storage.close());
    }
  }

  private Map<String, Acknowledged> writeAndKill(Path place, long seed, Random random)
      throws IOException, InterruptedException {
    // A killed process leaves its copy of the native library behind: not outside this test.
    Process process =
        ChildJvm.start(
            List.of("-Djava.io.tmpdir=" + directory),
            KilledWriter.class,
            place.toString(),
            Long.toString(seed));
    Map<String, Acknowledged> acknowledged = new HashMap<>();
    int writesBeforeTheKill = 5 + random.nextInt(60);
    int seen = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        // The last line may be cut off by the kill.
        if (words.length == 3 && !line.startsWith("FAILED")) {
          acknowledged.put(
              words[0], new Acknowledged(Long.parseLong(words[1]), Long.parseLong(words[2])));
        }
        assertThat(line).doesNotStartWith("FAILED");
        if (++seen == writesBeforeTheKill) {
          // Through the handle: destroying the Process would close its output, too.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    assertThat(seen).isGreaterThanOrEqualTo(writesBeforeTheKill);
    return acknowledged;
  }

  private void check(
      LevelDbStorage storage, String groupId, Acknowledged acknowledged, String where)
      throws Exception {
    GroupIdentity identity = new GroupIdentity("c", groupId, "n1");
    GroupStorage group = TestLog.await(storage.open(identity, Runnable::run));
    assertThat(group.recovered().hardState().term())
        .as(where)
        .isGreaterThanOrEqualTo(acknowledged.term());
    long last = group.recovered().lastIndex();
    int runs = group.recovered().termRuns().size();
    long lastTerm = runs == 0 ? 0 : group.recovered().termRuns().get(runs - 1).term();
    // Terms grow with each truncation, so a shorter log must end in a later term.
    assertThat(lastTerm > acknowledged.term() || last >= acknowledged.last())
        .as(
            "%s: group %s ends at %d/%d, acknowledged was %s",
            where, groupId, lastTerm, last, acknowledged)
        .isTrue();
    for (long next = 1; next <= last; ) {
      List<LogEntry> piece = TestLog.await(group.read(next, last, 1024 * 1024));
      for (LogEntry entry : piece) {
        assertThat(entry)
            .as(where)
            .isEqualTo(KilledWriter.entries(identity, next, next, entry.term()).get(0));
        next++;
      }
    }
  }
}
