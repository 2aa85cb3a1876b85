package io.vertxraft.testkit.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.RaftCore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The core with one line changed, and the explorer on top of it, in a class loader that shares
 * nothing with this one but the JDK.
 */
final class MutantCore {
  private static final Path SOURCES = Path.of("../core/src/main/java/io/vertxraft/consensus");

  private final Path classes;

  private MutantCore(Path classes) {
    this.classes = classes;
  }

  /** Compiles {@code file} of the core into {@code directory} with {@code line} replaced. */
  static MutantCore of(Path directory, String file, String line, String replacement) {
    try {
      String source = Files.readString(SOURCES.resolve(file));
      assertThat(source.split(Pattern.quote(line), -1))
          .as("%s contains once: %s", file, line)
          .hasSize(2);
      Path mutant = Files.createDirectories(directory.resolve("source")).resolve(file);
      Files.writeString(mutant, source.replace(line, replacement));
      Path classes = Files.createDirectories(directory.resolve("classes"));
      compile(mutant, classes);
      return new MutantCore(classes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compile(Path source, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("-proc:none", "-cp", pathOf(RaftCore.class).toString(), "-d", classes.toString());
      boolean compiled =
          compiler
              .getTask(
                  new OutputStreamWriter(errors, StandardCharsets.UTF_8),
                  files,
                  null,
                  options,
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as("%s", errors.toString(StandardCharsets.UTF_8)).isTrue();
    }
  }

  /** What {@link ExplorerMain} prints with the given arguments. */
  String explore(String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URL[] path = {
      url(classes), url(pathOf(RaftCore.class)), url(pathOf(ExplorerMain.class)),
    };
    try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      Class<?> main = loader.loadClass(ExplorerMain.class.getName());
      assertThat(main).isNotEqualTo(ExplorerMain.class);
      main.getMethod("run", PrintStream.class, String[].class).invoke(null, out, arguments);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException("the explorer did not run", e);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Path pathOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no path to " + type, e);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
