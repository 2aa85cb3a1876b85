package io.vertxraft.leveldb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a copy of a database to look into, because LevelDB changes every database that it opens.
 *
 * <p>Its logs and its MANIFEST are copied as far as they are whole, so that the copy is the
 * database as it was at some instant, never one with a hole. Its tables, which LevelDB never
 * changes, are linked; only those that the MANIFEST names, for LevelDB may take the name of any
 * other for a new one.
 */
final class DatabaseCopy {
  private DatabaseCopy() {}

  /**
   * Copies.
   *
   * @param tail what is whole of {@code database}; its damage, if any, is in a log
   * @param to a directory that does not exist
   */
  static void make(Path database, TornTail tail, Path to) throws IOException {
    Files.createDirectories(to);
    Files.copy(database.resolve("CURRENT"), to.resolve("CURRENT"));
    Path manifest = Manifest.current(database);
    if (manifest != null) {
      copy(manifest, tail.keepBytes(manifest), to);
      for (Path table : Manifest.read(manifest).tables(database)) {
        link(table, to.resolve(table.getFileName()));
      }
    }
    for (Path log : tail.usableLogs(database)) {
      copy(log, tail.keepBytes(log), to);
    }
  }

  private static void copy(Path file, long bytes, Path to) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = Files.newOutputStream(to.resolve(file.getFileName()))) {
      byte[] buffer = new byte[64 * 1024];
      long left = bytes;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          return;
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  private static void link(Path table, Path link) throws IOException {
    if (!Files.exists(table)) {
      // LevelDB says what that means.
      return;
    }
    try {
      Files.createSymbolicLink(link, table.toAbsolutePath());
    } catch (UnsupportedOperationException | IOException e) {
      Files.copy(table, link);
    }
  }
}
