package io.vertxraft.examples.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertxraft.examples.benchmark.load.LoadPlan.Operation;
import io.vertxraft.examples.benchmark.member.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reports of fixed figures. */
class ReportTest {
  private static final Scenario SMALL = new Scenario(Operation.WRITE, Shape.B, 1, true, 128, 64, 0);
  private static final Scenario LARGE =
      new Scenario(Operation.WRITE, Shape.B, 1, true, 128, 4096, 0);

  private final Report report = report();

  private static Report report() {
    List<Sample> samples = new ArrayList<>();
    double[] ours = {20_000, 30_000, 90_000};
    double[] theirs = {10_000, 20_000, 30_000};
    for (int round = 1; round <= 3; round++) {
      samples.add(sample("ours", SMALL, round, ours[round - 1]));
      samples.add(sample("jraft", SMALL, round, theirs[round - 1]));
    }
    samples.add(sample("ours", LARGE, 1, 150_000));
    return new Report(
        List.of("a machine \"with\" <two> cores"),
        samples,
        List.of(new Figure("fail-over, ms", "ours", List.of(900.0, 1_500.0, 1_100.0))),
        List.of("jraft: it ended"));
  }

  private static Sample sample(String library, Scenario scenario, int round, double perSecond) {
    return new Sample(
        library, scenario, round, perSecond, 100, 2, 1_500, 2_000, 9_000, 12_000, 15_000, 12.34,
        500, 64 << 20, "");
  }

  @Test
  void theTableHasTheMedianOfTheRoundsAndTheMedianOfTheRatios() {
    String table = MarkdownReport.of(report);
    assertThat(table)
        .contains("## Commands of 128 B, three JVMs")
        .contains(
            "| 64 in flight | ours | 30,000 (20,000 · 30,000 · 90,000) | 1.50 | 9.00 | 12.0 | 1.23 | 500 |"
                + " 64.0 | 6 | 1.00 |")
        // 2, 1.5 and 3: the median of the ratios, not the ratio of the medians.
        .contains("| 64 in flight | jraft | 20,000 (10,000 · 20,000 · 30,000) |")
        .contains("| 6 | 2.00 |")
        .contains("| 4,096 in flight | ours | 150,000 (150,000) |")
        .contains("## fail-over, ms", "| ours | 3 | 1,100 | 900 | 1,500 |")
        .contains("jraft: it ended");
  }

  @Test
  void severalGroupsAreNamedInTheTitle() {
    Scenario groups = new Scenario(Operation.WRITE, Shape.B, 16, true, 128, 512, 0);
    assertThat(groups.title()).isEqualTo("Commands of 128 B, three JVMs, 16 groups");
    assertThat(SMALL.title()).doesNotContain("group");
  }

  @Test
  void theJsonHasEverySampleAsItWas() {
    JsonObject json = new JsonObject(JsonReport.of(report));
    assertThat(json.getJsonArray("conditions").getString(0))
        .isEqualTo("a machine \"with\" <two> cores");
    assertThat(json.getJsonArray("samples")).hasSize(7);
    JsonObject first = json.getJsonArray("samples").getJsonObject(0);
    assertThat(first.getString("library")).isEqualTo("ours");
    assertThat(first.getDouble("perSecond")).isEqualTo(20_000);
    assertThat(first.getJsonObject("scenario").getInteger("inFlight")).isEqualTo(64);
    assertThat(json.getJsonArray("figures").getJsonObject(0).getJsonArray("values"))
        .containsExactly(900.0, 1_500.0, 1_100.0);
    assertThat(json.getJsonArray("troubles").getString(0)).isEqualTo("jraft: it ended");
  }

  @Test
  void thePageIsWholeByItselfAndEscapesWhatItIsGiven() {
    String page = HtmlReport.of(report);
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("<svg", "Commands of 128 B, three JVMs", "&lt;two&gt;", "jraft: it ended")
        .doesNotContain("<two>", "http:", "https:", "<script", "<link", "NaN");
  }
}
