package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** want of room is told before it hurts, and goes away by itself. */
class RoomTest {
  private static final GroupIdentity OTHER = new GroupIdentity("c", "g2", "n1");
  private static final long MIB = 1024 * 1024;

  @TempDir Path directory;
  private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
  private LevelDbOptions options;
  private long floorBytes;
  private LevelDbStorage storage;
  private GroupStorage group;

  @BeforeEach
  void open() throws Exception {
    options = TestLog.options(directory).setWriteBufferBytes((int) MIB);
    options.setFreeSpaceBytesMin(200 * MIB);
    floorBytes = RoomGuard.floorBytes(options);
    storage = LevelDbStorage.create(options, home -> free.get());
    group = TestLog.open(storage);
  }

  @AfterEach
  void close() throws Exception {
    TestLog.await(storage.close());
  }

  @Test
  void theFloorLeavesRoomForAllThatLevelDbMayWriteOnItsOwnAccount() {
    assertThat(floorBytes).isEqualTo(80 * MIB);
  }

  @Test
  void lowRoomIsToldWithoutAnyWriteAndSoIsItsEnd() throws Exception {
    BlockingQueue<Room> told = new LinkedBlockingQueue<>();
    group.roomHandler(told::add);
    assertThat(group.room().low()).isFalse();
    free.set(200 * MIB - 1);
    Room low = told.poll(20, TimeUnit.SECONDS);
    assertThat(low.low()).isTrue();
    assertThat(low.reason())
        .contains(directory.toString(), "209715199 bytes free", "209715200", "by itself");
    assertThat(group.room()).isEqualTo(low);
    // A little more is not enough: it would flicker.
    free.set(220 * MIB);
    free.set(226 * MIB);
    Room enough = told.poll(20, TimeUnit.SECONDS);
    assertThat(enough).isEqualTo(new Room(false, 226 * MIB, ""));
    assertThat(told).isEmpty();
  }

  @Test
  void whileRoomIsLowTermsVotesAndTruncationsAreStillWritten() throws Exception {
    TestLog.await(group.write(TestLog.append(1, 9, 1, 10)));
    free.set(floorBytes + MIB);
    HardState vote = new HardState(5, "n2");
    TestLog.await(group.write(new StorageWrite(vote, 4, List.of())));
    assertThat(group.room().low()).isTrue();
    TestLog.await(storage.close());
    assertThat(reopen().recovered().hardState()).isEqualTo(vote);
    assertThat(group.recovered().lastIndex()).isEqualTo(3);
  }

  private GroupStorage reopen() throws Exception {
    storage = LevelDbStorage.create(options, home -> free.get());
    group = TestLog.open(storage);
    return group;
  }

  @Test
  void belowTheFloorAWriteIsRefusedAndTheGroupOpenedAgainGoesOn() throws Exception {
    GroupStorage other = TestLog.await(storage.open(OTHER, Runnable::run));
    TestLog.await(group.write(TestLog.append(1, 3, 1, 10)));
    free.set(floorBytes);
    StorageException refused = refusal(TestLog.append(4, 4, 1, 10));
    assertThat(refused.kind()).isEqualTo(Kind.DISK_FULL);
    assertThat(refused).hasMessageContaining("Nothing was written").hasMessageContaining("free");
    free.set(Long.MAX_VALUE);
    assertThat(refusal(TestLog.append(5, 5, 1, 10)))
        .as("this handle is ahead of the disk")
        .isSameAs(refused);
    TestLog.await(other.write(new StorageWrite(new HardState(1, "n1"), 0, List.of())));
    TestLog.await(group.close());
    group = TestLog.open(storage);
    assertThat(group.recovered().lastIndex()).isEqualTo(3);
    TestLog.await(group.write(TestLog.append(4, 4, 1, 10)));
  }

  private StorageException refusal(StorageWrite write) {
    return catchThrowableOfType(StorageException.class, () -> TestLog.await(group.write(write)));
  }

  @Test
  void aDiskWithoutRoomIsRefusedBeforeAnythingIsCreated() throws Exception {
    free.set(floorBytes - 1);
    LevelDbStorage second =
        LevelDbStorage.create(
            TestLog.options(directory.resolve("second")).setWriteBufferBytes((int) MIB),
            home -> free.get());
    StorageException refusal =
        catchThrowableOfType(StorageException.class, () -> TestLog.open(second));
    TestLog.await(second.close());
    assertThat(refusal.kind()).isEqualTo(Kind.DISK_FULL);
    assertThat(directory.resolve("second/db")).doesNotExist();
  }
}
