package io.vertxraft.examples.benchmark.storage;

import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A preallocated file, written and synced: less than this no log can do. */
final class PlainFile implements LogUnderTest {
  private static final int BLOCK_BYTES = 1024 * 1024;

  private final FileChannel channel;
  private final long bytes;
  private long at;

  PlainFile(Path file, long bytes) throws IOException {
    this.bytes = bytes;
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    for (long written = 0; written < bytes; written += BLOCK_BYTES) {
      channel.write(ByteBuffer.allocate(BLOCK_BYTES), written);
    }
    channel.force(true);
  }

  @Override
  public String name() {
    return "file";
  }

  @Override
  public void append(List<LogEntry> entries) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(entries.stream().mapToInt(LogEntry::encodedBytes).sum());
    entries.forEach(entry -> all.put(entry.encoded()));
    all.flip();
    if (at + all.remaining() > bytes) {
      at = 0;
    }
    while (all.hasRemaining()) {
      at += channel.write(all, at);
    }
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
