package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * what was acknowledged is there after a power cut. The member writes to a file system on a
 * loop device; while it is stopped, the image is copied: what has reached the device and no more.
 * On the copy the file system replays its journal and the member starts.
 */
@Tag("root")
class RootPowerCutTest {
  private static final int ROUNDS = Integer.getInteger("power.cuts", 20);

  @TempDir Path directory;

  @Test
  void acknowledgedWritesSurviveAPowerCut() throws Exception {
    Shell.assumeRoot("losetup", "mkfs.ext4", "mount");
    // Not from the file systems below: while it is loaded they could not be unmounted.
    NativeLibrary.load(directory, TestLog.options(directory));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String where = "seed " + seed + " round " + round;
      Path image = directory.resolve("disk-" + round);
      Shell.run("truncate", "-s", "512M", image.toString());
      Shell.run(
          "mkfs.ext4",
          "-q",
          "-F",
          "-E",
          "lazy_itable_init=0,lazy_journal_init=0",
          image.toString());
      Path cut = directory.resolve("cut-" + round);
      AcknowledgedWrites writes = writeAndCut(image, cut, seed + round, 5 + random.nextInt(60));
      Files.delete(image);
      Path mountPoint = Files.createDirectory(directory.resolve("after-" + round));
      String device = mount(cut, mountPoint);
      try {
        Path data = mountPoint.resolve("data");
        Path copy = Damages.copy(data, directory.resolve("copy-" + round));
        writes.check(data, where);
        writes.checkTermsWithoutDatabase(copy, where);
      } finally {
        unmount(mountPoint, device);
      }
      Files.delete(cut);
    }
  }

  private AcknowledgedWrites writeAndCut(Path image, Path cut, long seed, int acknowledgements)
      throws Exception {
    Path mountPoint = Files.createDirectory(directory.resolve("before-" + cut.getFileName()));
    String device = mount(image, mountPoint);
    AcknowledgedWrites writes = new AcknowledgedWrites();
    try {
      Process writer =
          ChildJvm.start(
              KilledWriter.class, mountPoint.resolve("data").toString(), Long.toString(seed));
      writes.follow(
          writer,
          acknowledgements,
          process -> {
            Shell.run("kill", "-STOP", Long.toString(process.pid()));
            Shell.run("cp", "--sparse=always", image.toString(), cut.toString());
            process.toHandle().destroyForcibly();
          });
    } finally {
      unmount(mountPoint, device);
    }
    assertThat(writes.failures()).isEmpty();
    return writes;
  }

  private static String mount(Path image, Path mountPoint)
      throws IOException, InterruptedException {
    // Direct, so that nothing waits in a cache behind the device.
    String device = Shell.run("losetup", "-f", "--show", "--direct-io=on", image.toString());
    try {
      Shell.run("mount", device, mountPoint.toString());
    } catch (IOException e) {
      Shell.run("losetup", "-d", device);
      throw e;
    }
    return device;
  }

  private static void unmount(Path mountPoint, String device)
      throws IOException, InterruptedException {
    Shell.run("umount", mountPoint.toString());
    Shell.run("losetup", "-d", device);
  }
}
