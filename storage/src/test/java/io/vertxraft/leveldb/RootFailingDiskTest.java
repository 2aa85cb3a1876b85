package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** after a failed sync nothing is acknowledged any more, and nothing acknowledged is lost. */
@Tag("root")
class RootFailingDiskTest {
  @TempDir Path directory;

  @Test
  void aFailedSyncFencesTheStorage() throws Exception {
    Shell.assumeRoot("gcc");
    Path library = faultyDisk();
    String call = "fdatasync";
    Path data = directory.resolve("data-" + call);
    Path fault = directory.resolve("fault-" + call);
    Process writer =
        ChildJvm.start(
            Map.of("LD_PRELOAD", library.toString(), "FAULT_" + call, fault.toString()),
            KilledWriter.class,
            data.toString(),
            "1");
    AcknowledgedWrites writes = new AcknowledgedWrites();
    writes.follow(writer, 30, process -> Files.createFile(fault));
    assertThat(writes.failures())
        .isNotEmpty()
        .allSatisfy(failure -> assertThat(failure).contains("Check the disk"));
    assertThat(writes.seenAfterFailure()).as("acknowledged after a failed sync").isZero();
    writes.check(data, call);
  }

  private Path faultyDisk() throws Exception {
    Path source = directory.resolve("faulty-disk.c");
    try (InputStream in = getClass().getResourceAsStream("/faulty-disk.c")) {
      Files.copy(in, source);
    }
    Path library = directory.resolve("faulty-disk.so");
    Shell.run(
        "gcc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
    return library;
  }
}
