package io.vertxraft.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns that are as wide as they must be. Numbers stand right, words left. */
final class Table {
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /** A table with a heading; a column whose name begins with {@code >} stands right. */
  Table(String... heading) {
    right = new boolean[heading.length];
    String[] names = new String[heading.length];
    for (int i = 0; i < heading.length; i++) {
      right[i] = heading[i].startsWith(">");
      names[i] = right[i] ? heading[i].substring(1) : heading[i];
    }
    rows.add(names);
  }

  /** Adds a row; values are made plain. */
  Table row(Object... values) {
    String[] row = new String[right.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = Plain.orDash(values[i]);
    }
    rows.add(row);
    return this;
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  /** One line for each row, without spaces at the end. */
  List<String> lines() {
    int[] width = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        width[i] = Math.max(width[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String padding = " ".repeat(width[i] - row[i].length());
        line.append(i == 0 ? "" : GAP);
        line.append(right[i] ? padding + row[i] : row[i] + padding);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
