package io.vertxraft.examples.benchmark.report;

import java.util.List;
import java.util.Locale;

/** Horizontal bars in SVG, with the range over the rounds as a thin line. */
final class BarChart {
  private static final int LETTER_WIDTH = 7;
  private static final int BAR_WIDTH = 200;
  private static final int VALUE_WIDTH = 80;
  private static final int ROW_HEIGHT = 20;
  private static final int TITLE_HEIGHT = 22;

  private BarChart() {}

  /** One bar; {@code least} and {@code most} are those of the rounds. */
  record Bar(String label, String colour, double value, double least, double most) {}

  static String of(String title, List<Bar> bars) {
    int labelWidth =
        12 + LETTER_WIDTH * bars.stream().mapToInt(bar -> bar.label().length()).max().orElse(0);
    int width = labelWidth + BAR_WIDTH + VALUE_WIDTH;
    int height = TITLE_HEIGHT + ROW_HEIGHT * bars.size();
    double scale =
        BAR_WIDTH
            / Math.max(Double.MIN_NORMAL, bars.stream().mapToDouble(Bar::most).max().orElse(1));
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">",
        width,
        height,
        width,
        height);
    add(svg, "<text class=\"t\" x=\"0\" y=\"14\">%s</text>", HtmlReport.escaped(title));
    for (int row = 0; row < bars.size(); row++) {
      Bar bar = bars.get(row);
      int top = TITLE_HEIGHT + row * ROW_HEIGHT;
      double end = labelWidth + bar.value() * scale;
      double middle = top + ROW_HEIGHT / 2.0 - 1;
      add(svg, "<text x=\"0\" y=\"%d\">%s</text>", top + 13, HtmlReport.escaped(bar.label()));
      add(
          svg,
          "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
          labelWidth,
          top,
          bar.value() * scale,
          ROW_HEIGHT - 4,
          bar.colour());
      add(
          svg,
          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
          labelWidth + bar.least() * scale,
          middle,
          labelWidth + bar.most() * scale,
          middle);
      double after = Math.max(end, labelWidth + bar.most() * scale) + 4;
      add(svg, "<text x=\"%.1f\" y=\"%d\">%s</text>", after, top + 13, Numbers.brief(bar.value()));
    }
    return svg.append("</svg>").toString();
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
