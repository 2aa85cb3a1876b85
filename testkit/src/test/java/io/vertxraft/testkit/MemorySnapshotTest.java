package io.vertxraft.testkit;

import io.vertxraft.spi.RaftStorage;
import io.vertxraft.testkit.storage.SnapshotContract;
import java.util.HashMap;
import java.util.Map;

class MemorySnapshotTest extends SnapshotContract {
  private final Map<String, MemoryStorage> places = new HashMap<>();

  @Override
  protected RaftStorage newStorage(String place) {
    return places.compute(
        place, (name, before) -> before == null ? new MemoryStorage() : before.reopen());
  }
}
