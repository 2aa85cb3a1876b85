package io.vertxraft.leveldb;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Builds a new database from what is whole of a damaged one: LevelDB cannot be left with damaged
 * files, for its compactions would meet them later and stop the writes of all groups.
 */
final class Rebuild {
  private static final int BATCH_BYTES = 1024 * 1024;

  private final Database source;
  private final Database target;
  private Changes batch = new Changes();

  private Rebuild(Database source, Database target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Copies the groups and syncs.
   *
   * @param source may be null if nothing of it can be used: then only the groups themselves and
   *     their terms and votes are written
   */
  static void copy(Database source, Database target, List<Verdict> verdicts) throws IOException {
    Rebuild rebuild = new Rebuild(source, target);
    for (Verdict verdict : verdicts) {
      rebuild.copy(verdict);
    }
    rebuild.flush();
    LogFiles logs = new LogFiles(target.files());
    logs.sync(logs.numbers());
  }

  private void copy(Verdict group) throws IOException {
    put(
        Keys.of(Keys.GROUP, group.number(), 0),
        GroupRecord.encode(group.number(), group.groupId()));
    GroupMeta meta = group.meta();
    if (meta == null) {
      // Without a meta record it is refused at the next start, too.
      return;
    }
    if (source != null && meta.last() >= meta.first()) {
      EntryCodec codec = new EntryCodec(group.groupId());
      source.scanFrom(
          Keys.of(Keys.RUN, group.number(), meta.first()),
          false,
          (key, run) -> copyRun(key, run, group.number(), meta.last(), codec));
    }
    put(Keys.of(Keys.META, group.number(), 0), meta.encode(group.groupId()));
  }

  private boolean copyRun(byte[] key, byte[] run, int number, long last, EntryCodec codec) {
    if (!Keys.matches(key, Keys.RUN, number)) {
      return Keys.isBefore(key, Keys.RUN, number);
    }
    List<LogEntry> whole = Runs.decodeUpTo(last, run, Keys.index(key), codec);
    if (whole.isEmpty()) {
      return false;
    }
    put(key, Runs.encode(whole));
    return whole.get(whole.size() - 1).index() < last;
  }

  private void put(byte[] key, byte[] value) {
    batch.put(key, value);
    if (batch.encodedBytes() >= BATCH_BYTES) {
      try {
        flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void flush() throws IOException {
    if (batch.count() > 0) {
      target.write(List.of(batch));
      batch = new Changes();
    }
  }
}
