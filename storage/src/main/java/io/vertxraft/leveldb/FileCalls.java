package io.vertxraft.leveldb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The calls to the file system that snapshots are made of, one method for each, so that tests can
 * make any of them fail.
 *
 * <p>The last part of a path is never followed if it is a link. Every failure is a {@link
 * java.nio.file.FileSystemException} that names the file.
 */
interface FileCalls {
  /** What a path leads to. */
  enum Kind {
    /** There is nothing. */
    NOTHING,
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A link, or something that is neither file nor directory. */
    OTHER
  }

  /** What is there. */
  Kind kind(Path path) throws IOException;

  /** What is in a directory, in the order of the names. */
  List<Path> list(Path directory) throws IOException;

  /** Creates a directory that nobody but the owner may enter. */
  void createDirectory(Path directory) throws IOException;

  /** Creates a file, which must not be there, to write to; nobody but the owner may read it. */
  OpenFile create(Path file) throws IOException;

  /** Opens a file to write to its end. */
  OpenFile append(Path file) throws IOException;

  /** Opens a file to read it. */
  OpenFile read(Path file) throws IOException;

  /**
   * Gives a file another name beside the one it has.
   *
   * @throws UnsupportedOperationException if that cannot be done here
   */
  void link(Path link, Path existing) throws IOException;

  /** Renames a file or directory atomically; a file that is there is replaced. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file or an empty directory. */
  void delete(Path path) throws IOException;

  /** Makes the names in a directory durable. */
  void sync(Path directory) throws IOException;

  /** A file that is open for one of the two. */
  interface OpenFile extends Closeable {
    /** Its length. */
    long bytes() throws IOException;

    /**
     * Reads at a position; -1 at the end, else how many bytes were read, maybe fewer than asked.
     */
    int read(ByteBuffer into, long at) throws IOException;

    /** Writes to the end; returns how many bytes were written, maybe fewer than given. */
    int write(ByteBuffer from) throws IOException;

    /** Makes everything written durable. */
    void sync() throws IOException;
  }
}
