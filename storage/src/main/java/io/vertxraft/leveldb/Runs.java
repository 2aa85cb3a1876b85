package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import java.nio.ByteBuffer;
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
    if (run.length == 0 || run[0] != VERSION) {
      throw new CorruptEntryException(
          run.length == 0 ? "run is empty" : "run format version " + run[0] + " is not known");
    }
    ByteBuffer bytes = ByteBuffer.wrap(run).position(HEADER_BYTES);
    if (!bytes.hasRemaining()) {
      throw new CorruptEntryException("run has no entries");
    }
    for (long index = firstIndex; bytes.hasRemaining(); index++) {
      int length = bytes.remaining() < LENGTH_BYTES ? -1 : bytes.getInt();
      if (length < 0 || length > bytes.remaining()) {
        throw new CorruptEntryException("run ends within entry " + index);
      }
      int at = bytes.position();
      LogEntry entry = codec.decode(Arrays.copyOfRange(run, at, at + length));
      if (entry.index() != index) {
        throw new CorruptEntryException(
            "entry %d claims to be entry %d".formatted(index, entry.index()));
      }
      bytes.position(at + length);
      if (!visitor.visit(entry)) {
        return;
      }
    }
  }
}
