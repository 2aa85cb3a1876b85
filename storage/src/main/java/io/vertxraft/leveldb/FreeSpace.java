package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room the disk has. */
@FunctionalInterface
interface FreeSpace {
  /** Bytes this process may still write where {@code directory} is. */
  long usableBytes(Path directory) throws IOException;

  /** Asks the operating system. For one directory. */
  static FreeSpace ofFileSystem() {
    return new FreeSpace() {
      private volatile FileStore store;

      @Override
      public long usableBytes(Path directory) throws IOException {
        if (store == null) {
          // Finding it reads the table of mounts: once is enough.
          store = Files.getFileStore(directory);
        }
        return store.getUsableSpace();
      }
    };
  }
}
