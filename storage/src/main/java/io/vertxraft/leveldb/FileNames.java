package io.vertxraft.leveldb;

import io.vertxraft.spi.SnapshotFile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The names of the files of a snapshot, such that any file system can hold them together. */
final class FileNames {
  private final Set<String> files = new HashSet<>();
  private final Set<String> lowerCaseFiles = new HashSet<>();
  private final Map<String, String> directories = new HashMap<>();

  /**
   * Adds a name, unless it is there.
   *
   * @throws IllegalArgumentException if it is not allowed, or cannot be in a directory together
   *     with those before it
   */
  void add(String name) {
    if (files.contains(name)) {
      return;
    }
    SnapshotFile.requireName(name);
    String lowerCase = name.toLowerCase(Locale.ROOT);
    if (lowerCaseFiles.contains(lowerCase) || directories.containsKey(lowerCase)) {
      throw clash(name);
    }
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      String directory = name.substring(0, slash);
      String before = directories.get(lowerCase.substring(0, slash));
      if (lowerCaseFiles.contains(lowerCase.substring(0, slash))
          || (before != null && !before.equals(directory))) {
        throw clash(name);
      }
    }
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      directories.put(lowerCase.substring(0, slash), name.substring(0, slash));
    }
    files.add(name);
    lowerCaseFiles.add(lowerCase);
  }

  /** Whether the name has been added. */
  boolean has(String name) {
    return files.contains(name);
  }

  private static IllegalArgumentException clash(String name) {
    return new IllegalArgumentException(
        ("a snapshot cannot have the file '%s' beside one that differs from it in case only, or that"
                + " has the name of its directory: rename one of them")
            .formatted(name));
  }
}
