package io.vertxraft.testkit.explore;

import io.vertxraft.consensus.Mark;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an exploration found.
 *
 * @param states distinct global states reached
 * @param transitions actions taken
 * @param depth actions on the way to the farthest state
 * @param complete whether everything within the bounds was explored; false if the number of states
 *     was too large, or a violation ended the search
 * @param memberStates distinct states of single members
 * @param memberSteps events really taken by a core; all others were known
 * @param marks corners of the core that members got to
 * @param violation the rule broken and the shortest way to break it, or null
 */
public record Result(
    int states,
    long transitions,
    int depth,
    boolean complete,
    int memberStates,
    int memberSteps,
    Set<Mark> marks,
    String violation) {

  /** Makes the set immutable; it iterates in the order of the marks. */
  public Result {
    EnumSet<Mark> copy = EnumSet.noneOf(Mark.class);
    copy.addAll(marks);
    marks = Collections.unmodifiableSet(copy);
  }

  /** Whether no rule was broken. */
  public boolean ok() {
    return violation == null;
  }

  @Override
  public String toString() {
    return "%d states, %d transitions, depth %d, %s; %d member states, %d member steps, %d marks; %s"
        .formatted(
            states,
            transitions,
            depth,
            complete ? "complete" : "not complete",
            memberStates,
            memberSteps,
            marks.size(),
            ok() ? "no rule broken" : violation);
  }
}
