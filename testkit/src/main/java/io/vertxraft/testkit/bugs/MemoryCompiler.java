package io.vertxraft.testkit.bugs;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles source text to class files in memory, against the class path of this JVM. Keeps what it
 * has read of the class path, so that the second call is much faster than the first. Confined to
 * one thread at a time.
 */
final class MemoryCompiler {
  private final JavaCompiler compiler;
  private final StandardJavaFileManager files;

  /**
   * Creates a compiler.
   *
   * @throws PlantingException if this Java has none
   */
  MemoryCompiler() {
    compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new PlantingException(
          "planted bugs need a Java compiler, and the Java at %s has none: run with a JDK"
              .formatted(System.getProperty("java.home")));
    }
    files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
  }

  /**
   * Compiles.
   *
   * @param sources source texts by class name
   * @return class files by binary class name, nested classes included
   * @throws CompileException if they do not compile
   */
  synchronized Map<String, byte[]> compile(Map<String, String> sources) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((className, text) -> units.add(new SourceText(className, text)));
    ClassFiles output = new ClassFiles(files);
    boolean compiled =
        compiler
            .getTask(
                null,
                output,
                problems,
                List.of("-proc:none", "-nowarn", "-g", "-Xlint:none"),
                null,
                units)
            .call();
    if (!compiled) {
      throw new CompileException(describe(problems));
    }
    return output.bytes();
  }

  private static String describe(DiagnosticCollector<JavaFileObject> problems) {
    StringBuilder text = new StringBuilder();
    for (Diagnostic<? extends JavaFileObject> problem : problems.getDiagnostics()) {
      if (problem.getKind() == Diagnostic.Kind.ERROR) {
        String file = problem.getSource() == null ? "" : problem.getSource().getName();
        text.append(
            "%n  %s:%d: %s"
                .formatted(file, problem.getLineNumber(), problem.getMessage(Locale.ROOT)));
      }
    }
    return text.toString();
  }

  /** Sources that do not compile; the message lists file, line and problem. */
  static final class CompileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CompileException(String message) {
      super(message);
    }
  }

  private static final class SourceText extends SimpleJavaFileObject {
    private final String text;

    SourceText(String className, String text) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassFile extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ClassFile(String className) {
      super(URI.create("memory:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  /** Keeps what the compiler writes. */
  private static final class ClassFiles extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ClassFile> written = new LinkedHashMap<>();

    ClassFiles(JavaFileManager delegate) {
      super(delegate);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return written.computeIfAbsent(className, ClassFile::new);
    }

    Map<String, byte[]> bytes() {
      Map<String, byte[]> bytes = new LinkedHashMap<>();
      written.forEach((className, file) -> bytes.put(className, file.bytes.toByteArray()));
      return bytes;
    }
  }
}
