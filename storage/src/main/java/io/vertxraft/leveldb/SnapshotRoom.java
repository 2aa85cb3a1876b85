package io.vertxraft.leveldb;

import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Keeps snapshots from taking the room that the log needs: LevelDB must never meet a full disk, see
 * {@link RoomGuard}.
 */
final class SnapshotRoom {
  private final Path home;
  private final FreeSpace freeSpace;
  private final long floorBytes;
  private final Supplier<Room> logRoom;

  /**
   * The room for snapshots.
   *
   * @param logRoom what the log was last found to have
   */
  SnapshotRoom(Path home, LevelDbOptions options, FreeSpace freeSpace, Supplier<Room> logRoom) {
    this.home = home;
    this.freeSpace = freeSpace;
    this.floorBytes = RoomGuard.snapshotFloorBytes(options);
    this.logRoom = logRoom;
  }

  /**
   * Asked before a snapshot is begun.
   *
   * @throws StorageException DISK_FULL if the log has little room left
   */
  void requireNotLow() {
    Room room = logRoom.get();
    if (room.low()) {
      throw SnapshotErrors.full(home.resolve(SnapshotPaths.ROOT), room.reason());
    }
  }

  /**
   * Asked before bytes are written.
   *
   * @throws StorageException DISK_FULL if the log would have too little left
   */
  void require(long bytes) throws IOException {
    long usable = freeSpace.usableBytes(home);
    if (usable < floorBytes || usable - floorBytes < bytes) {
      throw SnapshotErrors.full(
          home.resolve(SnapshotPaths.ROOT),
          "%d bytes are free on disk, too few for %d more: %d are kept for the log"
              .formatted(usable, bytes, floorBytes));
    }
  }
}
