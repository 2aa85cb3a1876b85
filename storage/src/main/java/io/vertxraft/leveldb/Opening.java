package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Opens what a directory holds, whole or damaged: finds out what can be relied on, and leaves
 * behind a database and a watermark that agree.
 */
final class Opening implements AutoCloseable {
  /** What is open now. */
  record Opened(Store store, Watermark watermark, Map<String, GroupState> groups) {}

  private static final System.Logger LOG = System.getLogger(Opening.class.getName());

  private final DataDirectory directory;
  private final LevelDbOptions options;
  private final RoomGuard room;
  private final BooleanSupplier cancelled;
  private JournalReader journal;
  private Database database;
  private Store store;
  private Watermark watermark;

  Opening(
      DataDirectory directory, LevelDbOptions options, RoomGuard room, BooleanSupplier cancelled) {
    this.directory = directory;
    this.options = options;
    this.room = room;
    this.cancelled = cancelled;
  }

  /**
   * Opens. After a failure {@link #close} releases what is open.
   *
   * @throws StorageException naming the directory, the nature and the remedy
   */
  Opened open() throws IOException {
    directory.settleRebuilding();
    if (!directory.ready()) {
      create();
      return new Opened(store, watermark, new LinkedHashMap<>());
    }
    Map<Integer, Witness> witnesses = Watermark.read(directory.watermark());
    journal = JournalReader.read(Journal.in(directory.database()));
    List<Verdict> verdicts = recover(witnesses);
    store = Store.begin(database, options, journal.generation());
    watermark = Watermark.open(directory.watermark(), System.nanoTime());
    Map<String, GroupState> groups = new LinkedHashMap<>();
    boolean changed = false;
    for (Verdict verdict : verdicts) {
      GroupState state = state(verdict);
      groups.put(state.groupId, state);
      if (state.refusal == null && !(verdict.witnessed() && verdict.inDatabase())) {
        watermark.promise(state.number, state.promise);
        watermark.mark(state.number, Witness.Mark.of(state.meta));
        changed = true;
      }
    }
    if (changed) {
      // Before anybody acts on a term or vote that only the database knows.
      watermark.sync();
      DataDirectory.sync(directory.home());
    }
    return new Opened(store, watermark, groups);
  }

  private void create() throws IOException {
    database = Database.open(directory.home(), directory.database(), true, 0, options);
    store = Store.begin(database, options, 0);
    watermark = Watermark.open(directory.watermark(), System.nanoTime());
    watermark.sync();
    DataDirectory.sync(directory.database());
    DataDirectory.sync(directory.home());
    directory.markReady();
  }

  private static GroupState state(Verdict verdict) {
    GroupMeta meta = verdict.meta() == null ? GroupMeta.EMPTY : verdict.meta();
    GroupState state = new GroupState(verdict.number(), verdict.groupId(), meta);
    state.refusal = verdict.refusal();
    state.found = verdict.meta() == null ? null : verdict.recovered();
    return state;
  }

  private List<Verdict> recover(Map<Integer, Witness> witnesses) throws IOException {
    Path files = directory.database();
    if (!Files.exists(files.resolve("CURRENT"))) {
      return rebuild(null, witnesses, "the database has lost its file db/CURRENT");
    }
    TornTail tail = TornTail.inspect(files, journal);
    if (tail.damage() != null) {
      return recoverBefore(tail, witnesses);
    }
    String torn = tail.torn();
    tail.cut(directory.home());
    String refusal = tryToOpen(files, tail.sequence());
    if (refusal != null) {
      return rebuild(null, witnesses, refusal);
    }
    if (journal.hasMoreThan(tail.reached())) {
      SegmentFiles.markReplay(Journal.in(files), journal.generation());
    }
    replay(tail);
    List<Verdict> verdicts = judge(database, witnesses, null, torn);
    if (verdicts.stream().anyMatch(Verdict::unreadable)) {
      return rebuild(database, verdicts);
    }
    writeVerdicts(verdicts);
    return verdicts;
  }

  /** A log is damaged, with batches behind the damage that were synced: what is before counts. */
  private List<Verdict> recoverBefore(TornTail tail, Map<Integer, Witness> witnesses)
      throws IOException {
    String nature = tail.damage().nature();
    if (!tail.damage().isLog()) {
      return rebuild(null, witnesses, nature);
    }
    DatabaseCopy.make(directory.database(), tail, directory.scratch());
    String refusal = tryToOpen(directory.scratch(), tail.sequence());
    if (refusal != null) {
      return rebuild(null, witnesses, nature + "; " + refusal);
    }
    replay(tail);
    return rebuild(database, witnesses, nature);
  }

  /** Gives the database what only the journal has. */
  private void replay(TornTail tail) throws IOException {
    long changes = journal.replay(database, tail.reached(), options.longRunBytes());
    if (changes > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0} changes have come from the journal into the database of ''{1}''",
          Long.toString(changes),
          directory.home());
    }
  }

  /** Opens {@link #database}; returns why LevelDB finds it damaged, or null if it does not. */
  private String tryToOpen(Path files, long sequence) throws IOException {
    try {
      Path runs = Journal.in(directory.database());
      database = Database.open(directory.home(), files, runs, false, sequence, options);
      return null;
    } catch (IOException | RuntimeException e) {
      StorageException failure = StorageErrors.of(directory.home(), "Opening", e);
      if (failure.kind() != Kind.CORRUPT) {
        throw failure;
      }
      return "LevelDB refuses the database (%s)".formatted(e.getMessage());
    }
  }

  private List<Verdict> judge(
      Database source, Map<Integer, Witness> witnesses, String fileDamage, String torn)
      throws IOException {
    return new Judge(directory.home(), source, witnesses, fileDamage, torn, cancelled).judge();
  }

  private List<Verdict> rebuild(Database source, Map<Integer, Witness> witnesses, String fileDamage)
      throws IOException {
    return rebuild(source, judge(source, witnesses, fileDamage, ""));
  }

  private List<Verdict> rebuild(Database source, List<Verdict> verdicts) throws IOException {
    if (verdicts.stream().allMatch(verdict -> verdict.refusal() != null)) {
      throw verdicts.get(0).refusal();
    }
    long bytes = source == null ? 0 : treeBytes(directory.database());
    StorageException full = room.refusal(bytes);
    if (full != null) {
      throw full;
    }
    long sequence;
    try (Database target = Database.open(directory.home(), directory.rebuilt(), true, 0, options)) {
      Rebuild.copy(source, target, verdicts);
      sequence = target.sequence();
    }
    if (database != null) {
      database.close();
      database = null;
    }
    directory.swapRebuilt();
    LOG.log(
        System.Logger.Level.ERROR,
        "the database of ''{0}'' was damaged and has been built anew from what was whole; as it was"
            + " it is kept as ''{1}'' until the next damage",
        directory.home(),
        directory.damaged());
    database = Database.open(directory.home(), directory.database(), false, sequence, options);
    return verdicts;
  }

  /** Changes the meta records in place: nothing of the database itself is damaged. */
  private void writeVerdicts(List<Verdict> verdicts) throws IOException {
    if (verdicts.stream().allMatch(Verdict::inDatabase)) {
      return;
    }
    StorageException full = room.refusal(0);
    if (full != null) {
      throw full;
    }
    Changes changes = new Changes();
    for (Verdict verdict : verdicts) {
      int number = verdict.number();
      if (verdict.refusal() != null) {
        changes.put(Keys.of(Keys.META, number, 0), GroupMeta.REVOKED);
      } else if (!verdict.inDatabase()) {
        changes.put(Keys.of(Keys.GROUP, number, 0), GroupRecord.encode(number, verdict.groupId()));
        changes.put(Keys.of(Keys.META, number, 0), verdict.meta().encode(verdict.groupId()));
      }
    }
    database.write(List.of(changes));
  }

  private static long treeBytes(Path path) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    Watermark openWatermark = watermark;
    Store openStore = store;
    Database openDatabase = database;
    try (openWatermark;
        openDatabase;
        openStore) {
      LOG.log(System.Logger.Level.DEBUG, "giving up the opening of {0}", directory.home());
    }
  }
}
