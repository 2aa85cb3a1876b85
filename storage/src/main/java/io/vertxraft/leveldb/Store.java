package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * A database with its {@link Journal}: a change is durable when the journal has it, and enters the
 * database some time after, together with others, on a thread of its own: LevelDB may make a write
 * wait until it has written a table, and nobody who is acknowledged has to wait for that. Of a long
 * run only its {@linkplain RunPlace place} enters.
 *
 * <p>All methods are for the writer thread.
 */
final class Store implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Store.class.getName());

  /** So many bytes of changes are given to the database at once, if it is not asked before. */
  static final int SETTLE_BYTES = 128 * 1024;

  /** So many segments may be there of which less than a part is needed. */
  static final int SPARSE_SEGMENTS_MAX = 8;

  private static final int SPARSE_PART = 4;

  /** So many bytes may wait for the database; more make the writer wait for it. */
  private static final int BACKLOG_BYTES_MAX = 4 * 1024 * 1024;

  private final Database database;
  private final Journal journal;
  private final SegmentUses uses;
  private final int settleBytes;
  private final int longRunBytes;
  private final ExecutorService filer;
  private List<Changes> pending = new ArrayList<>();
  private long pendingBytes;

  /** Whether something of that may still be lost with the power. */
  private boolean pendingUnsynced;

  /** Who has entries that are not in the database yet, and which is the last of them. */
  private Map<LevelDbGroup, Long> growing = new HashMap<>();

  /** What was given to the database last. */
  private Future<?> filing = CompletableFuture.completedFuture(null);

  /** Whether there may be more segments now of which little is needed. */
  private boolean looksForSparse;

  /** Segments of which something is needed that cannot be read. */
  private final Set<Long> unreadable = new HashSet<>();

  private Store(Database database, Journal journal, SegmentUses uses, LevelDbOptions options) {
    this.database = database;
    this.journal = journal;
    this.uses = uses;
    this.settleBytes = options.settleBytes();
    this.longRunBytes = options.longRunBytes();
    this.filer = Threads.single("raft-log-filer " + database.files());
  }

  /**
   * Begins with a database that has all changes, and makes them durable in it.
   *
   * @param generation of the journal that was there, 0 if none
   */
  static Store begin(Database database, LevelDbOptions options, long generation)
      throws IOException {
    SegmentUses uses = SegmentUses.of(database);
    Journal journal =
        Journal.begin(
            database.files(),
            new LogFiles(database.files()),
            options.journalSegmentBytes(),
            generation,
            database.sequence());
    Store store = new Store(database, journal, uses, options);
    try {
      store.reclaim();
      return store;
    } catch (Throwable e) {
      store.filer.shutdown();
      journal.close();
      throw e;
    }
  }

  /** Gives the room of segments free of which nothing is needed any more. */
  void reclaim() throws IOException {
    boolean settled = false;
    looksForSparse = true;
    for (long segment : journal.settledSegments()) {
      if (uses.neededBytes(segment) == 0) {
        if (!settled) {
          // Whoever finds a place, now or after a power cut, must find what is there.
          settle();
          settled = true;
        }
        uses.forget(segment);
        journal.release(segment);
      }
    }
  }

  /**
   * Gives the room of the oldest segment free of which little is needed, if there are many of them:
   * what is needed enters the database. Else a group that rarely cuts off its log would keep the
   * segments of all others.
   *
   * @return whether there was one
   */
  boolean reclaimSparse() throws IOException {
    if (!looksForSparse) {
      return false;
    }
    List<Long> sparse = new ArrayList<>();
    for (long segment : journal.settledSegments()) {
      if (uses.neededBytes(segment) < journal.segmentBytes() / SPARSE_PART
          && !unreadable.contains(segment)) {
        sparse.add(segment);
      }
    }
    looksForSparse = sparse.size() > SPARSE_SEGMENTS_MAX;
    if (looksForSparse) {
      moveInside(sparse.get(0));
    }
    return looksForSparse;
  }

  private void moveInside(long segment) throws IOException {
    settle();
    Changes inside = new Changes();
    try {
      for (int group : uses.groups(segment)) {
        for (Map.Entry<byte[], byte[]> place : places(segment, group).entrySet()) {
          inside.putInside(place.getKey(), database.run(place.getKey(), place.getValue()));
        }
      }
    } catch (CorruptEntryException e) {
      String what = "segment " + segment + " of the journal in " + database.files() + " stays";
      LOG.log(System.Logger.Level.ERROR, what, e);
      unreadable.add(segment);
      return;
    }
    // Synced: the place is written over soon.
    write(inside);
    uses.forget(segment);
    reclaim();
  }

  private Map<byte[], byte[]> places(long segment, int group) throws IOException {
    Map<byte[], byte[]> places = new TreeMap<>(Arrays::compareUnsigned);
    database.scanPlaces(
        Keys.of(Keys.RUN, group, 0),
        (key, record) -> {
          if (!Keys.matches(key, Keys.RUN, group)) {
            return false;
          }
          if (RunPlace.is(key, record) && RunPlace.decode(record).segment() == segment) {
            places.put(key, record);
          }
          return true;
        });
    return places;
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
      reclaim();
    }
    long at = journal.append(changes, sync);
    pendingUnsynced = !sync;
    Changes placed = changes.placed(journal.segment(), at, longRunBytes);
    placed.noteIn(uses);
    pending.add(placed);
    pendingBytes += changes.encodedBytes();
  }

  /** Says that a group has grown by the changes before: it wants to know when it can be read. */
  void grown(LevelDbGroup group, long last) {
    growing.put(group, last);
  }

  /** Gives the changes to the database if there are many, and does not wait. */
  void settleIfDue() throws IOException {
    if (pendingBytes < settleBytes) {
      return;
    }
    if (filing.isDone() || pendingBytes >= BACKLOG_BYTES_MAX) {
      awaitFiling();
      file();
    }
  }

  /**
   * Gives all changes to the database, and waits until it has them; they are durable then. Also
   * after a failure of the journal: what is here was acknowledged. But never again after one of the
   * database, which may have taken a part.
   */
  void settle() throws IOException {
    awaitFiling();
    if (!pending.isEmpty() || !growing.isEmpty()) {
      file();
      awaitFiling();
    }
  }

  private void file() throws IOException {
    // LevelDB never has what the journal may lose: from what LevelDB knows a start tells whether
    // the journal is whole.
    if (pendingUnsynced) {
      journal.sync();
      pendingUnsynced = false;
    }
    filing = filer.submit(takePending());
  }

  private Callable<Void> takePending() {
    List<Changes> changes = pending;
    Map<LevelDbGroup, Long> grown = growing;
    pending = new ArrayList<>();
    growing = new HashMap<>();
    pendingBytes = 0;
    return () -> {
      if (!changes.isEmpty()) {
        database.write(changes);
      }
      grown.forEach(LevelDbGroup::settled);
      return null;
    };
  }

  private void awaitFiling() throws IOException {
    boolean interrupted = false;
    while (true) {
      try {
        Object unused = filing.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IOException(e.getCause().getMessage(), e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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
    filer.shutdown();
    Threads.awaitEnd(filer);
    try (database;
        journal) {
      pending.clear();
    }
  }
}
