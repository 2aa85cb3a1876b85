package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a {@link KilledWriter} said was acknowledged, and whether it is there. */
final class AcknowledgedWrites {
  /** The last acknowledged write of a group. */
  private record Acknowledged(long term, long last) {}

  private final Map<String, Acknowledged> last = new HashMap<>();
  private final List<String> failures = new ArrayList<>();
  private int seen;
  private int seenAfterFailure;

  /** Does something to the writer. */
  @FunctionalInterface
  interface Strike {
    void at(Process writer) throws IOException, InterruptedException;
  }

  /** Reads what the writer says until it ends; strikes after so many acknowledgements. */
  void follow(Process writer, int acknowledgements, Strike strike)
      throws IOException, InterruptedException {
    try (BufferedReader lines = writer.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("FAILED")) {
          failures.add(line);
          continue;
        }
        String[] words = line.split(" ", -1);
        // The last line may be cut off by a kill.
        if (words.length == 3) {
          last.put(words[0], new Acknowledged(Long.parseLong(words[1]), Long.parseLong(words[2])));
          seenAfterFailure += failures.isEmpty() ? 0 : 1;
          if (++seen == acknowledgements) {
            strike.at(writer);
          }
        }
      }
    } finally {
      writer.destroyForcibly();
    }
    writer.waitFor();
    assertThat(seen).isGreaterThanOrEqualTo(acknowledgements);
  }

  List<String> failures() {
    return failures;
  }

  int seenAfterFailure() {
    return seenAfterFailure;
  }

  /** Opens the directory and looks for everything that was acknowledged. */
  void check(Path directory, String where) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    try {
      for (Map.Entry<String, Acknowledged> entry : last.entrySet()) {
        check(storage, entry.getKey(), entry.getValue(), where);
      }
    } finally {
      TestLog.await(storage.close());
    }
  }

  /**
   * Deletes the database and looks for the terms that were acknowledged: they are elsewhere, too.
   */
  void checkTermsWithoutDatabase(Path directory, String where) throws Exception {
    DataDirectory.deleteTree(directory.resolve("db"));
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    for (Map.Entry<String, Acknowledged> entry : last.entrySet()) {
      GroupIdentity identity = new GroupIdentity("c", entry.getKey(), "n1");
      GroupStorage group = TestLog.await(storage.open(identity, Runnable::run));
      assertThat(group.recovered().health().damaged()).as(where).isTrue();
      long term = group.recovered().hardState().term();
      assertThat(term).as(where).isGreaterThanOrEqualTo(entry.getValue().term());
      assertThat(group.recovered().hardState().votedFor()).as(where).isEqualTo("n" + term % 3);
    }
    TestLog.await(storage.close());
  }

  private static void check(
      LevelDbStorage storage, String groupId, Acknowledged acknowledged, String where)
      throws Exception {
    GroupIdentity identity = new GroupIdentity("c", groupId, "n1");
    GroupStorage group = TestLog.await(storage.open(identity, Runnable::run));
    assertThat(group.recovered().health().damaged())
        .as("%s: %s", where, group.recovered().health())
        .isFalse();
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
    for (long next = group.recovered().firstIndex(); next <= last; ) {
      for (LogEntry entry : TestLog.await(group.read(next, last, 1024 * 1024))) {
        assertThat(entry)
            .as(where)
            .isEqualTo(KilledWriter.entries(identity, next, next, entry.term()).get(0));
        next++;
      }
    }
  }
}
