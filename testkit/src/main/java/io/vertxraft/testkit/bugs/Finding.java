package io.vertxraft.testkit.bugs;

/**
 * A broken rule.
 *
 * @param rule id of the rule
 * @param report what was seen
 */
public record Finding(String rule, String report) {}
