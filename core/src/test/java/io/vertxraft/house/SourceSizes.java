package io.vertxraft.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Measures files in lines, and Java methods from their first modifier to their closing brace. */
final class SourceSizes {
  private final SourceTree tree;
  private final int fileLinesMax;
  private final int methodLinesMax;

  SourceSizes(SourceTree tree, int fileLinesMax, int methodLinesMax) {
    this.tree = tree;
    this.fileLinesMax = fileLinesMax;
    this.methodLinesMax = methodLinesMax;
  }

  /** One line per file that is too long. */
  List<String> filesTooLong() {
    List<String> offenders = new ArrayList<>();
    for (Path file : tree.files(name -> name.matches(".*/src/.*\\.(java|js|css|html|proto)"))) {
      int lines = SourceTree.linesOf(file).size();
      if (lines > fileLinesMax) {
        offenders.add(
            "%s:1 has %d lines, allowed are %d".formatted(tree.nameOf(file), lines, fileLinesMax));
      }
    }
    return offenders;
  }

  /** One line per method, constructor or initializer that is too long. */
  List<String> methodsTooLong() {
    List<Path> files = tree.files(name -> name.matches(".*/src/.*\\.java"));
    if (files.isEmpty()) {
      return List.of();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<String> offenders = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        new MethodScanner(unit, positions, offenders).scan(unit, null);
      }
      return offenders;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class MethodScanner extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> offenders;

    MethodScanner(CompilationUnitTree unit, SourcePositions positions, List<String> offenders) {
      this.unit = unit;
      this.positions = positions;
      this.offenders = offenders;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      measure(method, "method " + method.getName());
      return super.visitMethod(method, null);
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      for (Tree member : type.getMembers()) {
        if (member instanceof BlockTree) {
          measure(member, "initializer of " + type.getSimpleName());
        }
      }
      return super.visitClass(type, null);
    }

    private void measure(Tree member, String what) {
      long end = positions.getEndPosition(unit, member);
      if (end < 0) {
        return; // the compiler made it up: a default or record constructor
      }
      LineMap lines = unit.getLineMap();
      long first = lines.getLineNumber(positions.getStartPosition(unit, member));
      long count = lines.getLineNumber(end) - first + 1;
      if (count > methodLinesMax) {
        String file = tree.nameOf(Path.of(unit.getSourceFile().toUri()));
        offenders.add(
            "%s:%d %s has %d lines, allowed are %d"
                .formatted(file, first, what, count, methodLinesMax));
      }
    }
  }
}
