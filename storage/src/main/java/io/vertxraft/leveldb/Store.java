package io.vertxraft.leveldb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A database with its {@link Journal}: a change is durable when the journal has it, and enters the
 * database some time after, together with others. Confined to the writer thread.
 */
final class Store implements AutoCloseable {
  /** So many bytes of changes are given to the database at once, if it is not asked before. */
  static final int SETTLE_BYTES = 128 * 1024;

  private final Database database;
  private final Journal journal;
  private final int settleBytes;
  private final List<Changes> pending = new ArrayList<>();
  private long pendingBytes;

  /** Who has entries that are not in the database yet, and which is the last of them. */
  private final Map<LevelDbGroup, Long> growing = new HashMap<>();

  private Throwable trouble;

  private Store(Database database, Journal journal, int settleBytes) {
    this.database = database;
    this.journal = journal;
    this.settleBytes = settleBytes;
  }

  /**
   * Begins with a database that has all changes, and makes them durable in it.
   *
   * @param generation of the journal that was there, 0 if none
   */
  static Store begin(Database database, LevelDbOptions options, long generation)
      throws IOException {
    Journal journal =
        Journal.begin(
            database.files(),
            new LogFiles(database.files()),
            options.journalSegmentBytes(),
            generation,
            database.sequence());
    return new Store(database, journal, options.settleBytes());
  }

  /** For reading; what is not {@linkplain #settle settled} is not there yet. */
  Database database() {
    return database;
  }

  /** Makes changes durable. */
  void write(Changes changes) throws IOException {
    write(changes, true);
  }

  /**
   * Takes changes.
   *
   * @param sync whether they are durable when this returns; if not, they may be lost with the
   *     power, but none before them is
   */
  void write(Changes changes, boolean sync) throws IOException {
    if (changes.count() == 0) {
      return;
    }
    if (!journal.hasRoomFor(changes)) {
      settle();
      journal.nextSegment();
    }
    journal.append(changes, sync);
    pending.add(changes);
    pendingBytes += changes.encodedBytes();
  }

  /** Says that a group has grown by the changes before: it wants to know when it can be read. */
  void grown(LevelDbGroup group, long last) {
    growing.put(group, last);
  }

  /** Gives the changes to the database if there are many. */
  void settleIfDue() throws IOException {
    if (pendingBytes >= settleBytes) {
      settle();
    }
  }

  /**
   * Gives all changes to the database. Also after a failure of the journal: what is here was
   * acknowledged. But never again after one of the database, which may have taken a part.
   */
  void settle() throws IOException {
    if (trouble != null) {
      throw new IOException("an earlier write to the database has failed", trouble);
    }
    if (!pending.isEmpty()) {
      try {
        database.write(pending);
      } catch (IOException | RuntimeException | Error e) {
        trouble = e;
        throw e;
      }
      pending.clear();
      pendingBytes = 0;
    }
    growing.forEach(LevelDbGroup::settled);
    growing.clear();
  }

  /** Leaves behind a database that is durable by itself, and an empty journal; closes both. */
  void closeSettled() throws IOException {
    try (this) {
      settle();
      journal.restart();
    }
  }

  /** Closes both as they are. */
  @Override
  public void close() throws IOException {
    try (database;
        journal) {
      pending.clear();
    }
  }
}
