package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.RecoveredLog.TermRun;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads the whole log of a group and compares it with the group's meta record. Nothing is ever
 * repaired here: whatever does not fit may have been acknowledged.
 */
final class GroupRecovery implements Database.Visitor {
  private final Path home;
  private final String groupId;
  private final int number;
  private final GroupMeta meta;
  private final BooleanSupplier cancelled;
  private final EntryCodec codec;
  private final List<TermRun> termRuns = new ArrayList<>();
  private long last;
  private long lastTerm;

  private GroupRecovery(
      Path home, String groupId, int number, GroupMeta meta, BooleanSupplier cancelled) {
    this.home = home;
    this.groupId = groupId;
    this.number = number;
    this.meta = meta;
    this.cancelled = cancelled;
    this.codec = new EntryCodec(groupId);
    this.last = meta.first() - 1;
    this.lastTerm = meta.prevTerm();
  }

  /**
   * Checks a group.
   *
   * @param cancelled asked now and then; true ends the check with CLOSED
   * @throws StorageException CORRUPT naming directory, group, index and nature
   */
  static RecoveredLog check(
      Path home,
      Database database,
      String groupId,
      int number,
      GroupMeta meta,
      BooleanSupplier cancelled)
      throws IOException {
    GroupRecovery recovery = new GroupRecovery(home, groupId, number, meta, cancelled);
    database.scan(Keys.of(Keys.ENTRY, number, 0), false, recovery);
    return recovery.result();
  }

  @Override
  public boolean visit(byte[] key, byte[] value) {
    if (!Keys.matches(key, Keys.ENTRY, number)) {
      return false;
    }
    long index = Keys.index(key);
    if (index != last + 1) {
      throw corrupt(last + 1, "is missing, the next one there is " + index);
    }
    if (index > meta.last()) {
      throw corrupt(index, "is there although the log ends at " + meta.last());
    }
    LogEntry entry = decode(codec, value, index);
    if (entry.term() < lastTerm) {
      throw corrupt(index, "has term %d after term %d".formatted(entry.term(), lastTerm));
    }
    if (entry.term() > lastTerm || termRuns.isEmpty()) {
      termRuns.add(new TermRun(index, entry.term()));
    }
    last = index;
    lastTerm = entry.term();
    if ((index & 1023) == 0 && cancelled.getAsBoolean()) {
      throw StorageErrors.closed(home);
    }
    return true;
  }

  private LogEntry decode(EntryCodec codec, byte[] value, long index) {
    try {
      return decodeAt(codec, value, index);
    } catch (CorruptEntryException e) {
      throw corrupt(index, "is not intact (" + e.getMessage() + ")");
    }
  }

  /** Decodes an entry and checks that it stands where it belongs. */
  static LogEntry decodeAt(EntryCodec codec, byte[] value, long index) {
    LogEntry entry = codec.decode(value);
    if (entry.index() != index) {
      throw new CorruptEntryException("it claims to be entry " + entry.index());
    }
    return entry;
  }

  private RecoveredLog result() {
    if (last != meta.last()) {
      throw corrupt(last + 1, "is missing, the log should end at " + meta.last());
    }
    if (lastTerm != meta.lastTerm()) {
      throw corrupt(
          last, "has term %d, the meta record says %d".formatted(lastTerm, meta.lastTerm()));
    }
    return new RecoveredLog(
        meta.hardState(), meta.first(), meta.last(), meta.prevTerm(), termRuns, Health.OK);
  }

  private StorageException corrupt(long index, String nature) {
    return StorageErrors.corrupt(home, "group '%s': entry %d %s".formatted(groupId, index, nature));
  }
}
