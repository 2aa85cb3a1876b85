package io.vertxraft.examples.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * From the kill of a leader to the next acknowledged write, thirty times (set {@code -Dkills}). Not
 * part of the build:
 *
 * <pre>
 * mvn -Dfast -pl examples/kv -am verify -Dit.test=FailoverBenchmark -Dtest=none \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * </pre>
 */
class FailoverBenchmark extends ProcessStory {
  private static final long RETRY_MS = 10;
  private static final int KILLS = Integer.getInteger("kills", 30);

  @Test
  void measure() throws Exception {
    describe("n1", "n2", "n3");
    startAll();
    List<Long> outages = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      String leader = leader();
      ChildProcess process = running.remove(leader);
      long killed = System.nanoTime();
      process.kill();
      writeToAnyone("value " + kill);
      outages.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed));
      process.awaitExit();
      start(leader);
      running.get(leader).awaitHealthy();
    }
    Collections.sort(outages);
    System.out.printf(
        Locale.ROOT,
        "%d kills, ms to the next acknowledged write: median %d, worst %d, all %s%n",
        KILLS,
        outages.get(KILLS / 2),
        outages.get(KILLS - 1),
        outages);
  }

  private void writeToAnyone(String value) {
    while (true) {
      for (ChildProcess member : running.values()) {
        try {
          if (member.http().put("/kv/key", value).status() == 200) {
            return;
          }
        } catch (IOException unknown) {
          // The next one may know more.
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
    }
  }
}
