package io.vertxraft.examples.benchmark.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Tables to read in a terminal or to put into a document. */
public final class MarkdownReport {
  private MarkdownReport() {}

  /** The whole report. */
  public static String of(Report report) {
    Summary summary = new Summary(report.samples());
    StringBuilder text = new StringBuilder("# Benchmark\n\n");
    text.append(
        "Medians over the rounds; ratios are medians of what was measured in the same round.\n");
    for (String line : report.conditions()) {
      text.append("\n- ").append(line);
    }
    text.append('\n');
    summary.byTitle().forEach((title, scenarios) -> append(text, summary, title, scenarios));
    figures(text, report.figures());
    if (!report.troubles().isEmpty()) {
      text.append("\n## Troubles\n");
      report.troubles().forEach(trouble -> text.append("\n- ").append(trouble));
      text.append('\n');
    }
    return text.toString();
  }

  private static void figures(StringBuilder text, List<Figure> figures) {
    for (String group : figures.stream().map(Figure::group).distinct().toList()) {
      text.append("\n## ").append(group).append("\n\n| | times | median | least | most |\n");
      text.append("|---|---|---|---|---|\n");
      for (Figure figure : figures) {
        if (figure.group().equals(group) && !figure.values().isEmpty()) {
          var values = figure.values().stream().mapToDouble(Double::doubleValue);
          var range = figure.values().stream().mapToDouble(Double::doubleValue).summaryStatistics();
          text.append("| ").append(figure.subject()).append(" | ").append(range.getCount());
          text.append(" | ").append(Numbers.brief(Numbers.median(values)));
          text.append(" | ").append(Numbers.brief(range.getMin()));
          text.append(" | ").append(Numbers.brief(range.getMax())).append(" |\n");
        }
      }
    }
  }

  private static void append(
      StringBuilder text, Summary summary, String title, List<Scenario> scenarios) {
    text.append("\n## ").append(title).append("\n\n");
    text.append(
        "| load | library | per second (rounds) | p50 ms | p99 ms | p99.9 ms | CPU s / 100,000 | leader"
            + " B allocated each | leader heap MiB | failed | ratio of rates, first / this |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Scenario scenario : scenarios) {
      List<String> libraries = summary.libraries(scenario);
      for (String library : libraries) {
        text.append("| ").append(scenario.load()).append(" | ").append(library).append(" | ");
        text.append(Numbers.grouped(summary.median(scenario, library, Sample::perSecond)));
        text.append(" (").append(rounds(summary.of(scenario, library))).append(") | ");
        cell(text, summary, scenario, library, sample -> sample.p50Micros() / 1e3);
        cell(text, summary, scenario, library, sample -> sample.p99Micros() / 1e3);
        cell(text, summary, scenario, library, sample -> sample.p999Micros() / 1e3);
        cell(text, summary, scenario, library, sample -> sample.cpuMicros() / 10);
        cell(text, summary, scenario, library, Sample::leaderAllocatedBytes);
        cell(text, summary, scenario, library, sample -> sample.leaderHeapBytes() / 1048576.0);
        text.append(summary.of(scenario, library).stream().mapToLong(Sample::failed).sum());
        double ratio = summary.ratio(scenario, libraries.get(0), library, Sample::perSecond);
        text.append(" | ").append(Numbers.brief(ratio)).append(" |\n");
      }
    }
  }

  private static void cell(
      StringBuilder text,
      Summary summary,
      Scenario scenario,
      String library,
      ToDoubleFunction<Sample> value) {
    text.append(Numbers.brief(summary.median(scenario, library, value))).append(" | ");
  }

  private static String rounds(List<Sample> samples) {
    return String.join(
        " · ", samples.stream().map(sample -> Numbers.grouped(sample.perSecond())).toList());
  }
}
