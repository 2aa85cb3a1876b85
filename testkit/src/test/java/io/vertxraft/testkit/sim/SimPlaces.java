package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.spi.RaftStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** Simulated disks by name, in a world of their own. */
final class SimPlaces {
  private static final long LIMIT_NANOS = 600_000_000_000L;

  private final SimWorld world;
  private final Map<String, SimDisk> disks = new LinkedHashMap<>();

  SimPlaces(String nodeId) {
    world = new SimWorld(11, List.of(nodeId));
  }

  RaftStorage storage(String place) {
    return disks.computeIfAbsent(place, name -> new SimDisk(world.loop(), name, 0)).storage();
  }

  Executor context() {
    return world.clientContext("test");
  }

  void runUntilComplete(Future<?> future) {
    assertThat(world.loop().runUntil(future::isComplete, LIMIT_NANOS)).isTrue();
  }
}
