package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What the intact version edits of a MANIFEST say about files: the log LevelDB would replay from,
 * and the tables it would read.
 *
 * <p>LevelDB deletes a log or a table only after the edit that replaces it has been synced. So
 * while all files the intact edits name are there, an edit behind them changes nothing that is not
 * in those files, whether it was torn when the process was killed or damaged later.
 */
final class Manifest implements WriteAheadLog.Visitor {
  private static final int COMPARATOR = 1;
  private static final int LOG_NUMBER = 2;
  private static final int NEXT_FILE = 3;
  private static final int LAST_SEQUENCE = 4;
  private static final int COMPACT_POINTER = 5;
  private static final int DELETED_FILE = 6;
  private static final int NEW_FILE = 7;
  private static final int PREV_LOG_NUMBER = 9;

  private static final int VARINT_BITS = 7;
  private static final int VARINT_BITS_MAX = 63;

  private final TreeSet<Long> tables = new TreeSet<>();
  private long logNumber;
  private long lastSequence;
  private String undecodable;

  /**
   * The MANIFEST that the database uses, or null if there is none: LevelDB tells what is wrong
   * then.
   */
  static Path current(Path database) throws IOException {
    Path current = database.resolve("CURRENT");
    if (!Files.isRegularFile(current)) {
      return null;
    }
    // One line; in a charset that reads any bytes, for it may be damaged.
    String name = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1);
    Path file = name.matches("MANIFEST-\\d{1,18}\n") ? database.resolve(name.strip()) : null;
    return file != null && Files.isRegularFile(file) ? file : null;
  }

  /** Reads the intact edits of a MANIFEST. */
  static Manifest read(Path file) throws IOException {
    Manifest manifest = new Manifest();
    WriteAheadLog.Scan unused = WriteAheadLog.scan(file, manifest);
    return manifest;
  }

  /** The oldest log that holds what is in no table yet; 0 if not known. */
  long logNumber() {
    return undecodable == null ? logNumber : 0;
  }

  /** LevelDB gives its next change a higher sequence number than this. */
  long lastSequence() {
    return lastSequence;
  }

  /** The tables in use, there or not. */
  List<Path> tables(Path database) {
    List<Path> files = new ArrayList<>();
    for (long table : tables) {
      Path sst = database.resolve(name(table, "sst"));
      files.add(Files.isRegularFile(sst) ? sst : database.resolve(name(table, "ldb")));
    }
    return files;
  }

  /** Takes in the next intact edit. */
  @Override
  public void visit(byte[] edit) {
    ByteBuffer bytes = ByteBuffer.wrap(edit);
    try {
      while (undecodable == null && bytes.hasRemaining()) {
        decodeField(bytes);
      }
    } catch (BufferUnderflowException e) {
      undecodable = "ends within a field";
    }
  }

  private void decodeField(ByteBuffer bytes) {
    long tag = varint(bytes);
    switch (tag == (int) tag ? (int) tag : -1) {
      case COMPARATOR -> skipString(bytes);
      case LOG_NUMBER -> logNumber = varint(bytes);
      case LAST_SEQUENCE -> lastSequence = varint(bytes);
      case NEXT_FILE, PREV_LOG_NUMBER -> varint(bytes);
      case COMPACT_POINTER -> {
        varint(bytes);
        skipString(bytes);
      }
      case DELETED_FILE -> {
        varint(bytes);
        tables.remove(varint(bytes));
      }
      case NEW_FILE -> {
        varint(bytes);
        tables.add(varint(bytes));
        varint(bytes);
        skipString(bytes);
        skipString(bytes);
      }
      default -> undecodable = "has the unknown tag " + tag;
    }
  }

  private long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift <= VARINT_BITS_MAX; shift += VARINT_BITS) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    undecodable = "has a number of more than 64 bits";
    return 0;
  }

  private void skipString(ByteBuffer bytes) {
    long length = varint(bytes);
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    bytes.position(bytes.position() + (int) length);
  }

  /** Why what follows the intact edits must not be cut off, or null if it may. */
  String whyNotCut(Path database) {
    if (undecodable != null) {
      return "an edit before it " + undecodable;
    }
    if (logNumber == 0) {
      return "no edit before it names a log";
    }
    Path log = database.resolve(name(logNumber, "log"));
    if (!Files.isRegularFile(log)) {
      return "the log '%s' is gone, so something after it was complete".formatted(log);
    }
    for (Path table : tables(database)) {
      if (!Files.isRegularFile(table)) {
        return "the table '%s' of the edits before it is missing".formatted(table);
      }
    }
    return null;
  }

  /** Name of a file of LevelDB, in any locale with the digits it uses. */
  static String name(long number, String extension) {
    return String.format(Locale.ROOT, "%06d.%s", number, extension);
  }
}
