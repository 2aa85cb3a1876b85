package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * a member that is killed while it writes starts again with all it acknowledged. More rounds
 * with {@code -Dkill.rounds=100}.
 */
class KilledProcessTest {
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 10);

  @TempDir Path directory;

  @Test
  void acknowledgedWritesSurviveTheKillOfTheProcess() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      // Fresh directories too: the longer the log, the fewer kills hit the copying of a batch.
      Path place = directory.resolve("d" + round / 3);
      Process writer =
          ChildJvm.start(KilledWriter.class, place.toString(), Long.toString(seed + round));
      AcknowledgedWrites writes = new AcknowledgedWrites();
      // Through the handle: destroying the Process would close its output, too.
      writes.follow(
          writer, 5 + random.nextInt(60), process -> process.toHandle().destroyForcibly());
      assertThat(writes.failures()).isEmpty();
      writes.check(place, "seed " + seed + " round " + round);
    }
  }
}
