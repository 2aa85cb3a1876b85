package io.vertxraft.testkit.spec;

import java.util.ArrayList;
import java.util.List;

/** A log that can be viewed as it was: a removal leaves the views taken before it untouched. */
final class SpecLog {
  private List<TraceEntry> entries;

  SpecLog(List<TraceEntry> entries) {
    this.entries = new ArrayList<>(entries);
  }

  LogView view() {
    return new LogView(entries, entries.size());
  }

  void truncateFrom(long index) {
    if (index <= entries.size()) {
      entries = new ArrayList<>(entries.subList(0, (int) index - 1));
    }
  }

  void append(List<TraceEntry> more) {
    entries.addAll(more);
  }
}
