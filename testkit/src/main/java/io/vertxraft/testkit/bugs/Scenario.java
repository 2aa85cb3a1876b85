package io.vertxraft.testkit.bugs;

/** A story in which a planted bug shows, and without it nothing goes wrong. */
@FunctionalInterface
public interface Scenario {
  /**
   * Plays the story, the same way each time.
   *
   * @throws io.vertxraft.testkit.oracle.Violation if a rule is broken
   */
  void play();
}
