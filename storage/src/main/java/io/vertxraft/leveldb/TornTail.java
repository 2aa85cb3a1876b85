package io.vertxraft.leveldb;

import io.vertxraft.leveldb.WriteAheadLog.Ending;
import io.vertxraft.leveldb.WriteAheadLog.Scan;
import io.vertxraft.spi.StorageException;
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
 * Tells a torn end of LevelDB's log from damage, before LevelDB opens it.
 *
 * <p>A process that is killed while it copies a batch into the log leaves a torn batch, which was
 * never acknowledged. LevelDB in its strict mode, the only one that notices other damage, refuses
 * to open such a log. So the torn batch is cut off, after the file has been copied aside. Should
 * the batch have been acknowledged after all, and damaged later, the {@link Watermark} tells and
 * the group is refused. A torn version edit at the end of the MANIFEST is cut off in the same way
 * if the {@link Manifest} shows that nothing depends on it. Every other damage is refused here and
 * changes nothing.
 */
final class TornTail {
  private static final System.Logger LOG = System.getLogger(TornTail.class.getName());
  private static final int ASIDE_KEPT_MAX = 3;
  private static final String ASIDE = "aside-";

  /** A file that ends in a torn write. */
  private record Torn(Path file, Scan scan) {}

  private TornTail() {}

  /**
   * Checks the logs and the MANIFEST of a database that is not open, and cuts a torn write off the
   * newest log and off the MANIFEST.
   */
  static void cut(Path home, Path database) throws IOException {
    List<Torn> torn = new ArrayList<>();
    List<Path> logs = list(database, "*.log");
    for (int i = 0; i < logs.size(); i++) {
      boolean newest = i == logs.size() - 1;
      check(home, logs.get(i), WriteAheadLog.scan(logs.get(i)), newest, torn);
    }
    Path file = Manifest.current(database);
    if (file != null) {
      Manifest manifest = new Manifest();
      Scan scan = WriteAheadLog.scan(file, manifest);
      check(home, file, scan, true, torn);
      String dependent = scan.ending() == Ending.TORN ? manifest.whyNotCut(database) : null;
      if (dependent != null) {
        throw damaged(home, file, scan, ", and " + dependent);
      }
    }
    for (Torn tail : torn) {
      cutOff(home, tail);
    }
  }

  private static void check(Path home, Path file, Scan scan, boolean mayBeTorn, List<Torn> torn) {
    if (scan.ending() == Ending.TORN && mayBeTorn) {
      torn.add(new Torn(file, scan));
    } else if (scan.ending() != Ending.CLEAN) {
      throw damaged(home, file, scan, "");
    }
  }

  private static StorageException damaged(Path home, Path file, Scan scan, String more) {
    return StorageErrors.corrupt(
        home,
        "'%s' is damaged at offset %d: %s%s".formatted(file, scan.damageAt(), scan.nature(), more));
  }

  private static void cutOff(Path home, Torn torn) throws IOException {
    Scan scan = torn.scan();
    Path aside = copyAside(home, torn.file());
    try (FileChannel channel = FileChannel.open(torn.file(), StandardOpenOption.WRITE)) {
      channel.truncate(scan.keepBytes());
      channel.force(true);
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "''{0}'' ended in a torn write, as after a killed process or a power cut: {1} at"
            + " offset {2}. It is cut off from offset {3}; the file as it was is ''{4}''",
        torn.file(),
        scan.nature(),
        Long.toString(scan.damageAt()),
        Long.toString(scan.keepBytes()),
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
