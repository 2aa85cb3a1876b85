package io.vertxraft.testkit.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Histories of what has been committed, as a tree: each says which log was committed first in which
 * term, after which other. 0 is the history in which nothing was. A member may crash and forget; a
 * history does not.
 */
final class Commits {
  private record Commit(int before, int log, long term) {}

  private final Map<Commit, Integer> numbers = new HashMap<>();
  private final List<Commit> commits = new ArrayList<>(List.of(new Commit(0, 0, 0)));

  /** The history in which {@code log}, longer than what is committed, is committed next. */
  int add(int history, int log, long term) {
    return numbers.computeIfAbsent(
        new Commit(history, log, term),
        commit -> {
          commits.add(commit);
          return commits.size() - 1;
        });
  }

  /** Number of the log that is committed. */
  int log(int history) {
    return commits.get(history).log;
  }

  /** Number of the log that was committed in terms up to {@code term}. */
  int logUpTo(int history, long term) {
    int at = history;
    while (commits.get(at).term > term) {
      at = commits.get(at).before;
    }
    return commits.get(at).log;
  }
}
