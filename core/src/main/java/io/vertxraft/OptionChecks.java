package io.vertxraft;

/** Checks that options share. */
final class OptionChecks {
  private OptionChecks() {}

  /**
   * Checks that a number is allowed.
   *
   * @throws IllegalArgumentException naming the option, its value and what is allowed
   */
  static void range(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d, allowed is %d to %s"
              .formatted(option, value, min, max == Long.MAX_VALUE ? "any larger" : max));
    }
  }
}
