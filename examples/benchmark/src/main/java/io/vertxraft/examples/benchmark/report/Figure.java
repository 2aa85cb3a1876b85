package io.vertxraft.examples.benchmark.report;

import java.util.List;

/**
 * A quantity that is no load: how long something took, round by round.
 *
 * @param group what is measured, with its unit
 * @param subject of whom or of what
 */
public record Figure(String group, String subject, List<Double> values) {}
