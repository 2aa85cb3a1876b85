package io.vertxraft.leveldb;

import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Writes until the storage refuses for want of room, prints FULL and the last index that was
 * acknowledged, waits for room, goes on for a while and prints AGAIN and the last index.
 */
public final class FillingWriter {
  private static final int MORE = 50;

  private FillingWriter() {}

  /** Small write buffers, so that little room is kept. */
  static LevelDbOptions options(Path data, Path nativeLibraryDirectory) {
    return TestLog.options(data)
        .setWriteBufferBytes(64 * 1024)
        .setFreeSpaceBytesMin(0)
        .setNativeLibraryDirectory(nativeLibraryDirectory.toString());
  }

  /** Arguments: data directory, directory for the native library. */
  public static void main(String[] args) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(Path.of(args[0]), Path.of(args[1])));
    GroupStorage group;
    try {
      group = TestLog.open(storage);
    } catch (StorageException e) {
      System.out.println(e.kind() + " " + e.getMessage());
      return;
    }
    CountDownLatch room = new CountDownLatch(1);
    CountDownLatch full = new CountDownLatch(1);
    group.roomHandler(
        now -> {
          if (now.low()) {
            full.countDown();
          } else {
            room.countDown();
          }
        });
    long last = 0;
    try {
      while (true) {
        TestLog.await(group.write(TestLog.append(last + 1, last + 4, 1, 16_000)));
        last += 4;
      }
    } catch (StorageException e) {
      if (e.kind() != Kind.DISK_FULL) {
        throw e;
      }
    }
    full.await();
    System.out.println("FULL " + last);
    room.await();
    TestLog.await(group.close());
    group = TestLog.open(storage);
    if (group.recovered().lastIndex() != last) {
      throw new AssertionError("found " + group.recovered().lastIndex());
    }
    for (int i = 0; i < MORE; i++) {
      TestLog.await(group.write(TestLog.append(last + 1, last + 4, 1, 16_000)));
      last += 4;
    }
    System.out.println("AGAIN " + last);
    TestLog.await(storage.close());
  }
}
