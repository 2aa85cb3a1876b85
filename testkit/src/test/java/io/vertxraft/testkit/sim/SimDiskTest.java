package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {
  private static final long MS = 1_000_000;
  private static final GroupIdentity N1 = new GroupIdentity("cluster", "g", "n1");

  private final EntryCodec codec = new EntryCodec("g");
  private SimWorld world = new SimWorld(3, List.of("n1"));

  private SimMachine machine() {
    return world.machine("n1");
  }

  private void run(long ms) {
    world.loop().runFor(ms * MS);
  }

  private GroupStorage open() {
    SimMachine.Life life = machine().boot();
    Future<GroupStorage> opened = life.storage().open(N1, life.scheduler());
    assertThat(opened.isComplete()).isFalse();
    run(100);
    return opened.result();
  }

  private StorageWrite append(long index, long term) {
    LogEntry entry = codec.encode(index, term, EntryType.COMMAND, new byte[] {(byte) index});
    return new StorageWrite(null, 0, List.of(entry));
  }

  private static StorageException.Kind kindOf(Future<?> failed) {
    assertThat(failed.failed()).isTrue();
    return ((StorageException) failed.cause()).kind();
  }

  @Test
  void writesBecomeDurableAndCompleteInOrderNeverInline() {
    GroupStorage group = open();
    List<Long> completed = new ArrayList<>();
    for (long i = 1; i <= 5; i++) {
      long index = i;
      group.write(append(i, 1)).onSuccess(done -> completed.add(index));
      assertThat(completed).isEmpty();
      assertThat(machine().disk().image("g").lastIndex()).isZero();
    }
    assertThat(machine().disk().acceptedLog("g").lastIndex()).isEqualTo(5);
    run(100);
    assertThat(completed).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(machine().disk().image("g").lastIndex()).isEqualTo(5);
    assertThat(machine().disk().syncs()).as("what waits is synced together").isLessThanOrEqualTo(3);
  }

  @Test
  void aCompletedWriteSurvivesACrashAndAPrefixOfTheOthersMay() {
    TreeSet<Long> survivors = new TreeSet<>();
    for (int seed = 0; seed < 60; seed++) {
      world = new SimWorld(seed, List.of("n1"));
      GroupStorage group = open();
      group.write(append(1, 1));
      run(100);
      for (long i = 2; i <= 5; i++) {
        group.write(append(i, 1));
      }
      machine().crash();
      long lastIndex = open().recovered().lastIndex();
      assertThat(lastIndex).isBetween(1L, 5L);
      survivors.add(lastIndex);
    }
    assertThat(survivors).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void aKilledProcessLosesNothingThatItWrote() {
    GroupStorage group = open();
    group.write(append(1, 1));
    group.write(append(2, 1));
    machine().kill();
    assertThat(open().recovered().lastIndex()).isEqualTo(2);
  }

  @Test
  void hardStateTruncationAndTermRunsAreRecovered() {
    GroupStorage group = open();
    group.write(append(1, 1));
    group.write(append(2, 1));
    group.write(append(3, 2));
    LogEntry replacement = codec.encode(2, 4, EntryType.NO_OP, new byte[0]);
    group.write(new StorageWrite(new HardState(4, "n1"), 2, List.of(replacement)));
    run(100);
    machine().crash();
    GroupStorage again = open();
    assertThat(again.recovered().hardState()).isEqualTo(new HardState(4, "n1"));
    assertThat(again.recovered().lastIndex()).isEqualTo(2);
    assertThat(again.recovered().termRuns())
        .hasToString("[TermRun[firstIndex=1, term=1], TermRun[firstIndex=2, term=4]]");
    Future<List<LogEntry>> read = again.read(1, 2, Long.MAX_VALUE);
    run(100);
    assertThat(read.result()).extracting(LogEntry::term).containsExactly(1L, 4L);
    assertThat(read.result().get(1)).isEqualTo(replacement).isNotSameAs(replacement);
  }

  @Test
  void aReadStopsAtItsBudgetButGivesOneEntry() {
    GroupStorage group = open();
    for (long i = 1; i <= 4; i++) {
      group.write(append(i, 1));
    }
    run(100);
    Future<List<LogEntry>> one = group.read(2, 4, 1);
    Future<List<LogEntry>> two = group.read(2, 4, 50);
    Future<List<LogEntry>> beyond = group.read(2, 5, 50);
    run(100);
    assertThat(one.result()).extracting(LogEntry::index).containsExactly(2L);
    assertThat(two.result()).extracting(LogEntry::index).containsExactly(2L, 3L);
    assertThat(beyond.failed()).isTrue();
  }

  @Test
  void aWriteThatLeavesAGapIsRefusedAndChangesNothing() {
    GroupStorage group = open();
    Future<Void> gap = group.write(append(2, 1));
    Future<Void> fine = group.write(append(1, 1));
    run(100);
    assertThat(gap.failed()).isTrue();
    assertThat(fine.succeeded()).isTrue();
    assertThat(machine().disk().image("g").lastIndex()).isEqualTo(1);
  }

  @Test
  void aFailedSyncIsFinalForTheLife() {
    GroupStorage group = open();
    machine().disk().failNextSync(Kind.IO_ERROR);
    Future<Void> first = group.write(append(1, 1));
    Future<Void> second = group.write(append(2, 1));
    run(100);
    Future<Void> later = group.write(append(3, 1));
    Future<List<LogEntry>> read = group.read(1, 1, 1);
    run(100);
    assertThat(kindOf(first)).isEqualTo(Kind.IO_ERROR);
    assertThat(second.cause()).isSameAs(first.cause());
    assertThat(later.cause()).isSameAs(first.cause());
    assertThat(read.cause()).isSameAs(first.cause());
    machine().crash();
    assertThat(open().recovered().lastIndex()).isBetween(0L, 2L);
  }

  @Test
  void aStalledDiskFinishesLater() {
    GroupStorage group = open();
    Future<Void> written = group.write(append(1, 1));
    machine().disk().stall(1_000 * MS);
    run(999);
    assertThat(written.isComplete()).isFalse();
    run(2);
    assertThat(written.succeeded()).isTrue();
  }

  @Test
  void nobodyElseOpensTheDiskAndNobodyTwice() {
    open();
    SimMachine.Life life = machine().life();
    Future<GroupStorage> twice = life.storage().open(N1, life.scheduler());
    Future<GroupStorage> otherHandle = machine().disk().storage().open(N1, life.scheduler());
    Future<GroupStorage> otherNode =
        life.storage().open(new GroupIdentity("cluster", "g", "n2"), life.scheduler());
    Future<GroupStorage> otherCluster =
        life.storage().open(new GroupIdentity("other", "g", "n1"), life.scheduler());
    run(100);
    assertThat(kindOf(twice)).isEqualTo(Kind.LOCKED);
    assertThat(kindOf(otherHandle)).isEqualTo(Kind.LOCKED);
    assertThat(kindOf(otherNode)).isEqualTo(Kind.WRONG_OWNER);
    assertThat(kindOf(otherCluster)).isEqualTo(Kind.WRONG_OWNER);
  }

  @Test
  void closingFinishesPendingWritesAndReleasesTheDisk() {
    GroupStorage group = open();
    SimMachine.Life life = machine().life();
    Future<Void> written = group.write(append(1, 1));
    Future<Void> closed = life.storage().close();
    Future<Void> late = group.write(append(2, 1));
    run(100);
    assertThat(written.succeeded()).isTrue();
    assertThat(closed.succeeded()).isTrue();
    assertThat(kindOf(late)).isEqualTo(Kind.CLOSED);
    Future<GroupStorage> again = machine().disk().storage().open(N1, life.scheduler());
    run(100);
    assertThat(again.result().recovered().lastIndex()).isEqualTo(1);
  }
}
