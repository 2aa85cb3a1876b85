package io.vertxraft.testkit.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Knows which line is judged and by which action, counts, and words the verdict. */
final class SpecJudge {
  /** Lines of each member shown with a violation. */
  private static final int SHOWN = 6;

  private final Map<SpecAction, Long> actions = new EnumMap<>(SpecAction.class);
  private final Map<String, Deque<Line>> recent = new HashMap<>();
  private long line;
  private TraceEvent event;
  private SpecAction action;

  private record Line(long number, TraceEvent event) {}

  /** The next line is judged. */
  void begin(TraceEvent next) {
    line++;
    event = next;
    action = SpecAction.NOTHING;
    Deque<Line> lines = recent.computeIfAbsent(next.node(), node -> new ArrayDeque<>());
    if (lines.size() == SHOWN) {
      lines.removeFirst();
    }
    lines.addLast(new Line(line, next));
  }

  /** A line without an event. */
  void skip() {
    line++;
  }

  /** What follows is judged as this action. */
  void action(SpecAction next) {
    action = next;
    actions.merge(next, 1L, Long::sum);
  }

  /** Number of the line being judged. */
  long line() {
    return line;
  }

  SpecReport report() {
    return new SpecReport(line, actions);
  }

  /** Throws the violation unless the condition holds. */
  void require(boolean condition, SpecRule rule, String format, Object... arguments) {
    if (!condition) {
      throw violation(rule, format, arguments);
    }
  }

  /** As {@link #require} with {@link Objects#equals}: the detail tells both. */
  void requireSame(Object expected, Object seen, SpecRule rule, String what) {
    if (!Objects.equals(expected, seen)) {
      throw violation(rule, "%s is %s where %s is due", what, seen, expected);
    }
  }

  SpecViolation violation(SpecRule rule, String format, Object... arguments) {
    return new SpecViolation(
        line, event.node(), action, rule, format.formatted(arguments), context());
  }

  /** The last lines of the members the event involves, in the order of the trace. */
  private String context() {
    List<Line> lines = new ArrayList<>(recent.getOrDefault(event.node(), new ArrayDeque<>()));
    if (event instanceof TraceEvent.Receive receive && !receive.from().equals(event.node())) {
      lines.addAll(recent.getOrDefault(receive.from(), new ArrayDeque<>()));
    }
    lines.sort(Comparator.comparingLong(Line::number));
    StringBuilder text = new StringBuilder("  the last lines of those involved:");
    for (Line shown : lines) {
      text.append(System.lineSeparator())
          .append("    ")
          .append(shown.number())
          .append("  ")
          .append(TraceText.of(shown.event()));
    }
    return text.toString();
  }
}
