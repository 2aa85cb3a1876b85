package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import java.nio.file.Path;

/** Tries to open a directory, in another process or through another class loader. */
public final class LockProbe {
  private LockProbe() {}

  /** Prints what {@link #probe} says. */
  public static void main(String[] args) throws Exception {
    System.out.println(probe(args[0]));
  }

  /** OPENED, or the kind of refusal. */
  public static String probe(String directory) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(Path.of(directory)));
    try {
      TestLog.open(storage);
      return "OPENED";
    } catch (StorageException e) {
      return e.kind().name();
    } finally {
      TestLog.await(storage.close());
    }
  }
}
