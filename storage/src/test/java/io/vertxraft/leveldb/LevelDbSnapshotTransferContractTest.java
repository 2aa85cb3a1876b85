package io.vertxraft.leveldb;

import io.vertxraft.spi.RaftStorage;
import io.vertxraft.testkit.storage.SnapshotTransferContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LevelDbSnapshotTransferContractTest extends SnapshotTransferContract {
  @TempDir Path directory;

  @Override
  protected RaftStorage newStorage(String place) {
    return LevelDbStorage.create(
        new LevelDbOptions().setDirectory(directory.resolve(place).toString()));
  }
}
