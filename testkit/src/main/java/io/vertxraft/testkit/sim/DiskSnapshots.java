package io.vertxraft.testkit.sim;

import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.testkit.snapshot.SnapshotMedium.Step;
import java.util.EnumSet;
import java.util.Set;

/** The steps of snapshots on a disk: how long they take, and what goes wrong with them. */
final class DiskSnapshots {
  private final SimLoop loop;
  private final String disk;
  private final int owner;
  private final DiskRoom room;
  private final DiskTime time;
  private final SimRandom random;
  private final StorageCalls steps;
  private final Set<SnapshotFault> waiting = EnumSet.noneOf(SnapshotFault.class);

  DiskSnapshots(
      SimLoop loop, String disk, int owner, DiskRoom room, DiskTime time, SimRandom random) {
    this.loop = loop;
    this.disk = disk;
    this.owner = owner;
    this.room = room;
    this.time = time;
    this.random = random;
    this.steps = new StorageCalls(loop, WorldMark.CRASH_INSIDE_SNAPSHOT);
  }

  SimRandom random() {
    return random;
  }

  /** The steps themselves, in which the power may go. */
  StorageCalls steps() {
    return steps;
  }

  /** Runs {@code end} when a step that moves {@code bytes} is over. */
  void after(long bytes, Runnable end) {
    time.after(TraceKind.DISK_SNAPSHOT, bytes, end);
  }

  /** The next step that can go wrong in this way does. */
  void add(SnapshotFault fault) {
    loop.record(TraceKind.FAULT, owner, fault.ordinal(), 0, fault);
    waiting.add(fault);
  }

  /** Nothing more is to go wrong. */
  void clear() {
    waiting.clear();
  }

  /** What goes wrong with a step that ends now, or null. */
  SnapshotFault next(Step step) {
    for (SnapshotFault fault : waiting) {
      if (fault.strikes(step)) {
        waiting.remove(fault);
        loop.record(TraceKind.DISK_FAULT, owner, step.ordinal(), fault.ordinal(), fault);
        loop.reached(
            fault == SnapshotFault.HANG
                ? WorldMark.SNAPSHOT_STEP_HUNG
                : WorldMark.SNAPSHOT_STEP_FAILED);
        return fault;
      }
    }
    return null;
  }

  /** How a step fails, or null if it does not. */
  StorageException failure(SnapshotFault fault, Step step, long bytes) {
    if (step.writes() && bytes > room.freeBytes()) {
      loop.reached(WorldMark.DISK_FULL_REFUSED);
      return room.refusal();
    }
    if (fault == null || fault == SnapshotFault.LOST_SYNC) {
      return null;
    }
    Kind kind = fault == SnapshotFault.NO_ROOM ? Kind.DISK_FULL : Kind.IO_ERROR;
    return new StorageException(
        kind, "disk '%s': %s of a snapshot: %s".formatted(disk, step, fault));
  }

  /** What is there is not what it should be, or what was left is used. */
  void reached(WorldMark mark) {
    loop.reached(mark);
  }
}
