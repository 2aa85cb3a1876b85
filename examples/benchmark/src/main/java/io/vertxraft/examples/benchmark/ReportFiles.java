package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.report.HtmlReport;
import io.vertxraft.examples.benchmark.report.JsonReport;
import io.vertxraft.examples.benchmark.report.MarkdownReport;
import io.vertxraft.examples.benchmark.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a report. */
final class ReportFiles {
  private ReportFiles() {}

  static void write(Report report, Path directory) throws IOException {
    Files.writeString(directory.resolve("report.json"), JsonReport.of(report));
    Files.writeString(directory.resolve("report.md"), MarkdownReport.of(report));
    Files.writeString(directory.resolve("report.html"), HtmlReport.of(report));
  }
}
