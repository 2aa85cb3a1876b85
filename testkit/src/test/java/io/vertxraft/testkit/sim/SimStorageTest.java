package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.testkit.storage.StorageContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

class SimStorageTest extends StorageContract {
  private static final long LIMIT_NANOS = 600_000_000_000L;

  private final SimWorld world = new SimWorld(11, List.of(NODE));
  private final Map<String, SimDisk> disks = new LinkedHashMap<>();

  @Override
  protected RaftStorage newStorage(String place) {
    return disks.computeIfAbsent(place, name -> new SimDisk(world.loop(), name, 0)).storage();
  }

  @Override
  protected Executor newContext() {
    return world.clientContext("test");
  }

  @Override
  protected <T> T await(Future<T> future) throws Exception {
    assertThat(world.loop().runUntil(future::isComplete, LIMIT_NANOS)).isTrue();
    return super.await(future);
  }
}
