package io.vertxraft.consensus;

import java.util.ArrayList;
import java.util.List;

/**
 * A flow as text. Comments begin with {@code #}; a line at the margin is a command; the indented
 * lines directly below it are what it must print. The first comment tells the story and, in a line
 * that begins with {@code # Source:}, where the story comes from.
 */
final class FlowScript {
  static final String INDENT = "  ";
  private static final String SOURCE = "# Source: ";

  /**
   * One command.
   *
   * @param line its line number, from 1
   * @param preamble comments and blank lines above it
   * @param command the command
   * @param expected what it must print, without the indent
   */
  record Step(int line, List<String> preamble, String command, List<String> expected) {}

  private final String name;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> epilogue = new ArrayList<>();

  private FlowScript(String name) {
    this.name = name;
  }

  static FlowScript parse(String name, List<String> lines) {
    FlowScript script = new FlowScript(name);
    List<String> preamble = script.epilogue;
    Step last = null;
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      if (line.isBlank() || line.startsWith("#")) {
        preamble.add(line);
      } else if (!line.startsWith(INDENT)) {
        last = new Step(number, List.copyOf(preamble), line.strip(), new ArrayList<>());
        script.steps.add(last);
        preamble.clear();
      } else if (last == null || !preamble.isEmpty()) {
        throw new IllegalArgumentException(
            "%s:%d is output without a command directly above it".formatted(name, number));
      } else {
        last.expected().add(line.substring(INDENT.length()));
      }
    }
    script.requireStory();
    return script;
  }

  private void requireStory() {
    List<String> head = steps.isEmpty() ? epilogue : steps.get(0).preamble();
    boolean told = !head.isEmpty() && head.get(0).startsWith("# ");
    if (!told || head.get(0).startsWith(SOURCE) || head.stream().noneMatch(FlowScript::isSource)) {
      throw new IllegalArgumentException(
          "%s:1 must begin with a comment that tells the story, and its source in a line '%s'"
              .formatted(name, SOURCE));
    }
  }

  private static boolean isSource(String line) {
    return line.startsWith(SOURCE);
  }

  List<Step> steps() {
    return steps;
  }

  /** Where a step stands, for messages. */
  String placeOf(Step step) {
    return "%s:%d '%s'".formatted(name, step.line(), step.command());
  }

  /** The script's lines, with {@code outputs} of the first steps in place of what was expected. */
  List<String> with(List<List<String>> outputs) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      lines.addAll(steps.get(i).preamble());
      lines.add(steps.get(i).command());
      List<String> output = i < outputs.size() ? outputs.get(i) : steps.get(i).expected();
      output.forEach(line -> lines.add(INDENT + line));
    }
    lines.addAll(epilogue);
    return lines;
  }
}
