package io.vertxraft.leveldb;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts a class of the tests in a process of its own. */
final class ChildJvm {
  private ChildJvm() {}

  static Process start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), Map.of(), main, arguments);
  }

  static Process start(List<String> jvmOptions, Class<?> main, String... arguments)
      throws IOException {
    return start(jvmOptions, Map.of(), main, arguments);
  }

  static Process start(Map<String, String> environment, Class<?> main, String... arguments)
      throws IOException {
    return start(List.of(), environment, main, arguments);
  }

  private static Process start(
      List<String> jvmOptions, Map<String, String> environment, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath()));
    command.addAll(jvmOptions);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** The class path of the tests; the runner may hide it behind a manifest. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  static List<Path> classPathEntries() {
    return List.of(classPath().split(File.pathSeparator)).stream().map(Path::of).toList();
  }
}
