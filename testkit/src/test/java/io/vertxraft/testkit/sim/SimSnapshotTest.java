package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.testkit.storage.SnapshotContract;
import java.util.concurrent.Executor;

class SimSnapshotTest extends SnapshotContract {
  private final SimPlaces places = new SimPlaces(NODE);

  @Override
  protected RaftStorage newStorage(String place) {
    return places.storage(place);
  }

  @Override
  protected Executor newContext() {
    return places.context();
  }

  @Override
  protected <T> T await(Future<T> future) throws Exception {
    places.runUntilComplete(future);
    return super.await(future);
  }
}
