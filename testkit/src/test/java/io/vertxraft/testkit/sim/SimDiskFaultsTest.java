package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** What a disk does to data that is not synced, and to data that is. */
class SimDiskFaultsTest {
  private static final long MS = 1_000_000;
  private static final GroupIdentity N1 = new GroupIdentity("cluster", "g", "n1");

  private final EntryCodec codec = new EntryCodec("g");
  private final SimRandom draw = new SimRandom(1, "test");
  private SimWorld world = new SimWorld(3, List.of("n1"));
  private RaftStorage storage;
  private Executor context;

  private SimMachine machine() {
    return world.machine("n1");
  }

  private SimDisk disk() {
    return machine().disk();
  }

  private void run(long ms) {
    world.loop().runFor(ms * MS);
  }

  private long count(WorldMark mark) {
    return world.loop().count(mark);
  }

  private Future<GroupStorage> tryToOpen() {
    SimMachine.Life life = machine().boot();
    storage = life.storage();
    context = life.scheduler();
    Future<GroupStorage> opened = storage.open(N1, context);
    run(100);
    return opened;
  }

  /** Opens the group a second time in the same life. */
  private GroupStorage reopen() {
    Future<GroupStorage> opened = storage.open(N1, context);
    run(100);
    return opened.result();
  }

  private GroupStorage open() {
    return tryToOpen().result();
  }

  private StorageWrite append(long index) {
    LogEntry entry = codec.encode(index, 1, EntryType.COMMAND, new byte[] {(byte) index});
    return new StorageWrite(null, 0, List.of(entry));
  }

  private static Kind kindOf(Future<?> failed) {
    assertThat(failed.failed()).isTrue();
    return ((StorageException) failed.cause()).kind();
  }

  @Test
  void aPowerCutKeepsLosesAndTearsUnsyncedWritesButLeavesAPrefix() {
    TreeSet<Long> survivors = new TreeSet<>();
    long torn = 0;
    long reordered = 0;
    for (int seed = 0; seed < 60; seed++) {
      world = new SimWorld(seed, List.of("n1"));
      GroupStorage group = open();
      group.write(append(1));
      run(100);
      for (long i = 2; i <= 5; i++) {
        group.write(append(i));
      }
      machine().crash();
      assertThat(disk().image("g").lastIndex()).as("certain").isEqualTo(1);
      long lastIndex = open().recovered().lastIndex();
      survivors.add(lastIndex);
      assertThat(disk().image("g").lastIndex()).isEqualTo(lastIndex);
      assertThat(count(WorldMark.UNSYNCED_KEPT)).isEqualTo(lastIndex - 1);
      assertThat(count(WorldMark.UNSYNCED_LOST)).isEqualTo(5 - lastIndex);
      torn += count(WorldMark.TORN_BATCH_CUT);
      reordered += count(WorldMark.LATER_BATCH_SURVIVED_EARLIER_LOST);
      machine().crash();
      assertThat(open().recovered().lastIndex()).as("recovered for good").isEqualTo(lastIndex);
    }
    assertThat(survivors).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(torn).isPositive();
    assertThat(reordered).isPositive();
  }

  @Test
  void aWriteThatIsSyncedWhileOthersWaitSurvivesEveryPowerCut() {
    for (int seed = 0; seed < 40; seed++) {
      world = new SimWorld(seed, List.of("n1"));
      GroupStorage group = open();
      long[] acknowledged = {0};
      for (long i = 1; i <= 20; i++) {
        long index = i;
        group.write(append(i)).onSuccess(done -> acknowledged[0] = index);
        world.loop().runFor(MS / 10);
      }
      machine().crash();
      assertThat(open().recovered().lastIndex()).isBetween(acknowledged[0], 20L);
    }
  }

  @Test
  void whatBecomesOfAFailedSyncIsOpenUntilTheProcessEnds() {
    TreeSet<Long> survivors = new TreeSet<>();
    for (int seed = 0; seed < 40; seed++) {
      world = new SimWorld(seed, List.of("n1"));
      GroupStorage group = open();
      disk().failNextSync(Kind.IO_ERROR);
      Future<Void> failed = group.write(append(1));
      run(100);
      assertThat(kindOf(failed)).isEqualTo(Kind.IO_ERROR);
      Future<Void> later = group.write(append(2));
      run(1);
      assertThat(later.cause()).isSameAs(failed.cause());
      if (seed % 2 == 0) {
        machine().kill();
      } else {
        machine().crash();
      }
      survivors.add(open().recovered().lastIndex());
      assertThat(count(WorldMark.SYNC_FAILED)).isEqualTo(1);
    }
    assertThat(survivors).containsExactly(0L, 1L);
  }

  @Test
  void aFullDiskRefusesChangesUntilThereIsRoomAndTheGroupIsOpenedAgain() {
    GroupStorage group = open();
    Future<Void> fits = group.write(append(1));
    run(100);
    disk().fill();
    Future<Void> refused = group.write(append(2));
    run(100);
    disk().freeSpace();
    Future<Void> later = group.write(append(3));
    run(100);
    assertThat(fits.succeeded()).isTrue();
    assertThat(kindOf(refused)).isEqualTo(Kind.DISK_FULL);
    assertThat(later.cause()).as("the handle is ahead of the disk").isSameAs(refused.cause());
    group.close();
    run(100);
    GroupStorage again = reopen();
    assertThat(again.recovered().lastIndex()).as("nothing of a refused write").isEqualTo(1);
    Future<Void> anew = again.write(append(2));
    run(100);
    assertThat(anew.succeeded()).isTrue();

    machine().kill();
    disk().fill();
    assertThat(kindOf(tryToOpen())).isEqualTo(Kind.DISK_FULL);
    machine().kill();
    disk().freeSpace();
    assertThat(open().recovered().lastIndex()).isEqualTo(2);
    assertThat(count(WorldMark.DISK_FULL_REFUSED)).isEqualTo(2);
  }

  @Test
  void whenRoomRunsLowTheGroupIsToldOnceAndSmallChangesAreStillTaken() {
    GroupStorage group = open();
    List<Boolean> told = new ArrayList<>();
    group.roomHandler(room -> told.add(room.low()));
    disk().runLow();
    Future<Void> small = group.write(append(1));
    run(100);
    assertThat(small.succeeded()).isTrue();
    assertThat(group.room().low()).isTrue();
    assertThat(group.room().reason()).contains("n1").contains("bytes free");
    disk().freeSpace();
    run(100);
    assertThat(told).containsExactly(true, false);
    assertThat(group.room().low()).isFalse();
  }

  @Test
  void writesUseUpTheRoom() {
    GroupStorage group = open();
    disk().freeBytes(1_000);
    long written = 0;
    Future<Void> write = group.write(append(1));
    run(10);
    while (write.succeeded() && written < 100) {
      written++;
      write = group.write(append(written + 1));
      run(10);
    }
    assertThat(kindOf(write)).isEqualTo(Kind.DISK_FULL);
    assertThat(written).isBetween(8L, 15L);
    assertThat(disk().image("g").lastIndex()).isEqualTo(written);
  }

  @Test
  void damageAtRestIsFoundWhenTheEntryIsRead() {
    GroupStorage group = open();
    for (long i = 1; i <= 3; i++) {
      group.write(append(i));
    }
    run(100);
    disk().flipBit("g", 2, draw);
    Future<List<LogEntry>> before = group.read(1, 1, Long.MAX_VALUE);
    Future<List<LogEntry>> across = group.read(1, 3, Long.MAX_VALUE);
    run(100);
    assertThat(before.succeeded()).isTrue();
    assertThat(kindOf(across)).isEqualTo(Kind.CORRUPT);
    assertThat(across.cause()).hasMessageContaining("entry 2").hasMessageContaining("n1");
    assertThat(count(WorldMark.DAMAGE_DETECTED)).isEqualTo(1);
  }

  @Test
  void everyFlippedBitOfAnEntryIsFoundWhenItsLogIsOpened() {
    GroupStorage group = open();
    group.write(append(1));
    run(100);
    for (int round = 1; round <= 300; round++) {
      machine().kill();
      assertThat(disk().flipBit(draw)).isEqualTo(1);
      assertThat(disk().damaged("g")).containsExactly(1L);
      assertThat(kindOf(tryToOpen())).isEqualTo(Kind.CORRUPT);
      assertThat(count(WorldMark.DAMAGE_DETECTED)).isEqualTo(round);
    }
  }

  @Test
  void aDamagedLogMayBeOpenedAsFarAsItIsWholeAndSaysSoUntilItIsHealed() {
    GroupStorage group = open();
    for (long i = 1; i <= 3; i++) {
      group.write(append(i));
    }
    group.write(new StorageWrite(new HardState(4, "n2"), 0, List.of()));
    run(100);
    disk().opensDamaged(true).flipBit("g", 2, draw);
    machine().kill();
    for (int life = 0; life < 2; life++) {
      RecoveredLog recovered = open().recovered();
      assertThat(recovered.health().damaged()).isTrue();
      assertThat(recovered.health().detail()).contains("entry 2");
      assertThat(recovered.lastIndex()).isEqualTo(1);
      assertThat(recovered.hardState()).isEqualTo(new HardState(4, "n2"));
      machine().kill();
    }
    GroupStorage damaged = open();
    damaged.write(append(2));
    damaged.healed();
    run(100);
    machine().kill();
    assertThat(open().recovered().health()).isEqualTo(RecoveredLog.Health.OK);
    assertThat(count(WorldMark.DAMAGE_DETECTED)).isEqualTo(1);
  }

  @Test
  void damageGoesWithTheEntry() {
    GroupStorage group = open();
    group.write(append(1));
    group.write(append(2));
    run(100);
    disk().flipBit("g", 2, draw);
    LogEntry replacement = codec.encode(2, 2, EntryType.NO_OP, new byte[0]);
    group.write(new StorageWrite(null, 2, List.of(replacement)));
    run(100);
    assertThat(disk().damaged("g")).isEmpty();
    Future<List<LogEntry>> read = group.read(1, 2, Long.MAX_VALUE);
    run(100);
    assertThat(read.result()).hasSize(2);
    assertThatThrownBy(() -> disk().flipBit("g", 3, draw))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void anEmptyDiskHasNothingToDamage() {
    assertThat(disk().flipBit(draw)).isZero();
  }

  @Test
  void aReadSeesWhatWasThereBeforeATruncationOrAfterIt() {
    TreeSet<String> outcomes = new TreeSet<>();
    for (int seed = 0; seed < 40; seed++) {
      world = new SimWorld(seed, List.of("n1"));
      GroupStorage group = open();
      group.write(append(1));
      group.write(append(2));
      run(100);
      disk().latency(MS, MS);
      Future<List<LogEntry>> read = group.read(2, 2, Long.MAX_VALUE);
      group.write(new StorageWrite(null, 2, List.of()));
      Future<List<LogEntry>> tooLate = group.read(2, 2, Long.MAX_VALUE);
      run(100);
      assertThat(tooLate.cause()).isInstanceOf(IllegalArgumentException.class);
      outcomes.add(read.succeeded() ? "before" : read.cause().getClass().getSimpleName());
    }
    assertThat(outcomes).containsExactly("IllegalArgumentException", "before");
  }
}
