package io.vertxraft.examples.benchmark.member;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Command lines of processes that have the libraries of one peer: its own first, then the harness.
 */
public final class JavaCommand {
  private static final String LIBRARIES = "raft-bench-lib";

  private JavaCommand() {}

  /**
   * A command line.
   *
   * @param peers directories of libraries to have
   * @param options for the JVM
   * @param main name of the main class
   */
  public static List<String> of(
      List<String> peers, List<String> options, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-cp");
    command.add(classPath(peers));
    command.add(main);
    command.addAll(arguments);
    return command;
  }

  private static String classPath(List<String> peers) {
    Path jar = here();
    if (Files.isDirectory(jar)) {
      // In a build or an editor everything is on one class path.
      return System.getProperty("java.class.path");
    }
    List<String> parts = new ArrayList<>();
    for (String peer : peers) {
      parts.addAll(jars(jar.resolveSibling(LIBRARIES).resolve(peer)));
    }
    parts.addAll(jars(jar.resolveSibling(LIBRARIES).resolve("harness")));
    parts.add(jar.toString());
    return String.join(File.pathSeparator, parts);
  }

  private static List<String> jars(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().toList();
    } catch (IOException missing) {
      throw new IllegalStateException(
          "the libraries in "
              + directory
              + " cannot be read: keep the jar beside its directory "
              + LIBRARIES
              + ", or build it again",
          missing);
    }
  }

  private static Path here() {
    try {
      return Path.of(JavaCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
