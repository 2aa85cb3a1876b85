package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.spi.GroupStorage;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** one directory, one owner at a time, whoever else tries and from where. */
class DirectoryLockTest {
  @TempDir Path directory;
  private LevelDbStorage storage;
  private GroupStorage group;

  @BeforeEach
  void open() throws Exception {
    storage = LevelDbStorage.create(TestLog.options(directory));
    group = TestLog.open(storage);
  }

  @AfterEach
  void close() throws Exception {
    TestLog.await(storage.close());
  }

  @Test
  void anotherProcessIsRefusedWhileTheStorageIsOpen() throws Exception {
    assertThat(probeInAnotherProcess()).isEqualTo("LOCKED");
    TestLog.await(group.write(TestLog.append(1, 1, 1, 10)));
    TestLog.await(storage.close());
    assertThat(probeInAnotherProcess()).isEqualTo("OPENED");
  }

  private String probeInAnotherProcess() throws Exception {
    Process process = ChildJvm.start(LockProbe.class, directory.toString());
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  @Test
  void anotherClassLoaderOfThisProcessIsRefusedToo() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (Path entry : ChildJvm.classPathEntries()) {
      urls.add(entry.toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> probe = loader.loadClass(LockProbe.class.getName());
      assertThat(probe).isNotSameAs(LockProbe.class);
      Object said = probe.getMethod("probe", String.class).invoke(null, directory.toString());
      assertThat(said).isEqualTo("LOCKED");
    }
    assertThat(probeInAnotherProcess())
        .as("the refusal within this process must not give up the lock")
        .isEqualTo("LOCKED");
    TestLog.await(group.write(TestLog.append(1, 1, 1, 10)));
  }
}
