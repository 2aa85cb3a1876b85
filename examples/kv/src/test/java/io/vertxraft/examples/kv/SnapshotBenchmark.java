package io.vertxraft.examples.kv;

import io.vertx.core.Vertx;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What snapshots of a large map cost, with members that are processes of their own: bringing an
 * empty member up over a link that breaks, the latency of writes while snapshots are saved, a
 * restart, and a restart with a damaged newest snapshot. Not part of the build:
 *
 * <pre>
 * mvn -q -Dfast -DskipTests -pl examples/kv -am package
 * java -Dkv.jar=examples/kv/target/raft-kv.jar \
 *     -cp examples/kv/target/raft-kv.jar:examples/kv/target/test-classes \
 *     io.vertxraft.examples.kv.SnapshotBenchmark --mib 1024
 * </pre>
 */
@Command(name = "snapshots", mixinStandardHelpOptions = true)
final class SnapshotBenchmark implements Callable<Integer> {
  private static final int[] CUTS_AT_PERCENT = {10, 30, 50, 70, 90};
  private static final long CUT_MS = 1_500;
  private static final int FILL_WINDOW = 192;
  private static final int ENTRY_BYTES = 2 + 12 + 8 + 8 + 4;
  private static final int MIB = 1024 * 1024;

  @Option(names = "--mib", defaultValue = "1024", description = "state in MiB (${DEFAULT-VALUE})")
  private int mib;

  @Option(
      names = "--value-bytes",
      defaultValue = "1024",
      description = "bytes of a value (${DEFAULT-VALUE})")
  private int valueBytes;

  @Option(
      names = "--writes",
      defaultValue = "2000",
      description = "writes per second while saving is measured (${DEFAULT-VALUE})")
  private int writesPerSecond;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "rounds with a save at the leader and at all members (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "15",
      description = "how long writes are measured without a save before each (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--replayed",
      defaultValue = "100000",
      description = "entries after the snapshot at the restart (${DEFAULT-VALUE})")
  private int replayed;

  @Option(
      names = "--link-mib",
      defaultValue = "50",
      description = "MiB per second that the links to the third member pass (${DEFAULT-VALUE})")
  private int linkMib;

  @Option(
      names = "--stages",
      split = ",",
      defaultValue = "INSTALL,SAVE,RESTART,DAMAGE",
      description = "what to measure, of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
  private List<Stage> stages;

  /** What can be measured. */
  enum Stage {
    INSTALL,
    SAVE,
    RESTART,
    DAMAGE
  }

  private final Vertx vertx = Vertx.vertx();
  private BigGroup group;
  private int keys;

  private SnapshotBenchmark() {}

  /** See {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SnapshotBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    keys = (int) ((long) mib * MIB / (valueBytes + ENTRY_BYTES));
    try (BigGroup big = new BigGroup(2 * mib + mib / 2 + 512, (long) linkMib * MIB)) {
      group = big;
      fill();
      if (stages.contains(Stage.INSTALL)) {
        install();
      } else {
        group.start("n3");
        group.await("n3", status -> status.getSnapshots().getInstalled() > 0);
      }
      if (stages.contains(Stage.SAVE)) {
        save();
      }
      if (stages.contains(Stage.RESTART)) {
        restart();
      }
      if (stages.contains(Stage.DAMAGE)) {
        damage();
      }
    } finally {
      vertx.close().await(30, TimeUnit.SECONDS);
    }
    return 0;
  }

  // --- the map ----------------------------------------------------------------------------------

  private void fill() throws Exception {
    group.start("n1");
    group.start("n2");
    group.awaitReady("n1");
    group.awaitReady("n2");
    long begun = System.nanoTime();
    OpenLoopLoad load = load(0);
    load.fill(keys, FILL_WINDOW);
    say("filled: %,d keys of %,d B in %.0f s", keys, valueBytes, secondsSince(begun));
    // Of two snapshots the log is kept back to the older one.
    for (int round = 0; round < 2; round++) {
      load.fill(10, 1);
      for (String id : List.of("n1", "n2")) {
        long saving = System.nanoTime();
        RaftStatus status = group.snapshot(id);
        say(
            "%s saved %,d MiB in %.1f s without load, log from %,d",
            id,
            status.getSnapshots().getBytes() / MIB,
            secondsSince(saving),
            status.getFirstIndex());
      }
    }
  }

  private OpenLoopLoad load(int writesMax) throws IOException {
    return new OpenLoopLoad(vertx, group.httpPort(group.leader()), valueBytes, writesMax);
  }

  private void requireAll(String id) throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 1_000; i++) {
      int number = random.nextInt(keys);
      byte[] value = group.http(id).get("/kv/" + OpenLoopLoad.key(number)).bytes();
      if (value.length != valueBytes || ByteBuffer.wrap(value).getInt() != number) {
        throw new IllegalStateException("%s has lost key %d".formatted(id, number));
      }
    }
    say("%s: 1,000 keys read back, all right", id);
  }

  // --- an empty member over a link that breaks --------------------------------------------------

  private void install() throws Exception {
    String leader = group.leader();
    group.cutLinks();
    group.start("n3");
    group.await("n3", status -> true);
    final Memory idleSource = Memory.of(group.pid(leader));
    final Memory idleTarget = Memory.of(group.pid("n3"));
    long begun = System.nanoTime();
    group.healLinks();
    long size = group.status(leader).getSnapshots().getBytes();
    Memory overSource = new Memory(0, 0);
    Memory overTarget = new Memory(0, 0);
    int cuts = 0;
    int samples = 0;
    while (group.bytesToThird() < 0.99 * size) {
      long percent = 100 * group.bytesToThird() / size;
      if (cuts < CUTS_AT_PERCENT.length && percent >= CUTS_AT_PERCENT[cuts]) {
        cuts++;
        group.cutLinks();
        say("link cut at %d %%", percent);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(CUT_MS));
        group.healLinks();
      } else if (percent >= 5 + samples * 20L) {
        samples++;
        overSource = overSource.max(Memory.of(group.pid(leader)).minus(idleSource));
        overTarget = overTarget.max(Memory.of(group.pid("n3")).minus(idleTarget));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    group.await("n3", status -> status.getSnapshots().getReceivedBytes() >= size);
    final long bytes = group.bytesToThird();
    final double downloaded = secondsSince(begun);
    RaftStatus done =
        group.await("n3", s -> s.getSnapshots().getInstalled() > 0 && !s.isRecovering());
    say(
        "INSTALL %,d MiB over a link cut %d times: %.1f s to be there, %.1f s to be in use",
        size / MIB, cuts, downloaded, secondsSince(begun));
    say(
        "INSTALL bytes on the wire %,d = %.3f x of the size; payload received %,d = %.3f x",
        bytes,
        bytes / (double) size,
        done.getSnapshots().getReceivedBytes(),
        done.getSnapshots().getReceivedBytes() / (double) size);
    say(
        "INSTALL memory over idle while it is fetched, most of %d samples: source %s; target %s",
        samples, overSource, overTarget);
    say(
        "INSTALL heap of n3 with the state %d MiB, of its source %d MiB",
        Memory.of(group.pid("n3")).heapBytes() / MIB, idleSource.heapBytes() / MIB);
    requireAll("n3");
  }

  // --- writes while snapshots are saved ---------------------------------------------------------

  /** A span of time. */
  private record Span(long from, long to) {}

  private void save() throws Exception {
    String leader = group.leader();
    OpenLoopLoad load = load(writesPerSecond * 3_600);
    Random random = new Random(7);
    load.start(writesPerSecond, number -> random.nextInt(keys));
    sleep(10);
    List<Span> quiet = new ArrayList<>();
    List<Span> leaderSaves = new ArrayList<>();
    List<Span> allSave = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      quiet.add(quietly());
      leaderSaves.add(saving(List.of(leader)));
      quiet.add(quietly());
      allSave.add(saving(List.of("n1", "n2", "n3")));
    }
    load.stop();
    sleep(2);
    double base = told(load, "no save", quiet);
    double one = told(load, "leader saves", leaderSaves);
    double all = told(load, "all save", allSave);
    say("SAVE p99 ratio: leader saves %.2f, all save %.2f", one / base, all / base);
    say("SAVE writes that failed: %d", load.failed());
    final Memory idle = Memory.of(group.pid(leader));
    long before = group.beginSnapshot(leader);
    Memory over = new Memory(0, 0);
    for (int i = 0; i < 3; i++) {
      sleep(1);
      over = over.max(Memory.of(group.pid(leader)).minus(idle));
    }
    group.awaitSnapshot(leader, before);
    say("SAVE memory over idle while it is saved, most of 3 samples: %s", over);
  }

  private Span quietly() {
    long from = System.nanoTime();
    sleep(seconds);
    return new Span(from, System.nanoTime());
  }

  private Span saving(List<String> ids) throws IOException {
    long from = System.nanoTime();
    long[] before = new long[ids.size()];
    for (int i = 0; i < ids.size(); i++) {
      before[i] = group.beginSnapshot(ids.get(i));
    }
    for (int i = 0; i < ids.size(); i++) {
      group.awaitSnapshot(ids.get(i), before[i]);
    }
    Span span = new Span(from, System.nanoTime());
    sleep(3);
    return span;
  }

  /** Prints percentiles; gives the 99th in milliseconds. */
  private static double told(OpenLoopLoad load, String name, List<Span> spans) {
    long[] all =
        spans.stream()
            .flatMapToLong(span -> Arrays.stream(load.tookMicros(span.from, span.to)))
            .sorted()
            .toArray();
    double elapsed = spans.stream().mapToLong(span -> span.to - span.from).sum() / 1e9;
    say(
        "SAVE %-13s %,7d writes in %5.1f s (%,5.0f /s)  p50 %.1f ms  p99 %.1f ms  p99.9 %.1f ms",
        name,
        all.length,
        elapsed,
        all.length / elapsed,
        percentile(all, 50),
        percentile(all, 99),
        percentile(all, 99.9));
    return percentile(all, 99);
  }

  private static double percentile(long[] sorted, double percent) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1_000.0;
  }

  // --- restarts ---------------------------------------------------------------------------------

  private void restart() throws Exception {
    RaftStatus saved = group.snapshot("n3");
    load(0).fill(replayed, FILL_WINDOW);
    long last = group.status(group.leader()).getCommitIndex();
    group.await("n3", status -> status.getAppliedIndex() >= last);
    group.kill("n3");
    restarted(
        "RESTART from a snapshot of %,d MiB".formatted(saved.getSnapshots().getBytes() / MIB));
  }

  private void damage() throws Exception {
    List<Long> kept = group.status("n3").getSnapshots().getKept();
    group.kill("n3");
    group.damageNewestSnapshot("n3");
    SnapshotStatus now = restarted("DAMAGE in the newest snapshot").getSnapshots();
    say("DAMAGE kept before %s, now %s; it says: %s", kept, now.getKept(), now.getLastFailure());
  }

  private RaftStatus restarted(String what) throws IOException {
    long begun = System.nanoTime();
    group.start("n3");
    group.await("n3", status -> true);
    double serves = secondsSince(begun);
    RaftStatus up = group.await("n3", status -> status.getAppliedIndex() > 0);
    long from = up.getSnapshots().getLastIndex();
    up = group.awaitReady("n3");
    say(
        "%s: answers after %.1f s, ready after %.1f s; index %,d of the snapshot, then %,d entries",
        what, serves, secondsSince(begun), from, up.getAppliedIndex() - from);
    requireAll("n3");
    return up;
  }

  // --- words ------------------------------------------------------------------------------------

  private static double secondsSince(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void sleep(int seconds) {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
