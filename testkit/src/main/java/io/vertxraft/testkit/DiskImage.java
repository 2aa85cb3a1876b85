package io.vertxraft.testkit;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.RecoveredLog.TermRun;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.StorageWrite.LogStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongBinaryOperator;

/**
 * The state of one group after a sequence of writes: hard state and log. On a simulated disk it is
 * what would be found after a power cut at this instant. Confined to one thread.
 */
public final class DiskImage {
  private final LogChain log = new LogChain();
  private final LongBinaryOperator chains;
  private HardState hardState = HardState.INITIAL;
  private Health health = Health.OK;
  private Set<String> voters;

  /** An empty image, whose log knows nothing of what a snapshot stands for. */
  public DiskImage() {
    this(LogChain::unknownChain);
  }

  /**
   * An empty image.
   *
   * @param chains gives the {@linkplain ChainHash chain} of the log that a snapshot stands for, by
   *     index and term of its last entry
   */
  public DiskImage(LongBinaryOperator chains) {
    this.chains = chains;
  }

  /** Term and vote. */
  public HardState hardState() {
    return hardState;
  }

  /** The log; for reading only. */
  public LogChain log() {
    return log;
  }

  /** Whether the log is whole. */
  public Health health() {
    return health;
  }

  /** Index of the last entry; one before the first if there is none, so 0 at the start. */
  public long lastIndex() {
    return log.lastIndex();
  }

  /** Whether the log reaches {@code index} with the given {@linkplain ChainHash chain}. */
  public boolean contains(long index, long chainHash) {
    return log.contains(index, chainHash);
  }

  /**
   * Remembers with which voters the group begins.
   *
   * @throws io.vertxraft.spi.StorageException if others are remembered
   */
  public void requireVoters(GroupIdentity group, Set<String> ids) {
    if (voters == null) {
      voters = Set.copyOf(ids);
    } else if (!voters.equals(ids)) {
      throw StorageException.otherVoters(group.toString(), voters, ids);
    }
  }

  /**
   * Carries out a write.
   *
   * @throws IllegalStateException if the write does not fit the log; nothing is changed then
   */
  public void apply(StorageWrite write) {
    requireFits(write);
    if (write.hardState() != null) {
      hardState = write.hardState();
    }
    LogStart start = write.newStart();
    if (start != null) {
      long before = chains.applyAsLong(start.firstIndex() - 1, start.prevTerm());
      log.restart(start.firstIndex(), start.prevTerm(), before);
    }
    if (write.truncateFrom() > 0) {
      log.truncateFrom(write.truncateFrom());
    }
    for (LogEntry entry : write.entries()) {
      log.append(entry);
    }
  }

  /**
   * Removes the entries before {@code firstIndex}; does nothing if the log starts there or later.
   *
   * @throws IllegalStateException if the log does not reach the entry before it; nothing is changed
   *     then
   */
  public void truncatePrefix(long firstIndex) {
    log.truncatePrefix(firstIndex);
  }

  /** Loses the entry at {@code index} and all after it to damage. */
  public void damage(long index, String detail) {
    log.truncateFrom(index);
    health = new Health(Health.State.DAMAGED, detail);
  }

  /** Gives up the whole log, because what it builds on is lost. */
  public void discardDamaged(String detail) {
    log.restart(1, 0);
    health = new Health(Health.State.DAMAGED, detail);
  }

  /** Forgets the damage. */
  public void healed() {
    health = Health.OK;
  }

  /** Takes over the content of another image. */
  public void copyFrom(DiskImage other) {
    hardState = other.hardState;
    health = other.health;
    voters = other.voters;
    log.copyFrom(other.log);
  }

  /** What a node finds when it opens this image. */
  public RecoveredLog recovered() {
    List<TermRun> runs = new ArrayList<>();
    long term = -1;
    for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
      if (log.termAt(index) != term) {
        term = log.termAt(index);
        runs.add(new TermRun(index, term));
      }
    }
    long first = log.firstIndex();
    return new RecoveredLog(hardState, first, log.lastIndex(), log.termAt(first - 1), runs, health);
  }

  private void requireFits(StorageWrite write) {
    long index = log.lastIndex();
    long term = log.lastTerm();
    if (write.newStart() != null) {
      index = write.newStart().firstIndex() - 1;
      term = write.newStart().prevTerm();
    } else if (write.truncateFrom() != 0) {
      if (write.truncateFrom() < log.firstIndex() || write.truncateFrom() > index + 1) {
        throw new IllegalStateException(
            "truncateFrom %d is outside the log %d..%d"
                .formatted(write.truncateFrom(), log.firstIndex(), index));
      }
      index = write.truncateFrom() - 1;
      term = log.termAt(index);
    }
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
