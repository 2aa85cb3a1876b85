package io.vertxraft.leveldb;

import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.leveldb.FileCalls.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** What takes several {@link FileCalls} at once. */
final class FileTrees {
  private FileTrees() {}

  /** Creates a directory and those above it that are missing, each durably. */
  static void createDirectories(FileCalls files, Path directory) throws IOException {
    if (files.kind(directory) != Kind.NOTHING) {
      return;
    }
    createDirectories(files, directory.getParent());
    files.createDirectory(directory);
    files.sync(directory.getParent());
  }

  /** Deletes a path with all that is in it; links, not what they lead to. */
  static void delete(FileCalls files, Path path) throws IOException {
    Kind kind = files.kind(path);
    if (kind == Kind.NOTHING) {
      return;
    }
    if (kind == Kind.DIRECTORY) {
      for (Path child : files.list(path)) {
        delete(files, child);
      }
    }
    files.delete(path);
  }

  /** Shows what is in a directory and in those below, but no directories. */
  static void walk(FileCalls files, Path directory, BiConsumer<Path, Kind> visitor)
      throws IOException {
    for (Path child : files.list(directory)) {
      Kind kind = files.kind(child);
      if (kind == Kind.DIRECTORY) {
        walk(files, child, visitor);
      } else {
        visitor.accept(child, kind);
      }
    }
  }

  /** Deletes the directories below one that have no files in them; false if something is left. */
  static boolean prune(FileCalls files, Path directory) throws IOException {
    boolean empty = true;
    for (Path child : files.list(directory)) {
      if (files.kind(child) == Kind.DIRECTORY && prune(files, child)) {
        files.delete(child);
      } else {
        empty = false;
      }
    }
    return empty;
  }

  /** Writes all bytes, however few the system takes at a time. */
  static void write(OpenFile file, Path path, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      if (file.write(left) <= 0) {
        throw new FileSystemException(path.toString(), null, "the system wrote nothing");
      }
    }
  }

  /** Fills the buffer as far as the file goes; returns how many bytes were read. */
  static int read(OpenFile file, ByteBuffer into, long at) throws IOException {
    int bytes = 0;
    while (into.hasRemaining()) {
      int read = file.read(into, at + bytes);
      if (read < 0) {
        break;
      }
      bytes += read;
    }
    return bytes;
  }

  /** Syncs directories, in the given order. */
  static void sync(FileCalls files, List<Path> directories) throws IOException {
    for (Path directory : directories) {
      files.sync(directory);
    }
  }
}
