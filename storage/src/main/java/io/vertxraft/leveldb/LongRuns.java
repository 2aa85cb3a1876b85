package io.vertxraft.leveldb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads long runs from the journal, for one scan: consecutive ones mostly share a segment. */
final class LongRuns implements Closeable {
  private final Path journal;
  private long segment = -1;
  private FileChannel channel;

  LongRuns(Path journal) {
    this.journal = journal;
  }

  /** What stands at a place, whatever it is; null if there is nothing. */
  byte[] read(RunPlace place) throws IOException {
    if (place.segment() != segment) {
      close();
      try {
        channel =
            FileChannel.open(
                SegmentFiles.segment(journal, place.segment()), StandardOpenOption.READ);
        segment = place.segment();
      } catch (NoSuchFileException e) {
        return null;
      }
    }
    if (place.at() < 0 || place.length() <= 0 || place.length() > channel.size() - place.at()) {
      return null;
    }
    ByteBuffer run = ByteBuffer.allocate(place.length());
    while (run.hasRemaining()) {
      if (channel.read(run, place.at() + run.position()) < 0) {
        return null;
      }
    }
    return run.array();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      segment = -1;
      channel.close();
    }
  }
}
