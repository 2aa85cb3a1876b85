package io.vertxraft.testkit.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * Text in columns, one per node, with the time on the left. What happens at one instant stands side
 * by side. Long texts go on in further rows.
 */
final class ColumnPicture {
  private static final int TIME_WIDTH = 12;
  private static final int GAP = 2;
  private static final int COLUMN_MIN = 18;
  private static final int COLUMN_MAX = 60;
  private static final String INDENT = "  ";
  private static final String FRAME = "---";

  private final int columnWidth;
  private final StringBuilder picture = new StringBuilder();

  /** The rows of each column at the last instant, which are not in the picture yet. */
  private final List<List<String>> rows = new ArrayList<>();

  private long instant;

  /**
   * An empty picture.
   *
   * @param names of the columns
   * @param width characters per line at most
   */
  ColumnPicture(List<String> names, int width) {
    int columns = names.size();
    this.columnWidth = Math.min(COLUMN_MAX, (width - TIME_WIDTH) / columns - GAP);
    if (columnWidth < COLUMN_MIN) {
      throw new IllegalArgumentException(
          "a timeline of %d nodes needs a width of %d, not %d: name fewer nodes or allow more width"
              .formatted(columns, TIME_WIDTH + columns * (COLUMN_MIN + GAP), width));
    }
    for (String name : names) {
      rows.add(new ArrayList<>(wrap(name, columnWidth)));
    }
    flush("time in s");
    line("-".repeat(lineWidth()));
  }

  private int lineWidth() {
    return TIME_WIDTH + rows.size() * (GAP + columnWidth);
  }

  /** Adds what happened in one column, not earlier than what was added before. */
  void cell(long timeNanos, int column, String text) {
    if (timeNanos != instant) {
      flush(seconds(instant));
    }
    instant = timeNanos;
    rows.get(column).addAll(wrap(text, columnWidth));
  }

  /** Adds what happened to all columns. */
  void across(long timeNanos, String text) {
    flush(seconds(instant));
    String margin = " ".repeat(GAP);
    String time = seconds(timeNanos);
    int room = lineWidth() - TIME_WIDTH - GAP - 2 * (FRAME.length() + 1);
    for (String part : wrap(text, room)) {
      line(pad(time, TIME_WIDTH) + margin + FRAME + " " + part.strip() + " " + FRAME);
      time = "";
    }
  }

  /** Moves the rows of the last instant to the picture. */
  private void flush(String time) {
    int height = 0;
    for (List<String> column : rows) {
      height = Math.max(height, column.size());
    }
    for (int row = 0; row < height; row++) {
      StringBuilder line = new StringBuilder(pad(row == 0 ? time : "", TIME_WIDTH));
      for (List<String> column : rows) {
        String text = row < column.size() ? column.get(row) : "";
        line.append(" ".repeat(GAP)).append(pad(text, columnWidth));
      }
      line(line.toString());
    }
    rows.forEach(List::clear);
  }

  private static String seconds(long nanos) {
    return "%5d.%06d".formatted(nanos / 1_000_000_000, nanos / 1_000 % 1_000_000);
  }

  /** Breaks a text at spaces, and words that are longer than a line anywhere. */
  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    String indent = "";
    while (indent.length() + rest.length() > width) {
      int room = width - indent.length();
      int space = rest.lastIndexOf(' ', room);
      int end = space > 0 ? space : room;
      lines.add(indent + rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
      indent = INDENT;
    }
    lines.add(indent + rest);
    return lines;
  }

  private static String pad(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  private void line(String text) {
    picture.append(text.stripTrailing()).append('\n');
  }

  /** The picture with everything added. */
  String finish() {
    flush(seconds(instant));
    return picture.toString();
  }
}
