package io.vertxraft.testkit.bugs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The product's source text, by class. */
@FunctionalInterface
public interface ProductSources {
  /** The source file of a top-level class, or null if it is not here. */
  String find(String className);

  /**
   * The sources that belong to the classes in use: those packed with this class by the build, or,
   * where an IDE has not packed them, those of the repository around the working directory.
   */
  static ProductSources current() {
    List<ProductSources> places =
        List.of(
            packed(),
            directory(Path.of("core", "src", "main", "java")),
            directory(Path.of("..", "core", "src", "main", "java")));
    return className -> {
      for (ProductSources place : places) {
        String text = place.find(className);
        if (text != null) {
          return text;
        }
      }
      return null;
    };
  }

  /** The sources packed as resources beside this class. */
  static ProductSources packed() {
    return className -> {
      String resource = "sources/" + fileOf(className);
      try (InputStream in = ProductSources.class.getResourceAsStream(resource)) {
        return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the resource " + resource, e);
      }
    };
  }

  /** The sources below a directory that holds packages. */
  static ProductSources directory(Path root) {
    return className -> {
      Path file = root.resolve(fileOf(className));
      try {
        return Files.isRegularFile(file) ? Files.readString(file) : null;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    };
  }

  private static String fileOf(String className) {
    return className.replace('.', '/') + ".java";
  }
}
