package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** The log files of an open LevelDB, which it writes through memory maps and does not sync. */
final class LogFiles {
  private static final String SUFFIX = ".log";

  private final Path database;

  LogFiles(Path database) {
    this.database = database;
  }

  /** Numbers of the logs that are there. */
  SortedSet<Long> numbers() throws IOException {
    SortedSet<Long> numbers = new TreeSet<>();
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(database, "*" + SUFFIX)) {
      for (Path log : logs) {
        String name = log.getFileName().toString();
        numbers.add(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
      }
    }
    return numbers;
  }

  /**
   * Makes what is in the logs durable. One that is gone is in tables by now: LevelDB deletes a log
   * after it has synced the table, and the version edit that names it.
   */
  void sync(Iterable<Long> logs) throws IOException {
    for (long log : logs) {
      Path file = database.resolve(String.format(Locale.ROOT, "%06d", log) + SUFFIX);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(false);
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    DataDirectory.sync(database);
  }

  /** Whether a log has no batch. */
  boolean isEmpty(long log) throws IOException {
    Path file = database.resolve(String.format(Locale.ROOT, "%06d", log) + SUFFIX);
    return WriteAheadLog.scan(file).firstSequence() < 0;
  }
}
