package io.vertxraft.testkit.sim;

import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.DiskImage;

/** What a node asks its disk to change. */
sealed interface DiskChange {
  /** Bytes of a change apart from its entries. */
  int OVERHEAD_BYTES = 64;

  /**
   * Changes an image.
   *
   * @throws IllegalStateException if the change does not fit; nothing is changed then
   */
  void apply(DiskImage image);

  /** Carries out a change that has reached the disk. */
  default void makeDurable(DiskVolume volume) {
    apply(volume.durable);
  }

  /** Bytes it takes on the disk. */
  default long bytes() {
    return OVERHEAD_BYTES;
  }

  /** How many entries it brings. */
  default long entries() {
    return 0;
  }

  /** First index that it takes out of the end of the log; {@link Long#MAX_VALUE} for none. */
  default long truncateFrom() {
    return Long.MAX_VALUE;
  }

  /** The same for the same change. */
  long hash();

  /** A write. */
  record Write(StorageWrite write) implements DiskChange {
    @Override
    public void apply(DiskImage image) {
      image.apply(write);
    }

    @Override
    public void makeDurable(DiskVolume volume) {
      apply(volume.durable);
      if (write.truncateFrom() > 0 || write.newStart() != null) {
        volume.repairFrom(write.truncateFrom());
      }
    }

    @Override
    public long bytes() {
      long bytes = OVERHEAD_BYTES;
      for (LogEntry entry : write.entries()) {
        bytes += entry.encodedBytes();
      }
      return bytes;
    }

    @Override
    public long entries() {
      return write.entries().size();
    }

    @Override
    public long truncateFrom() {
      if (write.newStart() != null) {
        return 0;
      }
      return write.truncateFrom() > 0 ? write.truncateFrom() : Long.MAX_VALUE;
    }

    @Override
    public long hash() {
      long hash = ChainHash.link(write.truncateFrom(), write.entries().size());
      if (write.hardState() != null) {
        hash = ChainHash.link(hash, write.hardState().term());
        hash = ChainHash.link(hash, ChainHash.text(write.hardState().votedFor()));
      }
      if (write.newStart() != null) {
        hash = ChainHash.link(hash, write.newStart().firstIndex());
        hash = ChainHash.link(hash, write.newStart().prevTerm());
      }
      for (LogEntry entry : write.entries()) {
        hash = ChainHash.link(hash, ChainHash.link(entry.index(), entry.term()));
      }
      return hash;
    }

    @Override
    public String toString() {
      return write.toString();
    }
  }

  /** The log starts later from now on. */
  record PrefixTruncation(long firstIndex) implements DiskChange {
    @Override
    public void apply(DiskImage image) {
      image.truncatePrefix(firstIndex);
    }

    @Override
    public void makeDurable(DiskVolume volume) {
      apply(volume.durable);
      volume.repairBefore(firstIndex);
    }

    @Override
    public long hash() {
      return ChainHash.link(firstIndex, 1);
    }
  }

  /** The whole log is given up. */
  record Discard(String detail) implements DiskChange {
    @Override
    public void apply(DiskImage image) {
      image.discardDamaged(detail);
    }

    @Override
    public void makeDurable(DiskVolume volume) {
      apply(volume.durable);
      volume.loseLog();
    }

    @Override
    public long truncateFrom() {
      return 0;
    }

    @Override
    public long hash() {
      return 2;
    }
  }

  /** The damage is forgotten. */
  record Healed() implements DiskChange {
    @Override
    public void apply(DiskImage image) {
      image.healed();
    }

    @Override
    public long hash() {
      return 1;
    }
  }
}
