package io.vertxraft.leveldb;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Looks into a storage directory without changing anything in it, for operators' tools.
 *
 * <p>LevelDB changes every database that it opens. So a copy is opened, in the directory for
 * temporary files; the tables, which are most of it, are only linked. A member that runs keeps its
 * directory to itself: then nothing is looked at. While an inspector is open, a member that starts
 * is told that the directory is in use. Methods are called from one thread.
 */
public final class StorageInspector implements AutoCloseable {
  /**
   * Something that is wrong.
   *
   * @param file where, as far as one file can be named
   * @param groupId the group that it concerns
   * @param index first entry that is missing or cannot be trusted; 0 if term and vote are not
   *     certain
   * @param nature what is wrong
   * @param remedy what to do
   */
  public record Problem(Path file, String groupId, long index, String nature, String remedy) {}

  /**
   * A group.
   *
   * @param groupId its name
   * @param hardState term and vote; null if they are not certain
   * @param firstIndex first entry of the log
   * @param lastIndex last entry that is whole
   * @param lastTerm its term
   */
  public record Group(
      String groupId, HardState hardState, long firstIndex, long lastIndex, long lastTerm) {}

  /**
   * How much there is of a group's log.
   *
   * @param entries entries that are whole
   * @param entryBytes their bytes, headers included
   * @param records records they are in
   * @param entriesPerTerm entries by term
   */
  public record Volume(
      long entries, long entryBytes, long records, Map<Long, Long> entriesPerTerm) {}

  private final Path home;
  private final Identity identity;
  private final Path scratch;
  private final OwnerLock lock;
  private final List<Verdict> verdicts;
  private final String torn;
  private final Path damagedFile;
  private Database database;

  private StorageInspector(Path home, Identity identity, Path scratch, OwnerLock lock)
      throws IOException {
    this.home = home;
    this.identity = identity;
    this.scratch = scratch;
    this.lock = lock;
    Path files = home.resolve(DataDirectory.DATABASE);
    String fileDamage = null;
    Path damaged = files;
    String tornEnds = "";
    try {
      if (!identity.ready()) {
        verdicts = List.of();
      } else {
        if (Files.exists(files.resolve("CURRENT"))) {
          JournalReader journal = JournalReader.read(Journal.in(files));
          TornTail tail = TornTail.inspect(files, journal);
          tornEnds = tail.torn();
          if (tail.damage() != null) {
            fileDamage = tail.damage().nature();
            damaged = tail.damage().file();
          }
          if (tail.damage() == null || tail.damage().isLog()) {
            String refusal = openCopy(files, tail);
            fileDamage = fileDamage == null ? refusal : fileDamage;
            if (refusal == null) {
              // What a member would find, too.
              long unused = journal.replay(database, tail.reached(), LevelDbOptions.LONG_RUN_BYTES);
            }
          }
        } else {
          fileDamage = "the database has lost its file db/CURRENT";
          damaged = files.resolve("CURRENT");
        }
        Map<Integer, Witness> witnesses = Watermark.read(home.resolve(DataDirectory.WATERMARK));
        verdicts = new Judge(home, database, witnesses, fileDamage, tornEnds, () -> false).judge();
      }
    } catch (Throwable e) {
      close();
      throw e;
    }
    torn = tornEnds;
    damagedFile = damaged;
  }

  /**
   * Looks into a directory.
   *
   * @throws StorageException LOCKED if a member uses it; otherwise naming what is wrong with it as
   *     a whole, with CORRUPT for damage
   * @throws IOException if it cannot be read, or there is no room for the copy
   */
  public static StorageInspector open(Path directory) throws IOException {
    Path home = directory.toAbsolutePath().normalize();
    Identity identity = Identity.require(home);
    OwnerLock lock = OwnerLock.takeIfWritable(home);
    Path scratch = Files.createTempDirectory("raft-storage-inspector");
    return new StorageInspector(home, identity, scratch, lock);
  }

  /** Opens a copy; returns why LevelDB finds it damaged, or null if it does not. */
  private String openCopy(Path files, TornTail tail) throws IOException {
    LevelDbOptions options =
        new LevelDbOptions()
            .setDirectory(home.toString())
            .setNativeLibraryDirectory(scratch.resolve("native").toString());
    NativeLibrary.load(home, options);
    Path copy = scratch.resolve("db");
    DatabaseCopy.make(files, tail, copy);
    try {
      database = Database.open(home, copy, Journal.in(files), false, tail.sequence(), options);
      return null;
    } catch (IOException | RuntimeException e) {
      StorageException failure = StorageErrors.of(home, "Opening", e);
      if (failure.kind() != Kind.CORRUPT) {
        throw failure;
      }
      return "LevelDB refuses the database (%s)".formatted(e.getMessage());
    }
  }

  /** The directory, absolute. */
  public Path directory() {
    return home;
  }

  /** The cluster that the directory belongs to. */
  public String clusterId() {
    return identity.clusterId();
  }

  /** The node that the directory belongs to. */
  public String nodeId() {
    return identity.nodeId();
  }

  /** The groups, in the order of their creation. */
  public List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      GroupMeta meta = verdict.meta();
      groups.add(
          meta == null
              ? new Group(verdict.groupId(), null, 1, 0, 0)
              : new Group(
                  verdict.groupId(), meta.hardState(), meta.first(), meta.last(), meta.lastTerm()));
    }
    return groups;
  }

  /** What is wrong; empty if all that was acknowledged is there. */
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      boolean refused = verdict.refusal() != null;
      if (refused || verdict.health().damaged()) {
        problems.add(
            new Problem(
                damagedFile,
                verdict.groupId(),
                refused ? 0 : verdict.meta().last() + 1,
                verdict.nature(),
                refused ? StorageErrors.REMEDY : StorageErrors.DAMAGED));
      }
    }
    return problems;
  }

  /** The torn end of a write that the next start cuts off, which is no damage; empty if none. */
  public String tornEnd() {
    return torn;
  }

  /**
   * Shows the entries of a group that are whole, in order, until the visitor has enough.
   *
   * @param groupId one of {@link #groups()}
   * @param fromIndex first index wanted
   * @param visitor returns whether to go on
   * @throws IllegalArgumentException if there is no such group
   */
  public void entries(String groupId, long fromIndex, Predicate<LogEntry> visitor)
      throws IOException {
    Verdict group = group(groupId);
    if (database == null || group.meta() == null) {
      return;
    }
    long from = Math.max(fromIndex, group.meta().first());
    scan(group, from, (key, run) -> true, visitor);
  }

  /** Counts what is whole of a group's log. */
  public Volume volume(String groupId) throws IOException {
    Verdict group = group(groupId);
    long[] sums = new long[3];
    Map<Long, Long> terms = new TreeMap<>();
    if (database != null && group.meta() != null) {
      scan(
          group,
          group.meta().first(),
          (key, run) -> {
            sums[2]++;
            return true;
          },
          entry -> {
            sums[0]++;
            sums[1] += entry.encodedBytes();
            terms.merge(entry.term(), 1L, Long::sum);
            return true;
          });
    }
    return new Volume(sums[0], sums[1], sums[2], terms);
  }

  private Verdict group(String groupId) {
    return verdicts.stream()
        .filter(verdict -> verdict.groupId().equals(groupId))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no group '%s' in '%s'".formatted(groupId, home)));
  }

  private void scan(Verdict group, long from, Database.Visitor runs, Predicate<LogEntry> visitor)
      throws IOException {
    long last = group.meta().last();
    if (from > last) {
      return;
    }
    EntryCodec codec = new EntryCodec(group.groupId());
    boolean[] more = {true};
    database.scanFrom(
        Keys.of(Keys.RUN, group.number(), from),
        false,
        (key, run) -> {
          if (!Keys.matches(key, Keys.RUN, group.number())) {
            return Keys.isBefore(key, Keys.RUN, group.number());
          }
          if (Keys.index(key) > last || !runs.visit(key, run)) {
            return false;
          }
          Runs.decode(
              run,
              Keys.index(key),
              codec,
              entry -> {
                if (entry.index() >= from) {
                  more[0] = entry.index() <= last && visitor.test(entry) && entry.index() < last;
                }
                return more[0];
              });
          return more[0];
        });
  }

  /** Bytes of the files of the directory, by path relative to it, in the order of the names. */
  public Map<String, Long> files() throws IOException {
    Map<String, Long> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.put(home.relativize(file).toString(), Files.size(file));
      }
    }
    return files;
  }

  /** Deletes the copy and lets members start. */
  @Override
  public void close() throws IOException {
    Database openDatabase = database;
    try (lock;
        openDatabase) {
      database = null;
    } finally {
      DataDirectory.deleteTree(scratch);
    }
  }
}
