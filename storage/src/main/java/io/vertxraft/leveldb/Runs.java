package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs of consecutive entries in one record: an entry costs far less in a run than as a record of
 * its own, to write and to read.
 *
 * <pre>
 *  0  u8   format version (1)
 *  1       for each entry: u32 length, then the entry exactly as encoded by its leader
 * </pre>
 *
 * <p>There is no checksum over the run: each entry has its own, over its group, index and term too.
 * A run that is cut between two entries shows as a gap before the next run, or at the end of the
 * log.
 */
final class Runs {
  /** Most entries in a run that is written. */
  static final int ENTRIES_MAX = 64;

  /** Most bytes of entries in a run that is written; a single entry may have more. */
  static final int BYTES_MAX = 64 * 1024;

  /** Bytes that a run has before its first entry. */
  static final int HEADER_BYTES = 1;

  /** Bytes in front of each entry. */
  static final int LENGTH_BYTES = 4;

  private static final byte VERSION = 1;

  private Runs() {}

  /** Sees the entries of a run. */
  @FunctionalInterface
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(LogEntry entry);
  }

  /** Sees what entries a run has. */
  @FunctionalInterface
  interface Checker {
    /** Returns whether to go on. */
    boolean visit(long index, long term);
  }

  /** Sees where entries stand, unverified. */
  @FunctionalInterface
  private interface Walker {
    boolean visit(long index, int at, int length);
  }

  /** How many of the entries from {@code from} on go into one run; at least one. */
  static int length(List<LogEntry> entries, int from, int entriesMax) {
    long bytes = entries.get(from).encodedBytes();
    int count = 1;
    while (from + count < entries.size() && count < entriesMax) {
      bytes += entries.get(from + count).encodedBytes();
      if (bytes > BYTES_MAX) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Encodes consecutive entries. */
  static byte[] encode(List<LogEntry> entries) {
    int bytes = HEADER_BYTES;
    for (LogEntry entry : entries) {
      bytes += LENGTH_BYTES + entry.encodedBytes();
    }
    ByteBuffer run = ByteBuffer.allocate(bytes).put(VERSION);
    for (LogEntry entry : entries) {
      run.putInt(entry.encodedBytes()).put(entry.encoded());
    }
    return run.array();
  }

  /**
   * Decodes a run and verifies each entry before it is shown.
   *
   * @param firstIndex where the run stands
   * @throws CorruptEntryException if the run, or an entry the visitor got to, is not intact or does
   *     not stand where it belongs; the entries before it have been shown
   */
  static void decode(byte[] run, long firstIndex, EntryCodec codec, Visitor visitor) {
    walk(
        run,
        firstIndex,
        (index, at, length) -> {
          LogEntry entry = codec.decode(Arrays.copyOfRange(run, at, at + length));
          requireIndex(index, entry.index());
          return visitor.visit(entry);
        });
  }

  /** The entries of a run up to {@code lastIndex}; what is behind them is not looked at. */
  static List<LogEntry> decodeUpTo(long lastIndex, byte[] run, long firstIndex, EntryCodec codec) {
    List<LogEntry> entries = new ArrayList<>();
    decode(
        run,
        firstIndex,
        codec,
        entry -> {
          if (entry.index() <= lastIndex) {
            entries.add(entry);
          }
          return entry.index() < lastIndex;
        });
    return entries;
  }

  /** As {@link #decode}, without copying the entries. */
  static void check(byte[] run, long firstIndex, EntryCodec codec, Checker checker) {
    walk(
        run,
        firstIndex,
        (index, at, length) -> {
          codec.verify(run, at, length);
          requireIndex(index, EntryCodec.index(run, at));
          return checker.visit(index, EntryCodec.term(run, at));
        });
  }

  private static void requireIndex(long expected, long claimed) {
    if (claimed != expected) {
      throw new CorruptEntryException(
          "entry %d claims to be entry %d".formatted(expected, claimed));
    }
  }

  private static void walk(byte[] run, long firstIndex, Walker walker) {
    if (run.length == 0 || run[0] != VERSION) {
      throw new CorruptEntryException(
          run.length == 0 ? "run is empty" : "run format version " + run[0] + " is not known");
    }
    if (run.length == HEADER_BYTES) {
      throw new CorruptEntryException("run has no entries");
    }
    ByteBuffer bytes = ByteBuffer.wrap(run);
    int at = HEADER_BYTES;
    for (long index = firstIndex; at < run.length; index++) {
      int length = run.length - at < LENGTH_BYTES ? -1 : bytes.getInt(at);
      at += LENGTH_BYTES;
      if (length < 0 || length > run.length - at) {
        throw new CorruptEntryException("run ends within entry " + index);
      }
      if (!walker.visit(index, at, length)) {
        return;
      }
      at += length;
    }
  }
}
