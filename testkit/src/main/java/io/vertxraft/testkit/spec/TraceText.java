package io.vertxraft.testkit.spec;

import java.util.Locale;
import java.util.stream.Collectors;

/** Words an event in one line. */
final class TraceText {
  /** Longer lines are cut: a turn may carry hundreds of entries. */
  private static final int WIDTH = 400;

  private TraceText() {}

  static String of(TraceEvent event) {
    String text = event.node() + " " + body(event);
    return text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "...";
  }

  private static String body(TraceEvent event) {
    if (event instanceof TraceEvent.Start start) {
      return "start, life %d: %s log=%s".formatted(start.life(), start.state(), start.log());
    }
    if (event instanceof TraceEvent.Receive receive) {
      return "receive %s from %s: %s%s"
          .formatted(receive.message(), receive.from(), receive.state(), change(receive.change()));
    }
    if (event instanceof TraceEvent.Turn turn) {
      String sent =
          turn.sent().stream()
              .map(s -> s.message() + " to " + s.to() + (s.waits() ? " when durable" : ""))
              .collect(Collectors.joining(", "));
      return "turn: sent [%s], %s".formatted(sent, turn.write() == null ? "" : turn.write());
    }
    if (event instanceof TraceEvent.Stop stop) {
      return "stop: " + stop.how();
    }
    TraceEvent.Step step = (TraceEvent.Step) event;
    String kind = step.kind().name().toLowerCase(Locale.ROOT);
    return kind + ": " + step.state() + change(step.change());
  }

  private static String change(LogChange change) {
    return change.isNone() ? "" : ", log: " + change;
  }
}
