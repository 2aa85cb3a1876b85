package io.vertxraft.leveldb;

import io.vertxraft.leveldb.WriteAheadLog.Ending;
import io.vertxraft.leveldb.WriteAheadLog.Scan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Tells a torn end of LevelDB's logs from damage, before LevelDB opens them.
 *
 * <p>LevelDB's own logs are not synced: the {@link Journal} is, and has every change before them.
 * So a process that is killed while it copies a batch leaves a torn batch, and a power cut leaves
 * whatever had reached the disk. LevelDB in its strict mode, the only one that notices other
 * damage, refuses to open such a log. So everything from the first batch that is not intact on is
 * cut off, after the file has been copied aside, if the journal has all changes from there. Without
 * the journal only the torn end of the newest log is: should it have been acknowledged after all,
 * and damaged later, the {@link Watermark} tells. A torn version edit at the end of the MANIFEST is
 * cut off in the same way if the {@link Manifest} shows that nothing depends on it.
 */
final class TornTail {
  private static final System.Logger LOG = System.getLogger(TornTail.class.getName());
  private static final int ASIDE_KEPT_MAX = 3;
  private static final String ASIDE = "aside-";

  /** A file that ends in a torn write. */
  private record Torn(Path file, Scan scan) {}

  /**
   * Damage that is not the end of a torn write.
   *
   * @param keepBytes the batches before the damage
   * @param isLog whether the batches before it, and the older logs, are still what they were
   */
  record Damage(Path file, long keepBytes, boolean isLog, String nature) {}

  private final List<Torn> torn = new ArrayList<>();
  private Damage damage;

  /** Sequence number of the last change up to which nothing is missing; -1 if not known. */
  private long reached = -1;

  /** The highest sequence number that LevelDB will know after the cut. */
  private long sequence;

  private TornTail() {}

  /**
   * Reads the logs and the MANIFEST of a database that is not open. Changes nothing.
   *
   * @param journal the journal of the database
   */
  static TornTail inspect(Path database, JournalReader journal) throws IOException {
    TornTail tail = new TornTail();
    Path file = Manifest.current(database);
    Manifest manifest = new Manifest();
    if (file != null) {
      tail.inspectManifest(database, file, WriteAheadLog.scan(file, manifest), manifest);
    }
    if (tail.damage == null) {
      tail.inspectLogs(liveLogs(database, manifest.logNumber()), manifest, journal);
    }
    tail.sequence = Math.max(manifest.lastSequence(), tail.reached);
    return tail;
  }

  private void inspectManifest(Path database, Path file, Scan scan, Manifest manifest) {
    String dependent = scan.ending() == Ending.TORN ? manifest.whyNotCut(database) : null;
    if (scan.ending() == Ending.DAMAGED || dependent != null) {
      String more = dependent == null ? "" : ", and " + dependent;
      damage = damage(file, scan, false, more);
    } else if (scan.ending() == Ending.TORN) {
      torn.add(new Torn(file, scan));
    }
  }

  private void inspectLogs(List<Path> logs, Manifest manifest, JournalReader journal)
      throws IOException {
    List<Torn> cuts = new ArrayList<>();
    // LevelDB begins a log when the one before is full: one that is not there, or has nothing while
    // a later one has, has lost what it had.
    long oldest =
        manifest.logNumber() > 0 || logs.isEmpty() ? manifest.logNumber() : number(logs.get(0));
    boolean lost = !logs.isEmpty() && number(logs.get(0)) > oldest;
    for (Path log : logs) {
      Scan scan = WriteAheadLog.scan(log);
      if (!cuts.isEmpty()) {
        cuts.add(new Torn(log, nothingOf("it comes after what is torn")));
      } else if (reached >= 0 && scan.firstSequence() > reached + 1) {
        String gap = "it begins with change %d, the log before it ends with change %d";
        cuts.add(new Torn(log, nothingOf(gap.formatted(scan.firstSequence(), reached))));
      } else if (reached < 0 && lost && scan.firstSequence() >= 0) {
        cuts.add(new Torn(log, nothingOf("the log before it has lost what it had")));
      } else {
        reached = Math.max(reached, scan.lastSequence());
        lost |= reached < 0;
        if (scan.ending() != Ending.CLEAN) {
          cuts.add(new Torn(log, scan));
        }
      }
    }
    if (reached < 0) {
      reached = journal.reachedWithout(oldest, manifest.lastSequence());
    }
    boolean torn = cuts.size() == 1 && isTornEnd(cuts.get(0), logs);
    if (cuts.isEmpty() || torn || journal.continues(reached)) {
      this.torn.addAll(cuts);
    } else {
      damage = damage(cuts.get(0).file(), cuts.get(0).scan(), true, "");
    }
  }

  private static boolean isTornEnd(Torn cut, List<Path> logs) {
    return cut.scan().ending() == Ending.TORN && cut.file().equals(logs.get(logs.size() - 1));
  }

  private static Scan nothingOf(String nature) {
    return new Scan(Ending.DAMAGED, 0, 0, nature, -1, -1);
  }

  /** The logs that LevelDB reads when it opens, oldest first. */
  private static List<Path> liveLogs(Path database, long oldest) throws IOException {
    List<Path> logs = list(database, "*.log");
    logs.removeIf(log -> number(log) < oldest);
    return logs;
  }

  private static Damage damage(Path file, Scan scan, boolean isLog, String more) {
    String nature =
        "'%s' is damaged at offset %d: %s%s".formatted(file, scan.damageAt(), scan.nature(), more);
    return new Damage(file, scan.keepBytes(), isLog, nature);
  }

  /** Up to which change, by its sequence number, nothing is missing; -1 if that is not known. */
  long reached() {
    return reached;
  }

  /** The sequence number that LevelDB takes for that of its last change when it has opened. */
  long sequence() {
    return sequence;
  }

  /** The first damage, or null if there is none. */
  Damage damage() {
    return damage;
  }

  /** What ends in a torn write, for people; empty if nothing does. */
  String torn() {
    StringBuilder text = new StringBuilder();
    for (Torn tail : torn) {
      text.append(text.isEmpty() ? "" : "; ").append(words(tail));
    }
    return text.toString();
  }

  private static String words(Torn tail) {
    return "'%s' ended in a torn write, as after a killed process or a power cut: %s at offset %d"
        .formatted(tail.file(), tail.scan().nature(), tail.scan().damageAt());
  }

  /** Bytes of a file that are neither torn nor damaged; what is to be kept of it. */
  long keepBytes(Path file) throws IOException {
    for (Torn tail : torn) {
      if (tail.file().equals(file)) {
        return tail.scan().keepBytes();
      }
    }
    return damage != null && damage.file().equals(file) ? damage.keepBytes() : Files.size(file);
  }

  /** The logs with what was written before the damage, oldest first. */
  List<Path> usableLogs(Path database) throws IOException {
    List<Path> logs = list(database, "*.log");
    int damaged = damage == null ? -1 : logs.indexOf(damage.file());
    return damaged < 0 ? logs : logs.subList(0, damaged + 1);
  }

  /** Cuts the torn writes off, after the files have been copied aside. */
  void cut(Path home) throws IOException {
    // The last first: should this be cut short, the next start finds the same beginning.
    for (int i = torn.size() - 1; i >= 0; i--) {
      cutOff(home, torn.get(i));
    }
  }

  private static void cutOff(Path home, Torn tail) throws IOException {
    Path aside = copyAside(home, tail.file());
    try (FileChannel channel = FileChannel.open(tail.file(), StandardOpenOption.WRITE)) {
      channel.truncate(tail.scan().keepBytes());
      channel.force(true);
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "{0}. It is cut off from offset {1}; the file as it was is ''{2}''",
        words(tail),
        Long.toString(tail.scan().keepBytes()),
        aside);
  }

  private static Path copyAside(Path home, Path file) throws IOException {
    List<Path> earlier = list(home, ASIDE + "*");
    long number = earlier.isEmpty() ? 1 : number(earlier.get(earlier.size() - 1)) + 1;
    Path copy = home.resolve(ASIDE + number + "-" + file.getFileName());
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    DataDirectory.sync(home);
    for (int i = 0; i <= earlier.size() - ASIDE_KEPT_MAX; i++) {
      Files.delete(earlier.get(i));
    }
    return copy;
  }

  /** Files that match, in the order of the numbers in their names. */
  private static List<Path> list(Path directory, String glob) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
      stream.forEach(files::add);
    }
    files.sort(Comparator.comparingLong(TornTail::number).thenComparing(Path::getFileName));
    return files;
  }

  /** The first number in a file name. */
  private static long number(Path file) {
    String digits = file.getFileName().toString().replaceFirst("^\\D*(\\d{1,18}).*$", "$1");
    return digits.chars().allMatch(Character::isDigit) && !digits.isEmpty()
        ? Long.parseLong(digits)
        : 0;
  }
}
