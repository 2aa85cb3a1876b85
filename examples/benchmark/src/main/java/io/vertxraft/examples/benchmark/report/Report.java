package io.vertxraft.examples.benchmark.report;

import java.util.List;

/**
 * What is reported.
 *
 * @param conditions machine, settings and whatever else one must know, as sentences
 * @param troubles what went wrong, as sentences
 */
public record Report(
    List<String> conditions, List<Sample> samples, List<Figure> figures, List<String> troubles) {}
