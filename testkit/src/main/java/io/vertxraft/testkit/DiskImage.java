package io.vertxraft.testkit;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.TermRun;
import io.vertxraft.spi.StorageWrite;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of one group after a sequence of writes: hard state and log. On a simulated disk it is
 * what would be found after a power cut at this instant. Confined to one thread.
 */
public final class DiskImage {
  private final LogChain log = new LogChain();
  private HardState hardState = HardState.INITIAL;

  /** Term and vote. */
  public HardState hardState() {
    return hardState;
  }

  /** The log; for reading only. */
  public LogChain log() {
    return log;
  }

  /** Index of the last entry, 0 if there is none. */
  public long lastIndex() {
    return log.lastIndex();
  }

  /** Whether the log reaches {@code index} with the given {@linkplain ChainHash chain}. */
  public boolean contains(long index, long chainHash) {
    return log.contains(index, chainHash);
  }

  /**
   * Carries out a write.
   *
   * @throws IllegalStateException if the write does not fit the log; nothing is changed then
   */
  public void apply(StorageWrite write) {
    requireFits(write, log.lastIndex(), log.lastTerm());
    if (write.hardState() != null) {
      hardState = write.hardState();
    }
    if (write.truncateFrom() > 0) {
      log.truncateFrom(write.truncateFrom());
    }
    for (LogEntry entry : write.entries()) {
      log.append(entry);
    }
  }

  /** Takes over the content of another image. */
  public void copyFrom(DiskImage other) {
    hardState = other.hardState;
    log.copyFrom(other.log);
  }

  /** What a node finds when it opens this image. */
  public RecoveredLog recovered() {
    List<TermRun> runs = new ArrayList<>();
    long term = -1;
    for (long index = 1; index <= log.lastIndex(); index++) {
      if (log.termAt(index) != term) {
        term = log.termAt(index);
        runs.add(new TermRun(index, term));
      }
    }
    return new RecoveredLog(hardState, 1, log.lastIndex(), 0, runs);
  }

  private void requireFits(StorageWrite write, long lastIndex, long lastTerm) {
    if (write.truncateFrom() < 0 || write.truncateFrom() > lastIndex + 1) {
      throw new IllegalStateException(
          "truncateFrom %d is outside the log 1..%d".formatted(write.truncateFrom(), lastIndex));
    }
    long index = write.truncateFrom() > 0 ? write.truncateFrom() - 1 : lastIndex;
    long term = write.truncateFrom() > 0 ? log.termAt(index) : lastTerm;
    for (LogEntry entry : write.entries()) {
      if (entry.index() != index + 1 || entry.term() < term) {
        throw new IllegalStateException(
            "entry %d/%d does not follow %d/%d (term/index)"
                .formatted(entry.term(), entry.index(), term, index));
      }
      index = entry.index();
      term = entry.term();
    }
  }
}
