package io.vertxraft.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertxraft.Member;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftStatus;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RaftMetricsTest {
  private static final String TAGS = "{cluster=\"shop\",group=\"orders\",node=\"n1\"}";

  private final Vertx vertx = Vertx.vertx();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Scripted member = new Scripted(Scripted.leader());

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Without a timer, so that a test says when a sample is taken. */
  private RaftMetrics bind() throws Exception {
    return get(
        RaftMetrics.bind(
            vertx, member.node(), registry, new RaftMetricsOptions().setSampleIntervalMs(0)));
  }

  private String labels(String more) {
    return "{cluster=\"shop\",group=\"orders\",node=\"n1\"," + more + "}";
  }

  @Test
  void a_scrape_shows_what_the_member_reports_of_itself() throws Exception {
    bind();

    assertThat(registry.scrape().lines())
        .contains(
            "raft_term" + TAGS + " 7.0",
            "raft_leader_known" + TAGS + " 1.0",
            "raft_leader_ready" + TAGS + " 1.0",
            "raft_role_age_seconds" + TAGS + " 250.0",
            "raft_members" + TAGS + " 3.0",
            "raft_last_index" + TAGS + " 1000.0",
            "raft_commands_applied_total" + TAGS + " 950.0",
            "raft_elections_started_total" + TAGS + " 2.0",
            "raft_snapshot_bytes" + TAGS + " 4096.0",
            "raft_snapshots_kept" + TAGS + " 2.0",
            "raft_snapshots_saved_total" + TAGS + " 8.0",
            "raft_leader_contact_age_seconds" + TAGS + " NaN")
        .contains("raft_role" + labels("role=\"LEADER\"") + " 1.0")
        .contains("raft_role" + labels("role=\"FOLLOWER\"") + " 0.0")
        .anyMatch(line -> line.matches("raft_snapshot_age_seconds.* 72\\d\\d\\.\\d+"));
    assertThat(registry.scrape())
        .contains("raft_stage_depth_bytes{", "raft_snapshot_activity{")
        .containsPattern("raft_stage_depth\\{[^}]*stage=\"LOG\"} 3.0")
        .containsPattern("raft_stage_depth\\{[^}]*stage=\"NODE\"} 0.0")
        .containsPattern("raft_stage_oldest_seconds\\{[^}]*stage=\"LOG\"} 0.02")
        .containsPattern("raft_stage_latency_seconds\\{[^}]*\"0.99\",stage=\"LOG\"} 0.0041")
        .containsPattern("raft_stage_latency_seconds\\{[^}]*\"1\",stage=\"LOG\"} 0.009")
        .containsPattern("raft_stage_latency_seconds\\{[^}]*\"0.5\",stage=\"NODE\"} NaN")
        .containsPattern("raft_stage_entries_total\\{[^}]*stage=\"LOG\"} 90.0");
  }

  @Test
  void a_leader_tells_of_each_follower_and_knows_nothing_of_one_that_never_answered()
      throws Exception {
    bind();

    assertThat(registry.scrape())
        .containsPattern("raft_follower_lag_entries\\{[^}]*peer=\"n2\"} 100.0")
        .containsPattern("raft_follower_contact_age_seconds\\{[^}]*peer=\"n2\"} 0.03")
        .containsPattern("raft_follower_round_trip_seconds\\{[^}]*peer=\"n2\"} 0.0015")
        .containsPattern("raft_follower_lag_entries\\{[^}]*peer=\"n3\"} NaN")
        .containsPattern("raft_peer_heard_age_seconds\\{[^}]*peer=\"n3\"} NaN")
        .doesNotContain("peer=\"n1\"");
  }

  @Test
  void members_that_come_get_metrics_and_those_that_go_lose_them() throws Exception {
    RaftMetrics metrics = bind();
    member.status =
        Scripted.leader()
            .setMembers(
                List.of(
                    new Member("n1", "127.0.0.1", 1),
                    new Member("n2", "127.0.0.1", 2),
                    new Member("n4", "127.0.0.1", 4)));

    get(metrics.refresh());

    assertThat(registry.scrape()).contains("peer=\"n2\"", "peer=\"n4\"").doesNotContain("\"n3\"");
  }

  @Test
  void one_report_is_enough_for_a_whole_scrape() throws Exception {
    RaftMetrics metrics = bind();
    int before = member.questions.get();
    member.status = Scripted.leader().setTerm(8);

    get(metrics.refresh());
    registry.scrape();
    registry.scrape();

    assertThat(member.questions.get()).isEqualTo(before + 1);
    assertThat(registry.scrape()).contains("raft_term" + TAGS + " 8.0");
  }

  @Test
  void events_are_counted_by_type_and_bring_a_new_report() throws Exception {
    bind();
    member.status = Scripted.leader().setTerm(9);

    member.happens(RaftEventType.LEADER_CHANGED);
    member.happens(RaftEventType.LEADER_CHANGED);
    member.happens(RaftEventType.SNAPSHOT_FAILED);

    assertThat(registry.scrape())
        .containsPattern("raft_events_total\\{[^}]*type=\"LEADER_CHANGED\"} 2.0")
        .containsPattern("raft_events_total\\{[^}]*type=\"SNAPSHOT_FAILED\"} 1.0")
        .containsPattern("raft_events_total\\{[^}]*type=\"FAULT\"} 0.0")
        .contains("raft_term" + TAGS + " 9.0");
  }

  @Test
  void samples_are_taken_at_the_interval_without_anybody_asking() throws Exception {
    get(
        RaftMetrics.bind(
            vertx, member.node(), registry, new RaftMetricsOptions().setSampleIntervalMs(50)));
    member.status = Scripted.leader().setTerm(11);

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!registry.scrape().contains("raft_term" + TAGS + " 11.0")) {
      assertThat(System.nanoTime()).as("no sample was taken").isLessThan(deadline);
    }
  }

  @Test
  void closing_removes_every_meter_and_ends_the_subscription() throws Exception {
    RaftMetrics metrics = bind();
    assertThat(registry.getMeters()).hasSizeGreaterThan(50);

    metrics.close();
    metrics.close();
    get(metrics.refresh());

    assertThat(registry.getMeters()).isEmpty();
    assertThat(member.isObserved()).isFalse();
  }

  @Test
  void a_member_cannot_be_bound_twice_but_again_after_it_was_closed() throws Exception {
    RaftMetrics metrics = bind();

    assertThatThrownBy(this::bind)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("node=n1")
        .hasMessageContaining("close the RaftMetrics");

    metrics.close();
    bind();
    assertThat(registry.scrape()).contains("raft_term" + TAGS);
  }

  @Test
  void members_of_several_groups_share_a_registry() throws Exception {
    bind();
    Scripted other = new Scripted(Scripted.leader().setGroupId("stock").setTerm(3));

    get(RaftMetrics.bind(vertx, other.node(), registry, new RaftMetricsOptions()));

    assertThat(registry.scrape())
        .contains("raft_term" + TAGS + " 7.0")
        .contains("raft_term{cluster=\"shop\",group=\"stock\",node=\"n1\"} 3.0");
  }

  @Test
  void without_vertx_metrics_the_error_says_what_to_build() {
    assertThatThrownBy(
            () ->
                get(
                    RaftMetrics.bind(
                        vertx, member.node(), new RaftMetricsOptions().setRegistryName("nope"))))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no metrics registry 'nope'")
        .hasMessageContaining("MicrometerMetricsFactory");
  }

  @Test
  void counters_grow_and_gauges_do_not_pretend_to() throws Exception {
    SimpleMeterRegistry simple = new SimpleMeterRegistry();
    get(RaftMetrics.bind(vertx, member.node(), simple, new RaftMetricsOptions()));

    assertThat(simple.getMeters())
        .filteredOn(meter -> meter.getId().getType() == Meter.Type.COUNTER)
        .extracting(meter -> meter.getId().getName())
        .containsOnly(
            "raft.commands.applied",
            "raft.elections.started",
            "raft.events",
            "raft.snapshots.saved",
            "raft.snapshots.installed",
            "raft.snapshot.sent.bytes",
            "raft.snapshot.received.bytes",
            "raft.stage.batches",
            "raft.stage.entries");
  }

  @Test
  void the_age_of_the_report_tells_that_a_member_has_stopped_to_answer() throws Exception {
    RaftMetrics metrics = bind();
    double before = age();
    long until = System.nanoTime() + 2_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    double after = age();
    get(metrics.refresh());

    assertThat(after).isGreaterThan(before).isPositive();
  }

  private double age() {
    return registry.get("raft.status.age.seconds").gauge().value();
  }

  @Test
  void options_are_checked_copied_and_read_from_json() {
    RaftMetricsOptions options =
        new RaftMetricsOptions(
            new JsonObject().put("registryName", "r").put("sampleIntervalMs", 0));

    assertThat(new RaftMetricsOptions(options).toJson()).isEqualTo(options.toJson());
    assertThat(options.validate().getSampleIntervalMs()).isZero();
    assertThatThrownBy(() -> options.setSampleIntervalMs(49).validate())
        .hasMessage("sampleIntervalMs 49 is not 0 (never) or within 50..3600000");
    assertThatThrownBy(() -> new RaftMetricsOptions().setRegistryName(" ").validate())
        .hasMessageContaining("registryName is missing");
    assertThat(new RaftMetricsOptions().getSampleIntervalMs()).isEqualTo(1_000);
  }

  @Test
  void a_member_that_has_just_been_created_can_be_bound() throws Exception {
    member.status = new RaftStatus().setNodeId("n1").setGroupId("orders").setClusterId("shop");

    bind();

    assertThat(registry.scrape())
        .contains("raft_term" + TAGS + " 0.0", "raft_snapshot_age_seconds" + TAGS + " NaN")
        .contains("raft_leader_known" + TAGS + " 0.0");
  }
}
