package io.vertxraft.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.LocalNetwork;
import io.vertxraft.testkit.MemoryStorage;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A member as users have it: on a Vertx with metrics, found by the name of its registry. */
class RealMemberTest {
  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void a_member_is_measured_from_its_first_command_until_the_metrics_are_closed() throws Exception {
    String name = "test-" + UUID.randomUUID();
    MeterRegistry registry = new SimpleMeterRegistry();
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setMetricsOptions(
                        new MicrometerMetricsOptions().setEnabled(true).setRegistryName(name)))
            .withMetrics(new MicrometerMetricsFactory(registry))
            .build();
    RaftVerticle verticle =
        new RaftVerticle(
            new RaftOptions().setNodeId("n1").addMember(new Member("n1", "127.0.0.1", 1)),
            StateMachine.of(command -> command.payload()),
            new MemoryStorage(),
            new LocalNetwork().transport());
    try {
      get(vertx.deployVerticle(verticle));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!get(verticle.node().status()).isLeaderReady()) {
        assertThat(System.nanoTime()).as("no leader in time").isLessThan(deadline);
      }
      for (int i = 0; i < 5; i++) {
        get(verticle.node().apply(Buffer.buffer("x")));
      }
      RaftMetrics metrics =
          get(
              RaftMetrics.bind(
                  vertx, verticle.node(), new RaftMetricsOptions().setRegistryName(name)));
      HealthChecks ready =
          HealthChecks.create(vertx)
              .register("raft", 20_000, RaftHealth.readiness(verticle.node()));

      assertThat(registry.get("raft.commands.applied").functionCounter().count()).isEqualTo(5);
      assertThat(registry.get("raft.leader.ready").tag("node", "n1").gauge().value()).isEqualTo(1);
      CheckResult health = get(ready.checkStatus());
      assertThat(health.getUp()).isTrue();
      assertThat(health.toJson().encode()).contains("n1 serves: it leads term");

      get(verticle.node().apply(Buffer.buffer("x")));
      get(metrics.refresh());
      assertThat(registry.get("raft.commands.applied").functionCounter().count()).isEqualTo(6);

      metrics.close();
      assertThat(registry.getMeters()).noneMatch(m -> m.getId().getName().startsWith("raft."));
    } finally {
      get(vertx.close());
    }
  }
}
