package io.vertxraft.leveldb;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Writes two groups until it is killed, with truncations at both ends now and then, and prints for
 * each write that was acknowledged: group, term of the hard state and of the last entry, last
 * index. If a write fails it tries more, and ends after a few.
 */
public final class KilledWriter {
  /** Writes that each group has pending. */
  private static final int PENDING = 4;

  /** Failed writes after which it gives up. */
  private static final int FAILURES_MAX = 20;

  private final GroupStorage group;
  private final GroupIdentity identity;
  private final Random random;
  private final PrintStream out;
  private long last;
  private long term;
  private int failed;

  private KilledWriter(GroupStorage group, GroupIdentity identity, long seed, PrintStream out) {
    this.group = group;
    this.identity = identity;
    this.random = new Random(seed);
    this.out = out;
    this.last = group.recovered().lastIndex();
    this.term = group.recovered().hardState().term() + 1;
  }

  /** Arguments: directory, seed. */
  public static void main(String[] args) throws Exception {
    // Every other time so small that segments of the journal are used again and again.
    boolean small = Long.parseLong(args[1]) % 2 == 0;
    LevelDbStorage storage =
        LevelDbStorage.create(
            TestLog.options(Path.of(args[0]))
                .setWriteBufferBytes(small ? 256 * 1024 : 4 * 1024 * 1024)
                .journalSegmentBytes(small ? 256 * 1024 : Journal.SEGMENT_BYTES));
    ExecutorService context = Executors.newSingleThreadExecutor();
    for (String groupId : List.of("g1", "g2")) {
      GroupIdentity identity = new GroupIdentity("c", groupId, "n1");
      GroupStorage group = TestLog.await(storage.open(identity, context));
      KilledWriter writer = new KilledWriter(group, identity, Long.parseLong(args[1]), System.out);
      for (int i = 0; i < PENDING; i++) {
        context.execute(writer::writeNext);
      }
    }
    Thread.currentThread().join();
  }

  private void writeNext() {
    long from = 0;
    if (last > 10 && random.nextInt(10) == 0) {
      from = last - random.nextInt(10);
      last = from - 1;
      term++;
    }
    int count = random.nextInt(4) == 0 ? 1_000 : 1 + random.nextInt(40);
    List<LogEntry> entries = entries(identity, last + 1, last + count, term);
    last += count;
    if (last > 2_000 && random.nextInt(20) == 0) {
      group.truncatePrefix(last - 1_500);
    }
    HardState hardState = new HardState(term, "n" + term % 3);
    long lastNow = last;
    long termNow = term;
    group
        .write(new StorageWrite(hardState, from, entries))
        .onComplete(
            v -> {
              out.println(identity.groupId() + " " + termNow + " " + lastNow);
              writeNext();
            },
            failure -> {
              out.println("FAILED " + failure);
              if (++failed == FAILURES_MAX) {
                Runtime.getRuntime().halt(1);
              }
              writeNext();
            });
  }

  static List<LogEntry> entries(GroupIdentity identity, long from, long to, long term) {
    return TestLog.entries(identity, from, to, term, 400);
  }
}
