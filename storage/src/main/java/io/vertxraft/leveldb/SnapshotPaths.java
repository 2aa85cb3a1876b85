package io.vertxraft.leveldb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the snapshots of a group are.
 *
 * <pre>
 *   home/snapshots/GROUP/
 *     snapshot_00000000000000004711/   a published one: its last index, so the newest sorts last
 *       manifest                       what it is of, and its files with lengths and checksums
 *       files/...                      the files, under their names
 *     saving/                          the draft of one of our own; removed at the next start
 *     receiving/                       the draft of one that comes from a peer; resumed
 *     trash_.../                       a deleted one, until all its files are
 *     aside_.../                       one that was in the way of a new one of its name: damaged
 * </pre>
 *
 * @param home the storage directory
 * @param groupId the group
 */
record SnapshotPaths(Path home, String groupId) {
  static final String ROOT = "snapshots";
  static final String MANIFEST = "manifest";
  static final String FILES = "files";

  private static final Pattern NAME = Pattern.compile("snapshot_([0-9]{20})");

  /** What holds everything of the group. */
  Path group() {
    return home.resolve(ROOT).resolve(directoryName(groupId));
  }

  /** An id may be {@code ..}, and some systems drop dots at the end. */
  static String directoryName(String groupId) {
    String name = groupId;
    if (name.startsWith(".")) {
      name = "%2E" + name.substring(1);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) + "%2E" : name;
  }

  /** The group whose directory has that name. */
  static String groupId(String directoryName) {
    return directoryName.replace("%2E", ".");
  }

  /** A published snapshot. */
  Path snapshot(long lastIndex) {
    return numbered("snapshot", lastIndex);
  }

  Path saving() {
    return group().resolve("saving");
  }

  Path receiving() {
    return group().resolve("receiving");
  }

  Path trash(long lastIndex) {
    return numbered("trash", lastIndex);
  }

  Path aside(long lastIndex) {
    return numbered("aside", lastIndex);
  }

  private Path numbered(String what, long index) {
    return group().resolve(String.format(Locale.ROOT, "%s_%020d", what, index));
  }

  /** The index in the name of a published snapshot; -1 if it is the name of something else. */
  static long index(Path directory) {
    Matcher name = NAME.matcher(directory.getFileName().toString());
    try {
      return name.matches() ? Long.parseLong(name.group(1)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Whether it is what a draft or a deletion that was cut short has left. */
  static boolean isLeftover(Path directory) {
    String name = directory.getFileName().toString();
    return name.equals("saving") || name.startsWith("trash_");
  }

  /** The manifest of a snapshot or draft. */
  static Path manifest(Path directory) {
    return directory.resolve(MANIFEST);
  }

  /** What holds the files of a snapshot or draft. */
  static Path files(Path directory) {
    return directory.resolve(FILES);
  }

  /** A file of a snapshot or draft. */
  static Path file(Path directory, String name) {
    return files(directory).resolve(name);
  }

  /** The name of a file below a directory of {@link #files files}. */
  static String name(Path filesDirectory, Path file) {
    StringBuilder name = new StringBuilder();
    for (Path part : filesDirectory.relativize(file)) {
      name.append(name.isEmpty() ? "" : "/").append(part);
    }
    return name.toString();
  }

  /** The directories that files of these names are in, those inside before those around them. */
  static List<Path> directories(Path directory, Collection<String> names) {
    Path root = files(directory);
    TreeSet<Path> found =
        new TreeSet<>(
            Comparator.comparing(Path::getNameCount)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    for (String name : names) {
      for (Path at = root.resolve(name).getParent(); !at.equals(root); at = at.getParent()) {
        found.add(at);
      }
    }
    List<Path> insideFirst = new ArrayList<>(found);
    insideFirst.add(root);
    return insideFirst;
  }
}
