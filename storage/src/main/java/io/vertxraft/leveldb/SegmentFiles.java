package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The files of a {@link Journal}: {@code segment-N} for those that are in use, {@code spare-N} for
 * some that wait to be used. To sync what changes the size of a file costs more than to sync what
 * does not; so files for small writes have their size before they are used, from an earlier use or
 * because they were filled with zeros in the background.
 *
 * <p>For the writer thread, but for the filling.
 */
final class SegmentFiles implements AutoCloseable {
  /** Most files that wait. */
  static final int SPARES_MAX = 2;

  private static final System.Logger LOG = System.getLogger(SegmentFiles.class.getName());
  private static final String SEGMENT = "segment-";
  private static final String SPARE = "spare-";
  private static final String UNFINISHED = "unfinished";
  private static final String REPLAY = "replay-of-";

  private final Path directory;
  private final int bytes;
  private final ExecutorService filling;
  private final ConcurrentLinkedQueue<Path> spares = new ConcurrentLinkedQueue<>();
  private final SortedSet<Long> segments = new TreeSet<>();
  private long lastSpare;
  private Future<?> underWay;

  /** Whether a file was to be filled since the newest segment began. */
  private boolean triedToFill;

  private volatile boolean closed;

  /**
   * Looks at what there is.
   *
   * @param bytes size of a file
   */
  SegmentFiles(Path directory, int bytes) throws IOException {
    this.directory = directory;
    this.bytes = bytes;
    this.filling = Threads.single("raft-log-spares " + directory);
    Files.deleteIfExists(directory.resolve(UNFINISHED));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        long spare = number(file, SPARE);
        if (spare >= 0) {
          spares.add(file);
          lastSpare = Math.max(lastSpare, spare);
        }
      }
    }
    segments.addAll(numbers(directory));
  }

  /** The name of a segment. */
  static Path segment(Path directory, long number) {
    return directory.resolve(SEGMENT + number);
  }

  /** Numbers of the segments that are in a directory. */
  static SortedSet<Long> numbers(Path directory) throws IOException {
    SortedSet<Long> numbers = new TreeSet<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, SEGMENT + "*")) {
        for (Path file : files) {
          long number = number(file, SEGMENT);
          if (number >= 0) {
            numbers.add(number);
          }
        }
      }
    }
    return numbers;
  }

  private static long number(Path file, String prefix) {
    String name = file.getFileName().toString();
    String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
  }

  /**
   * Marks that the changes of a generation are about to be given to the database again, which
   * counts them by new numbers. The mark is durable when this returns.
   */
  static void markReplay(Path directory, long generation) throws IOException {
    Path mark = directory.resolve(REPLAY + generation);
    if (!Files.exists(mark)) {
      Files.createFile(mark);
      DataDirectory.sync(directory);
    }
  }

  /** Whether there is such a mark. */
  static boolean isReplayMarked(Path directory, long generation) {
    return Files.exists(directory.resolve(REPLAY + generation));
  }

  /** Removes the marks of generations that are over. */
  void removeReplayMarks() throws IOException {
    try (DirectoryStream<Path> marks = Files.newDirectoryStream(directory, REPLAY + "*")) {
      for (Path mark : marks) {
        Files.delete(mark);
      }
    }
  }

  /** Numbers of the segments. */
  SortedSet<Long> segments() {
    return new TreeSet<>(segments);
  }

  /** A number higher than that of any segment. */
  long nextNumber() {
    return segments.isEmpty() ? 1 : segments.last() + 1;
  }

  /**
   * Makes the file of a new segment, of one that waits if there is one.
   *
   * @param pages see {@link SegmentFile}
   */
  SegmentFile create(long number, ByteBuffer pages) throws IOException {
    Path file = segment(directory, number);
    Path spare = spares.poll();
    if (spare != null) {
      Files.move(spare, file, StandardCopyOption.ATOMIC_MOVE);
    }
    segments.add(number);
    triedToFill = false;
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      DataDirectory.sync(directory);
      return new SegmentFile(file, channel, pages, bytes);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /** A segment is not needed any more: its file waits for its next use, or is deleted. */
  void release(long number) throws IOException {
    segments.remove(number);
    Path file = segment(directory, number);
    if (spares.size() < SPARES_MAX && Files.exists(file) && Files.size(file) <= bytes) {
      Path spare = directory.resolve(SPARE + ++lastSpare);
      Files.move(file, spare, StandardCopyOption.ATOMIC_MOVE);
      spares.add(spare);
    } else {
      Files.deleteIfExists(file);
    }
  }

  /** Sees to it that there will be a file for the next segment. */
  void prepare() {
    if (!triedToFill && spares.isEmpty() && (underWay == null || underWay.isDone())) {
      triedToFill = true;
      Path spare = directory.resolve(SPARE + ++lastSpare);
      underWay = filling.submit(() -> fill(spare));
    }
  }

  /** Without it the segment grows as it is used. */
  private void fill(Path spare) {
    Path unfinished = directory.resolve(UNFINISHED);
    try {
      new ZeroFile(unfinished, bytes, () -> closed).write();
      if (closed) {
        Files.delete(unfinished);
      } else {
        Files.move(unfinished, spare, StandardCopyOption.ATOMIC_MOVE);
        spares.add(spare);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot prepare " + spare, e);
      deleteIfPossible(unfinished);
    }
  }

  private static void deleteIfPossible(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot delete " + file, e);
    }
  }

  /** Writes all that is left in a buffer. */
  static void writeFully(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  @Override
  public void close() {
    closed = true;
    filling.shutdown();
    Threads.awaitEnd(filling);
  }
}
