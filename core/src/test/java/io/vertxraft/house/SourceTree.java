package io.vertxraft.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The hand-written files of the whole repository: every module's, not only this one's. Build
 * output, generated code and files taken over from others are left out.
 */
final class SourceTree {
  private static final Set<String> SKIPPED_DIRECTORIES =
      Set.of("target", "generated", "vendor", "node_modules");

  /** Directories whose name starts with a dot are skipped but for these. */
  private static final Set<String> HIDDEN_DIRECTORIES_READ = Set.of(".ci", ".mvn");

  private final Path root;

  SourceTree(Path root) {
    this.root = root;
  }

  /** The tree this test runs in: found by walking up to the directory that holds {@code .mvn}. */
  static SourceTree ofRepository() {
    Path start = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (Path directory = start; directory != null; directory = directory.getParent()) {
      if (Files.isDirectory(directory.resolve(".mvn"))) {
        return new SourceTree(directory);
      }
    }
    throw new IllegalStateException("no directory above %s holds .mvn".formatted(start));
  }

  /** Every file whose path, relative to the root and with slashes, is wanted; in a stable order. */
  List<Path> files(Predicate<String> wanted) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes ignored) {
              return directory.equals(root) || isRead(directory)
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && wanted.test(nameOf(file))) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return found;
  }

  /** How a file is called in a message: relative to the root, with slashes. */
  String nameOf(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static boolean isRead(Path directory) {
    String name = directory.getFileName().toString();
    return name.startsWith(".")
        ? HIDDEN_DIRECTORIES_READ.contains(name)
        : !SKIPPED_DIRECTORIES.contains(name);
  }
}
