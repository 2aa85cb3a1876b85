package io.vertxraft.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guide and the dashboard name what the registry has, under the names that Prometheus sees. */
class DocumentsTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern NAME = Pattern.compile("\\braft_[a-z_]+");
  private static final Pattern LABELS = Pattern.compile("(\\w+)(?:=~?|!~?)\"");

  private final Vertx vertx = Vertx.vertx();
  private final Set<String> names = new TreeSet<>();
  private final Set<String> labels = new TreeSet<>();

  @BeforeEach
  void scrape() throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RaftMetrics.bind(
            vertx, new Scripted(Scripted.leader()).node(), registry, new RaftMetricsOptions())
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    for (String line : registry.scrape().lines().filter(l -> !l.startsWith("#")).toList()) {
      names.add(line.substring(0, line.indexOf('{')));
      Matcher label = LABELS.matcher(line);
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Set<String> namesIn(String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  @Test
  void the_guide_lists_every_metric_and_no_other() throws IOException {
    Set<String> listed = new TreeSet<>();
    for (String line : Files.readAllLines(DOCS.resolve("guide/monitoring.md"))) {
      Matcher row = Pattern.compile("^\\| `(raft_[a-z_]+)` \\|.*").matcher(line);
      if (row.matches()) {
        listed.add(row.group(1));
      }
    }
    assertThat(listed).isEqualTo(names);
  }

  @Test
  void alerts_in_the_guide_ask_for_metrics_that_exist() throws IOException {
    assertThat(names).containsAll(namesIn(Files.readString(DOCS.resolve("guide/monitoring.md"))));
  }

  @Test
  void the_dashboard_asks_for_metrics_and_labels_that_exist() throws IOException {
    JsonObject dashboard =
        new JsonObject(Files.readString(DOCS.resolve("grafana/vertx-raft.json")));
    Set<String> asked = new TreeSet<>();
    int panels = 0;
    for (Object item : dashboard.getJsonArray("panels")) {
      JsonObject panel = (JsonObject) item;
      JsonArray targets = panel.getJsonArray("targets", new JsonArray());
      panels += targets.isEmpty() ? 0 : 1;
      for (Object target : targets) {
        String expression = ((JsonObject) target).getString("expr");
        assertThat(namesIn(expression)).as(expression).isNotEmpty();
        asked.addAll(namesIn(expression));
        Matcher label = LABELS.matcher(expression);
        while (label.find()) {
          assertThat(labels).as(expression).contains(label.group(1));
        }
      }
    }
    for (Object variable : dashboard.getJsonObject("templating").getJsonArray("list")) {
      asked.addAll(namesIn(((JsonObject) variable).encode()));
    }
    assertThat(panels).isGreaterThan(10);
    assertThat(names).containsAll(asked);
  }
}
