package io.vertxraft.leveldb;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of the segment that is being written, from its beginning to its end. Each write begins
 * and ends where a page does: with what that page had before, and with zeros behind. So the system
 * need not read a page in order to change a part of it, and larger writes go past its cache: to
 * copy them there costs more of the processor than all else, and hardly anybody reads them from
 * there.
 *
 * <p>For the writer thread. After a failure it is of no more use.
 */
final class SegmentFile implements AutoCloseable {
  /**
   * A write of so much costs the disk more than its sync. It is not worth to write zeros before it:
   * that would be the same again.
   */
  static final int LARGE_WRITE_BYTES = 128 * 1024;

  /** A write of so much goes past the cache. */
  static final int DIRECT_WRITE_BYTES = 16 * 1024;

  /** Where a disk has larger blocks there are no writes past the cache. */
  static final int PAGE_BYTES = 4096;

  private static final System.Logger LOG = System.getLogger(SegmentFile.class.getName());
  private static final int BUFFER_BYTES = 1024 * 1024;

  /** Before small writes a file without its full size is filled with zeros so far ahead. */
  private static final int ALLOCATION_BYTES = 1024 * 1024;

  /** Opens a file for writes past the cache. */
  @FunctionalInterface
  interface Opener {
    /** Whatever it throws: such writes are not possible. */
    FileChannel open(Path path) throws IOException;
  }

  private final Path path;
  private final Opener opener;
  private final FileChannel channel;
  private final ByteBuffer pages;
  private final int segmentBytes;

  /** Where in the file the pages in memory begin; what they hold ends where the file will go on. */
  private long pagesAt;

  private long fileBytes;

  /** Past the cache; null before it is wanted, and where that is not possible. */
  private FileChannel direct;

  private boolean triedDirect;
  private boolean directFails;

  /** What the write under way goes through. */
  private FileChannel way;

  /** Whether a write has begun and not ended. */
  private boolean writing;

  private boolean unsynced;
  private IOException syncFailure;
  private long syncs;

  /**
   * A file to be written anew.
   *
   * @param channel of the file, which may have a size already
   * @param pages from {@link #pages()}; for this file alone until it is closed
   * @param segmentBytes what the file will be about as long as
   */
  SegmentFile(Path path, FileChannel channel, ByteBuffer pages, int segmentBytes)
      throws IOException {
    this(path, channel, pages, segmentBytes, SegmentFile::openDirect);
  }

  /** As above, with a way past the cache. */
  SegmentFile(Path path, FileChannel channel, ByteBuffer pages, int segmentBytes, Opener opener)
      throws IOException {
    this.opener = opener;
    this.path = path;
    this.channel = channel;
    this.pages = pages.clear();
    this.segmentBytes = segmentBytes;
    this.fileBytes = channel.size();
  }

  /** Memory for files, one after the other. */
  static ByteBuffer pages() {
    return ByteBuffer.allocateDirect(BUFFER_BYTES + PAGE_BYTES)
        .alignedSlice(PAGE_BYTES)
        .limit(BUFFER_BYTES)
        .slice();
  }

  /** Up to where it has been written. */
  long position() {
    return pagesAt + pages.position();
  }

  /**
   * Begins a write.
   *
   * @param bytes that will be put, all in all
   */
  void begin(long bytes) throws IOException {
    if (writing) {
      throw new IOException("an earlier write to '%s' was broken off".formatted(path));
    }
    writing = true;
    way = bytes < DIRECT_WRITE_BYTES ? channel : wayPastCache();
    allocate(position() + bytes, bytes < LARGE_WRITE_BYTES ? ALLOCATION_BYTES : 0);
  }

  private FileChannel wayPastCache() {
    if (!triedDirect) {
      triedDirect = true;
      try {
        direct = opener.open(path);
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "no direct writes to " + path, e);
      }
    }
    return direct == null || directFails ? channel : direct;
  }

  /** Goes on with the write. */
  void put(byte[] bytes) throws IOException {
    int from = 0;
    while (from < bytes.length) {
      if (!pages.hasRemaining()) {
        writePages();
        pagesAt += pages.limit();
        pages.clear();
      }
      int length = Math.min(bytes.length - from, pages.remaining());
      pages.put(bytes, from, length);
      from += length;
    }
  }

  /** Ends the write, of which all is in the file then, not yet durable. */
  void end() throws IOException {
    int used = pages.position();
    while (pages.position() % PAGE_BYTES != 0) {
      pages.put((byte) 0);
    }
    writePages();
    fileBytes = Math.max(fileBytes, pagesAt + pages.limit());
    int kept = used / PAGE_BYTES * PAGE_BYTES;
    pages.limit(used).position(kept).compact();
    pagesAt += kept;
    unsynced = true;
    writing = false;
  }

  private void writePages() throws IOException {
    pages.flip();
    if (way != channel) {
      try {
        SegmentFiles.writeFully(way, pages, pagesAt);
        return;
      } catch (IOException | RuntimeException e) {
        // Some file systems open a file for such writes and take none. A disk that fails does so
        // the other way, too.
        LOG.log(System.Logger.Level.DEBUG, "no direct writes to " + path + " any more", e);
        directFails = true;
        way = channel;
        pages.rewind();
      }
    }
    SegmentFiles.writeFully(channel, pages, pagesAt);
  }

  /** Makes all writes durable. */
  void sync() throws IOException {
    if (syncFailure != null) {
      throw new IOException("an earlier sync of '%s' failed".formatted(path), syncFailure);
    }
    if (unsynced) {
      force();
      unsynced = false;
      syncs++;
    }
  }

  private void force() throws IOException {
    try {
      channel.force(false);
    } catch (IOException e) {
      syncFailure = e;
      throw e;
    }
  }

  /** Whether most of what is written comes in large writes. */
  boolean hasLargeWrites() {
    return position() >= syncs * LARGE_WRITE_BYTES;
  }

  /** Ends the file where it has been written up to. */
  void truncate() throws IOException {
    channel.truncate(position());
  }

  /**
   * The file is about to be written up to an end. If it grows by that it may grow by more, so that
   * the next few syncs need not make its size durable.
   */
  private void allocate(long writeEnd, int ahead) throws IOException {
    if (writeEnd > fileBytes) {
      long target = Math.max(writeEnd, Math.min(fileBytes + ahead, segmentBytes));
      ByteBuffer zeros = ByteBuffer.allocate((int) (target - writeEnd));
      SegmentFiles.writeFully(channel, zeros, writeEnd);
      fileBytes = target;
    }
  }

  private static FileChannel openDirect(Path path) throws IOException {
    long block = Files.getFileStore(path).getBlockSize();
    if (PAGE_BYTES % block != 0) {
      throw new IOException("blocks of " + block + " bytes");
    }
    return FileChannel.open(path, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (direct != null) {
        direct.close();
      }
    }
  }
}
