package io.vertxraft.examples.benchmark.storage;

import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A log on a thread of its own. An event loop must not wait for a disk, so whatever keeps its log
 * is reached in this way: only so it can be compared with a storage that has its thread built in.
 */
final class HandedOver implements LogUnderTest {
  private final LogUnderTest log;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  HandedOver(LogUnderTest log) {
    this.log = log;
  }

  @Override
  public String name() {
    return log.name();
  }

  @Override
  public void append(List<LogEntry> entries) throws Exception {
    thread
        .submit(
            () -> {
              log.append(entries);
              return null;
            })
        .get();
  }

  @Override
  public void close() throws IOException {
    thread.shutdown();
    log.close();
  }
}
