package io.vertxraft.examples.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Actions at given times: {@code "10s k, 20s r, 30s q"}. Times count from the first leader, in
 * seconds or milliseconds, and do not decrease.
 *
 * @param steps in order of time
 */
record Script(List<Step> steps) {
  private static final Pattern STEP = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s)\\s+(\\S)");

  /** Makes the list immutable. */
  Script {
    steps = List.copyOf(steps);
  }

  /**
   * One action.
   *
   * @param atMs when, in milliseconds after the first leader
   * @param action what
   */
  record Step(long atMs, Action action) {}

  /**
   * Reads a script.
   *
   * @throws IllegalArgumentException naming the step that is not valid
   */
  static Script parse(String text) {
    List<Step> steps = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Step step = step(part.trim());
      if (!steps.isEmpty() && step.atMs() < steps.get(steps.size() - 1).atMs()) {
        throw new IllegalArgumentException(
            "step '%s' is earlier than the one before it".formatted(part.trim()));
      }
      steps.add(step);
    }
    return new Script(steps);
  }

  private static Step step(String text) {
    Matcher matcher = STEP.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "step '%s' does not have the form '<time>s <key>', as in '10s k'".formatted(text));
    }
    Action action =
        Action.ofKey(matcher.group(3).charAt(0))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "key '%s' in step '%s' is unknown, allowed are %s"
                            .formatted(matcher.group(3), text, Action.keys())));
    long unitMs = matcher.group(2).equals("s") ? 1_000 : 1;
    long atMs = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitMs)).longValue();
    return new Step(atMs, action);
  }
}
