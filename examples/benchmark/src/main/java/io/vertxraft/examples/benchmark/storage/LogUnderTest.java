package io.vertxraft.examples.benchmark.storage;

import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.util.List;

/** A way to keep a log on disk. */
interface LogUnderTest extends AutoCloseable {
  /** What it is called in the table. */
  String name();

  /** Appends entries and returns when they are on the disk. */
  void append(List<LogEntry> entries) throws Exception;

  @Override
  void close() throws IOException;
}
