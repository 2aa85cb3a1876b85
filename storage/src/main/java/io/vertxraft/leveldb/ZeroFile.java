package io.vertxraft.leveldb;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Writes a file of zeros whose blocks are all there: what is written over them moves nothing. */
final class ZeroFile {
  private static final System.Logger LOG = System.getLogger(ZeroFile.class.getName());
  private static final int PIECE_BYTES = 1024 * 1024;

  private final Path file;
  private final int bytes;
  private final BooleanSupplier cancelled;

  /**
   * To be written.
   *
   * @param bytes size of the file
   * @param cancelled asked now and then; if so the file remains shorter
   */
  ZeroFile(Path file, int bytes, BooleanSupplier cancelled) {
    this.file = file;
    this.bytes = bytes;
    this.cancelled = cancelled;
  }

  /** Writes the file, and syncs it. */
  void write() throws IOException {
    if (!writePastCache()) {
      write(ByteBuffer.allocate(Math.min(bytes, PIECE_BYTES)), Set.of());
    }
  }

  /**
   * Pages that nobody wants yet do not enter memory: to copy zeros there costs as much as to copy
   * the log.
   *
   * @return false if that is not possible here
   */
  private boolean writePastCache() throws IOException {
    try {
      int block = blockBytes();
      if (bytes % block != 0) {
        return false;
      }
      int piece = Math.min(bytes, PIECE_BYTES / block * block);
      ByteBuffer aligned = ByteBuffer.allocateDirect(piece + block).alignedSlice(block);
      write(aligned.limit(piece).slice(), Set.of(ExtendedOpenOption.DIRECT));
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "no direct writes here", e);
      return false;
    }
  }

  private int blockBytes() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    return (int) Math.min(PIECE_BYTES, Files.getFileStore(directory).getBlockSize());
  }

  private void write(ByteBuffer zeros, Set<OpenOption> how) throws IOException {
    Set<OpenOption> options = new HashSet<>(how);
    options.add(StandardOpenOption.CREATE);
    options.add(StandardOpenOption.TRUNCATE_EXISTING);
    options.add(StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options)) {
      for (long at = 0; at < bytes && !cancelled.getAsBoolean(); at += zeros.limit()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        SegmentFiles.writeFully(channel, zeros, at);
        channel.force(true);
      }
    }
  }
}
