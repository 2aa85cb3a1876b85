package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import java.util.TreeSet;

/** The log files of an open LevelDB, which it writes through memory maps and does not sync. */
final class LogFiles {
  private static final System.Logger LOG = System.getLogger(LogFiles.class.getName());
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
      try (FileChannel channel = FileChannel.open(file(log), StandardOpenOption.WRITE)) {
        channel.force(false);
      } catch (NoSuchFileException e) {
        LOG.log(System.Logger.Level.TRACE, "what was in this log is in a table by now", e);
      }
    }
    DataDirectory.sync(database);
  }

  private Path file(long log) {
    return database.resolve(Manifest.name(log, "log"));
  }

  /** Whether a log has no batch. */
  boolean isEmpty(long log) throws IOException {
    return WriteAheadLog.scan(file(log)).firstSequence() < 0;
  }
}
