package io.vertxraft.leveldb;

import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps LevelDB from ever meeting a full disk: it writes through memory maps, so that the wall
 * would be a SIGBUS, which ends the process. Confined to the writer thread.
 *
 * <p>There are two limits. Below {@code freeSpaceBytesMin} room is <em>low</em>: the members are
 * asked to append no entries, while terms, votes and truncations still go to the disk. Below the
 * <em>floor</em> nothing is given to LevelDB. The floor covers what LevelDB may write in the
 * background on its own account after a last batch: its log and the two memory tables it turns into
 * files (three write buffers), and one compaction of level 0, which rewrites at most the twelve
 * files at which it stops writers and one more (thirteen write buffers), together with the part of
 * level 1 that overlaps, or a compaction further down (64 MiB).
 *
 * <p>Another program that takes more than the floor between two looks can still do harm: give the
 * directory a file system of its own, or a quota to the others.
 */
final class RoomGuard {
  private static final int FLOOR_WRITE_BUFFERS = 16;
  private static final long FLOOR_BYTES = 64L * 1024 * 1024;

  /** Low begins at least this far above the floor: room for terms, votes and truncations. */
  private static final long RESERVE_BYTES = 32L * 1024 * 1024;

  private final Path home;
  private final FreeSpace freeSpace;
  private final long floorBytes;
  private final long lowBytes;
  private Room room = Room.UNLIMITED;

  RoomGuard(Path home, LevelDbOptions options, FreeSpace freeSpace) {
    this.home = home;
    this.freeSpace = freeSpace;
    this.floorBytes = floorBytes(options);
    this.lowBytes = Math.max(options.getFreeSpaceBytesMin(), floorBytes + RESERVE_BYTES);
  }

  static long floorBytes(LevelDbOptions options) {
    return (long) FLOOR_WRITE_BUFFERS * options.getWriteBufferBytes() + FLOOR_BYTES;
  }

  /** What snapshots must leave free: the floor, and the room for terms, votes and truncations. */
  static long snapshotFloorBytes(LevelDbOptions options) {
    return floorBytes(options) + RESERVE_BYTES;
  }

  /** Looks at the disk. Room that was low is so until there is an eighth more than that. */
  Room look() throws IOException {
    long usable = freeSpace.usableBytes(home);
    boolean low = usable < (room.low() ? lowBytes + lowBytes / 8 : lowBytes);
    room = low ? new Room(true, usable, lowReason(usable)) : new Room(false, usable, "");
    return room;
  }

  /** The room there was at the last look. */
  Room last() {
    return room;
  }

  private String lowReason(long usable) {
    return ("storage directory '%s' has %d bytes free on disk, below the %d at which no more entries"
            + " are taken (freeSpaceBytesMin): free some space, the member goes on by itself")
        .formatted(home, usable, lowBytes);
  }

  /**
   * Looks at the disk before {@code bytes} are written.
   *
   * @return why nothing may be written, or null
   */
  StorageException refusal(long bytes) throws IOException {
    long usable = look().usableBytes();
    if (usable >= floorBytes + bytes) {
      return null;
    }
    return new StorageException(
        Kind.DISK_FULL,
        ("storage directory '%s' has %d bytes free on disk, too few to write %d more: %d are kept so"
                + " that LevelDB never meets a full disk, which would end the process. Nothing was"
                + " written; free some space, the member goes on by itself")
            .formatted(home, usable, bytes, floorBytes));
  }
}
