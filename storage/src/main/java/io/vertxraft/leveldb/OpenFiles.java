package io.vertxraft.leveldb;

import io.vertxraft.leveldb.FileCalls.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps a few out of many files open: those used last. */
final class OpenFiles implements Closeable {
  /** Opens a file. */
  @FunctionalInterface
  interface Opener {
    OpenFile open(Path file) throws IOException;
  }

  /** Says farewell to a file. */
  @FunctionalInterface
  interface Closer {
    void close(OpenFile file) throws IOException;
  }

  private static final int OPEN_MAX = 32;

  private final Opener opener;
  private final Closer closer;
  private final Map<Path, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Keeps files.
   *
   * @param closer also called for a file that has to make way for another
   */
  OpenFiles(Opener opener, Closer closer) {
    this.opener = opener;
    this.closer = closer;
  }

  /** The file, opened if it is not. */
  OpenFile get(Path file) throws IOException {
    OpenFile known = open.get(file);
    if (known != null) {
      return known;
    }
    add(file, opener.open(file));
    return open.get(file);
  }

  /** Takes care of a file that has been opened. */
  void add(Path file, OpenFile opened) throws IOException {
    open.put(file, opened);
    if (open.size() > OPEN_MAX) {
      close(open.keySet().iterator().next());
    }
  }

  /** Closes a file if it is open. */
  void close(Path file) throws IOException {
    OpenFile known = open.remove(file);
    if (known != null) {
      try (known) {
        closer.close(known);
      }
    }
  }

  /** Closes one of those that are open; false if none is. */
  boolean closeNext() throws IOException {
    if (open.isEmpty()) {
      return false;
    }
    close(open.keySet().iterator().next());
    return true;
  }

  /** Closes all that are open, whatever happens, without farewell. */
  @Override
  public void close() throws IOException {
    List<OpenFile> all = new ArrayList<>(open.values());
    open.clear();
    IOException failure = null;
    for (OpenFile file : all) {
      try {
        file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
