package io.vertxraft.testkit.spec;

import java.util.List;

/**
 * What an event did to a log: first everything from an index on was removed, then entries were
 * added.
 *
 * @param truncateFrom first index removed; 0 if nothing was
 * @param append the entries added, in order
 */
public record LogChange(long truncateFrom, List<TraceEntry> append) {
  /** The change that changes nothing. */
  public static final LogChange NONE = new LogChange(0, List.of());

  /** Creates the change; the list is copied. */
  public LogChange {
    append = List.copyOf(append);
  }

  /** Whether nothing was removed and nothing was added. */
  public boolean isNone() {
    return truncateFrom == 0 && append.isEmpty();
  }

  @Override
  public String toString() {
    if (isNone()) {
      return "no change";
    }
    String removed = truncateFrom == 0 ? "" : "truncate from " + truncateFrom + ", ";
    return removed + "append " + append;
  }
}
