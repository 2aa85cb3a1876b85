package io.vertxraft.leveldb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Ways to look into and to harm the files of a storage directory. */
final class Damages {
  private static final int HEADER_BYTES = 7;
  private static final int COPIES_MAX = 100;

  private Damages() {}

  /**
   * Copies a directory as it is at one instant: while files come and go, as when LevelDB writes a
   * table in the background, it is copied again.
   */
  static Path copy(Path from, Path to) throws IOException {
    for (int tries = 0; tries < COPIES_MAX; tries++) {
      List<Path> before = tree(from);
      if (copied(before, from, to) && tree(from).equals(before)) {
        return to;
      }
      deleteAll(to);
    }
    throw new IOException("the files of '%s' do not come to rest".formatted(from));
  }

  /** All there is, but for what the journal is preparing. */
  private static List<Path> tree(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !path.endsWith("journal/unfinished")).sorted().toList();
    } catch (UncheckedIOException e) {
      // Something was deleted while it was looked at.
      return List.of();
    }
  }

  private static boolean copied(List<Path> files, Path from, Path to) throws IOException {
    try {
      for (Path source : files) {
        Files.copy(source, to.resolve(from.relativize(source)));
      }
      return !files.isEmpty();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  static void deleteAll(Path directory) throws IOException {
    DataDirectory.deleteTree(directory);
  }

  static List<Path> files(Path directory, String extension) throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("db"))) {
      return all.filter(p -> p.toString().endsWith("." + extension)).sorted().toList();
    }
  }

  static Path log(Path directory) throws IOException {
    List<Path> files = files(directory, "log");
    if (files.size() != 1) {
      throw new IOException("expected one log, there are " + files);
    }
    return files.get(0);
  }

  static Path table(Path directory) throws IOException {
    return files(directory, "sst").get(0);
  }

  static Path manifest(Path directory) throws IOException {
    return Manifest.current(directory.resolve("db"));
  }

  static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 0x10;
    Files.write(file, bytes);
  }

  static void zero(Path file, long at, int count) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, (int) at, (int) at + count, (byte) 0);
    Files.write(file, bytes);
  }

  static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  static void append(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes, StandardOpenOption.APPEND);
  }

  /**
   * Where the last batch begins: an exact boundary, which LevelDB itself cannot tell from an end.
   */
  static long lastBatch(Path log) throws IOException {
    Path cut = Files.createTempFile(log.getParent().getParent(), "probe", ".bin");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(log), (int) Files.size(log) - 1));
    long at = WriteAheadLog.scan(cut).keepBytes();
    Files.delete(cut);
    return at;
  }

  /** A log record of which only a part is there, and whose checksum is wrong. */
  static byte[] torn(int length, int type, int present) {
    return ByteBuffer.allocate(HEADER_BYTES + present)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x12345678)
        .putShort((short) length)
        .put((byte) type)
        .array();
  }

  /** An intact log record. */
  static byte[] sealed(int type, byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(HEADER_BYTES + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putShort(4, (short) data.length).put(6, (byte) type).put(HEADER_BYTES, data);
    CRC32C crc = new CRC32C();
    crc.update(record.array(), 6, data.length + 1);
    record.putInt(0, Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8);
    return record.array();
  }
}
