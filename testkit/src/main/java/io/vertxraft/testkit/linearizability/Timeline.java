package io.vertxraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Draws a counterexample as text: a line per operation, with a bar from its call to its return.
 * Columns are instants at which something was called or returned, not equal spans of time.
 */
final class Timeline {
  private static final int COLUMNS_MAX = 60;
  private static final int BEFORE_MAX = 6;
  private static final int WINDOW_MAX = 40;
  private static final int OPEN_MAX = 12;
  private static final String LINE_END = System.lineSeparator();

  private final StringBuilder text = new StringBuilder();
  private final List<Long> instants;

  private Timeline(List<? extends Operation<?, ?>> shown) {
    TreeSet<Long> times = new TreeSet<>();
    for (Operation<?, ?> operation : shown) {
      times.add(operation.callNanos());
      if (operation.isKnown()) {
        times.add(operation.returnNanos());
      }
    }
    instants = List.copyOf(times);
  }

  /** The text of a key's counterexample. */
  static <S, I, O> String of(String key, Counterexample<S, I, O> example) {
    List<Operation<I, O>> before = last(BEFORE_MAX, example.before());
    List<Operation<I, O>> window = last(WINDOW_MAX, example.window());
    if (!window.contains(example.culprit())) {
      window = new ArrayList<>(window);
      window.add(0, example.culprit());
    }
    List<Operation<I, O>> open = last(OPEN_MAX, example.open());
    List<Operation<I, O>> shown = new ArrayList<>(before);
    shown.addAll(window);
    shown.addAll(open);
    shown.sort(Comparator.comparingLong(Operation::callNanos));

    Timeline timeline = new Timeline(shown);
    timeline.head(key, example);
    int earlier = example.before().size() - before.size();
    int left = example.window().size() - window.size() + example.open().size() - open.size();
    timeline.leftOut(earlier, "earlier");
    timeline.leftOut(left, "overlapping or unanswered");
    for (Operation<I, O> operation : shown) {
      timeline.line(operation, operation == example.culprit());
    }
    return timeline.text.toString();
  }

  private static <T> List<T> last(int max, List<T> list) {
    return list.subList(Math.max(0, list.size() - max), list.size());
  }

  private <S, I, O> void head(String key, Counterexample<S, I, O> example) {
    Operation<I, O> culprit = example.culprit();
    text.append("key '%s': client %d saw ".formatted(key, culprit.client()))
        .append("%s -> %s, ".formatted(culprit.input(), culprit.output()));
    if (example.expected().isEmpty()) {
      text.append("which no order of the operations explains");
    } else {
      text.append("where only ").append(alternatives(example.expected())).append(" can be");
    }
    text.append(LINE_END);
    if (!example.states().isEmpty()) {
      text.append("before the operations that overlap it, the key held ")
          .append(alternatives(example.states()))
          .append(LINE_END);
    }
  }

  private static String alternatives(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" or "));
  }

  private void leftOut(int count, String which) {
    if (count > 0) {
      text.append("(%d %s operations left out)".formatted(count, which)).append(LINE_END);
    }
  }

  private void line(Operation<?, ?> operation, boolean isCulprit) {
    text.append(
        String.format(
            Locale.ROOT,
            "  client %-3d %12s .. %-12s %s  %s%s%s",
            operation.client(),
            millis(operation.callNanos()),
            operation.isKnown() ? millis(operation.returnNanos()) : "?",
            bar(operation),
            operation.input(),
            operation.isKnown() ? " -> " + operation.output() : ": no answer",
            isCulprit ? "   <== cannot be" : ""));
    text.append(LINE_END);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
  }

  private String bar(Operation<?, ?> operation) {
    int width = Math.min(instants.size(), COLUMNS_MAX);
    int from = column(operation.callNanos(), width);
    int to = operation.isKnown() ? column(operation.returnNanos(), width) : width - 1;
    StringBuilder bar = new StringBuilder(" ".repeat(width));
    for (int i = from; i <= to; i++) {
      bar.setCharAt(i, operation.isKnown() ? '=' : '.');
    }
    bar.setCharAt(from, '|');
    if (operation.isKnown()) {
      bar.setCharAt(to, '|');
    }
    return bar.toString();
  }

  private int column(long nanos, int width) {
    int rank = instants.indexOf(nanos);
    return instants.size() <= width ? rank : rank * width / instants.size();
  }
}
