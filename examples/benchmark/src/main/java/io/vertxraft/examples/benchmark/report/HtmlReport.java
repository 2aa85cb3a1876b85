package io.vertxraft.examples.benchmark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A page with plots that needs nothing but itself. */
public final class HtmlReport {
  private static final List<String> COLOURS =
      List.of("#2563eb", "#9ca3af", "#d97706", "#059669", "#7c3aed", "#dc2626");
  private static final String STYLE =
      "body{font:14px/1.5 system-ui,sans-serif;max-width:1120px;margin:2em auto;padding:0 1em;color:#111}"
          + "svg{margin:4px 16px 12px 0;font:12px system-ui,sans-serif}.t{font-weight:600}"
          + "line{stroke:#111}pre{overflow:auto;background:#f6f6f6;padding:1em}"
          + "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}svg text{fill:#eee}"
          + "line{stroke:#eee}pre{background:#222}}";

  private HtmlReport() {}

  /** The whole page. */
  public static String of(Report report) {
    Summary summary = new Summary(report.samples());
    StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><title>Raft benchmark</title><style>");
    page.append(STYLE).append("</style></head>\n<body><h1>Raft benchmark</h1>\n");
    page.append(
        "<p>Bars are medians over the rounds, thin lines reach from the least to the most.</p>\n");
    list(page, report.conditions());
    summary
        .byTitle()
        .forEach(
            (title, scenarios) -> {
              page.append("<h2>").append(escaped(title)).append("</h2>\n");
              scenarios.forEach(scenario -> charts(page, summary, scenario));
            });
    figures(page, report.figures());
    if (!report.troubles().isEmpty()) {
      page.append("<h2>Troubles</h2>\n");
      list(page, report.troubles());
    }
    page.append("<h2>As text</h2>\n<pre>").append(escaped(MarkdownReport.of(report)));
    return page.append("</pre></body></html>\n").toString();
  }

  private static void list(StringBuilder page, List<String> items) {
    page.append("<ul>");
    items.forEach(item -> page.append("<li>").append(escaped(item)).append("</li>\n"));
    page.append("</ul>\n");
  }

  private static void figures(StringBuilder page, List<Figure> figures) {
    for (String group : figures.stream().map(Figure::group).distinct().toList()) {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (Figure figure : figures) {
        if (figure.group().equals(group) && !figure.values().isEmpty()) {
          var range = figure.values().stream().mapToDouble(Double::doubleValue).summaryStatistics();
          double median = Numbers.median(figure.values().stream().mapToDouble(Double::doubleValue));
          String colour = COLOURS.get(bars.size() % COLOURS.size());
          bars.add(
              new BarChart.Bar(figure.subject(), colour, median, range.getMin(), range.getMax()));
        }
      }
      page.append("<h2>").append(escaped(group)).append("</h2>\n<div>");
      page.append(BarChart.of("", bars)).append("</div>\n");
    }
  }

  private static void charts(StringBuilder page, Summary summary, Scenario scenario) {
    page.append("<h3>").append(escaped(scenario.load())).append("</h3>\n<div>");
    chart(page, summary, scenario, "per second", Sample::perSecond);
    chart(page, summary, scenario, "p50, ms", sample -> sample.p50Micros() / 1e3);
    chart(page, summary, scenario, "p99, ms", sample -> sample.p99Micros() / 1e3);
    chart(page, summary, scenario, "CPU s per 100,000", sample -> sample.cpuMicros() / 10);
    chart(page, summary, scenario, "bytes allocated at the leader", Sample::leaderAllocatedBytes);
    page.append("</div>\n");
  }

  private static void chart(
      StringBuilder page,
      Summary summary,
      Scenario scenario,
      String title,
      ToDoubleFunction<Sample> value) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (String library : summary.libraries(scenario)) {
      var rounds = summary.of(scenario, library).stream().mapToDouble(value).summaryStatistics();
      bars.add(
          new BarChart.Bar(
              library,
              COLOURS.get(bars.size() % COLOURS.size()),
              summary.median(scenario, library, value),
              rounds.getMin(),
              rounds.getMax()));
    }
    page.append(BarChart.of(title, bars)).append('\n');
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
