package io.vertxraft.leveldb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads LevelDB's own log file (write-ahead log) to tell how it ends, before LevelDB does. Its
 * MANIFEST has the same format; there a batch is one version edit.
 *
 * <p>The file is a row of blocks of 32 KiB; a batch is one FULL record or a FIRST, MIDDLE..., LAST
 * row of them. Each record has a header of 7 bytes, little-endian: masked CRC32C over type and
 * data, u16 length, u8 type. Zeros fill the end of a file whose writer was killed. A batch begins
 * with the u64 sequence number of its first change and the u32 number of its changes. Batches are
 * written strictly one after the other. So if no batch begins after the damage, it may be the torn
 * end of a batch that was being written; if one does, either it was damaged, or the power went
 * before all that was written had reached the disk.
 */
final class WriteAheadLog {
  /** How a log file ends. */
  enum Ending {
    /** Every record is intact. */
    CLEAN,
    /** The last batch is incomplete. */
    TORN,
    /** There are intact batches after a damaged one. */
    DAMAGED
  }

  /**
   * What a scan found.
   *
   * @param keepBytes where the first incomplete batch begins; everything before is intact
   * @param damageAt offset of the damage itself, -1 if the ending is clean
   * @param firstSequence sequence number of the first intact batch before the damage, -1 if there
   *     is none; means nothing in a MANIFEST
   * @param lastSequence that of the last change of the last one
   */
  record Scan(
      Ending ending,
      long keepBytes,
      long damageAt,
      String nature,
      long firstSequence,
      long lastSequence) {}

  /** Sees the intact batches before the first damage, in order. */
  @FunctionalInterface
  interface Visitor {
    void visit(byte[] batch);
  }

  private static final int BLOCK_BYTES = 32 * 1024;
  private static final int HEADER_BYTES = 7;
  private static final int CRC_MASK_DELTA = 0xa282ead8;
  private static final int BATCH_HEADER_BYTES = 12;
  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();

  /** Null if nobody wants the batches, which then are not gathered. */
  private final Visitor visitor;

  private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
  private final ByteBuffer batchHeader =
      ByteBuffer.allocate(BATCH_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long firstSequence = -1;
  private long lastSequence = -1;
  private long batchAt = -1;
  private long damageAt = -1;
  private long keepBytes;
  private String nature;

  /** Whether the first thing that is not a record is the zeros after a complete batch. */
  private boolean endsInZeros;

  private WriteAheadLog(Visitor visitor) {
    this.visitor = visitor;
  }

  /** Reads the whole file, block by block. */
  static Scan scan(Path file) throws IOException {
    return new WriteAheadLog(null).read(file);
  }

  /** As {@link #scan(Path)}, and shows the intact batches before the first damage. */
  static Scan scan(Path file, Visitor visitor) throws IOException {
    return new WriteAheadLog(visitor).read(file);
  }

  private Scan read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      for (long at = 0; at < size; at += BLOCK_BYTES) {
        block.clear();
        while (block.hasRemaining() && channel.read(block, at + block.position()) >= 0) {
          // A read may return less than was asked for.
        }
        block.flip();
        long later = readBlock(at);
        if (later >= 0) {
          return found(
              Ending.DAMAGED,
              damageAt,
              nature + ", although a batch that was written later begins at " + later);
        }
      }
      if (damageAt < 0 && batchAt >= 0) {
        damaged(size, "the batch begun at " + batchAt + " has no end");
      }
    }
    return damageAt < 0 || endsInZeros
        ? found(Ending.CLEAN, -1, "")
        : found(Ending.TORN, damageAt, nature);
  }

  private Scan found(Ending ending, long at, String what) {
    return new Scan(ending, keepBytes, at, what, firstSequence, lastSequence);
  }

  /** Returns the offset of a batch that begins after the first damage, or -1. */
  private long readBlock(long blockAt) {
    int at = 0;
    while (block.limit() - at >= HEADER_BYTES) {
      int length = Short.toUnsignedInt(block.getShort(at + 4));
      int type = block.get(at + 6);
      if (type == 0 && length == 0) {
        zeros(blockAt + at);
        return -1;
      }
      if (at + HEADER_BYTES + length > block.limit()) {
        endsInZeros = false;
        damaged(blockAt + at, "a record of " + length + " bytes goes beyond its block");
        return -1;
      }
      endsInZeros = false;
      if (intact(at, length)) {
        if (damageAt >= 0) {
          if (type == FULL || type == FIRST) {
            return blockAt + at;
          }
        } else {
          accept(type, blockAt, at, length);
        }
      } else {
        damaged(blockAt + at, "checksum mismatch");
      }
      at += HEADER_BYTES + length;
    }
    if (at < block.limit() && block.limit() < BLOCK_BYTES) {
      // A full block may end in fewer bytes than a header has, the file may not.
      endsInZeros = false;
      damaged(blockAt + at, "the file ends within the header of a record");
    }
    return -1;
  }

  private void accept(int type, long blockAt, int at, int length) {
    boolean begins = type == FULL || type == FIRST;
    if (begins != (batchAt < 0) || type > LAST) {
      damaged(blockAt + at, "a record of type " + type + " does not fit the one before");
      return;
    }
    if (visitor != null) {
      batch.write(block.array(), at + HEADER_BYTES, length);
    }
    int headerBytes = Math.min(length, batchHeader.remaining());
    batchHeader.put(block.array(), at + HEADER_BYTES, headerBytes);
    switch (type) {
      case FIRST -> batchAt = blockAt + at;
      case MIDDLE -> {
        // The batch goes on.
      }
      default -> {
        batchAt = -1;
        keepBytes = blockAt + at + HEADER_BYTES + length;
        noteSequence();
        if (visitor != null) {
          visitor.visit(batch.toByteArray());
          batch.reset();
        }
      }
    }
  }

  private void noteSequence() {
    if (!batchHeader.hasRemaining()) {
      long first = batchHeader.getLong(0);
      firstSequence = firstSequence < 0 ? first : firstSequence;
      lastSequence = first + batchHeader.getInt(Long.BYTES) - 1;
    }
    batchHeader.clear();
  }

  /**
   * Nothing more was written here: normal at the end, unless a batch is incomplete or more follows.
   */
  private void zeros(long at) {
    if (damageAt < 0) {
      damaged(at, "zeros in the place of a record");
      endsInZeros = batchAt < 0;
    }
  }

  private void damaged(long at, String what) {
    if (damageAt < 0) {
      damageAt = at;
      nature = what;
    }
  }

  private boolean intact(int at, int length) {
    crc.reset();
    crc.update(block.array(), at + HEADER_BYTES - 1, length + 1);
    int plain = (int) crc.getValue();
    return block.getInt(at) == Integer.rotateRight(plain, 15) + CRC_MASK_DELTA;
  }
}
