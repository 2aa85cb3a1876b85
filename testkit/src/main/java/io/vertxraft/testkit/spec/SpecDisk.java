package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.TraceWrite.HardState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * What one life of a member has on disk, as far as a trace tells: what is surely durable, the
 * writes on their way, and how many of those may be durable by now.
 */
final class SpecDisk {
  private final SpecJudge judge;

  /** Surely durable, up to write {@code keptSeq}: a restart must bring at least this. */
  private final SpecDiskImage kept;

  private long keptSeq;

  /** Issued and not surely durable, in order. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private long issuedSeq;
  private long issuedLast;
  private HardState issuedHardState;

  /** No later write can be durable: the storage has not confirmed any. */
  private long confirmableSeq;

  /** First index at which the log in memory differs from what was issued. */
  private long changedFrom = Long.MAX_VALUE;

  /** What the next life found: the writes up to here; -1 while there is none. */
  private long recoveredSeq = -1;

  /** A write, and the durable index that its confirmation brings at least; 0 if unknown. */
  private static final class Pending {
    private final TraceWrite write;
    private long expectedIndex;

    private Pending(TraceWrite write, long expectedIndex) {
      this.write = write;
      this.expectedIndex = expectedIndex;
    }
  }

  /** A life that starts from what its disk holds. */
  SpecDisk(SpecJudge judge, TraceEvent.Start start) {
    this.judge = judge;
    issuedHardState = new HardState(start.state().term(), start.state().votedFor());
    kept = new SpecDiskImage(issuedHardState, start.log());
    issuedLast = start.log().size();
  }

  /** The log in memory changed. */
  void changed(LogChange change) {
    if (change.truncateFrom() > 0) {
      changedFrom = Math.min(changedFrom, change.truncateFrom());
      // What was expected of earlier writes may never come true in the log that is left.
      pending.forEach(waiting -> waiting.expectedIndex = 0);
    }
    if (!change.append().isEmpty()) {
      changedFrom = Math.min(changedFrom, change.append().get(0).index());
    }
  }

  /** Only messages wait, for writes of earlier turns. */
  private static boolean isEmpty(TraceWrite write) {
    return write.hardState() == null && write.truncateFrom() == 0 && write.entries().isEmpty();
  }

  /** A turn ends with this write, or none: it must bring the disk to what is in memory. */
  void turn(TraceWrite write, TraceState state, LogView memory) {
    HardState hardState = new HardState(state.term(), state.votedFor());
    if (write == null || isEmpty(write)) {
      judge.requireSame(issuedHardState, hardState, SpecRule.WRITE_COMPLETE, "the unwritten state");
      judge.require(
          issuedLast == memory.lastIndex() && changedFrom > memory.lastIndex(),
          SpecRule.WRITE_COMPLETE,
          "the log changed from index %d on and is not written",
          Math.min(changedFrom, issuedLast + 1));
      changedFrom = Long.MAX_VALUE;
      return;
    }
    judge.action(SpecAction.WRITE);
    judge.require(
        write.seq() > issuedSeq,
        SpecRule.WRITE_COMPLETE,
        "write %d follows write %d",
        write.seq(),
        issuedSeq);
    HardState written = write.hardState() == null ? issuedHardState : write.hardState();
    judge.requireSame(hardState, written, SpecRule.WRITE_COMPLETE, "what the disk will hold");
    requireSameLog(write, memory);
    issuedSeq = write.seq();
    issuedLast = memory.lastIndex();
    issuedHardState = hardState;
    changedFrom = Long.MAX_VALUE;
    pending.addLast(new Pending(write, memory.lastIndex()));
  }

  private void requireSameLog(TraceWrite write, LogView memory) {
    long stays = write.truncateFrom() > 0 ? write.truncateFrom() - 1 : issuedLast;
    stays = Math.min(stays, issuedLast);
    judge.require(
        stays < changedFrom,
        SpecRule.WRITE_COMPLETE,
        "the log changed from index %d on, the write leaves everything up to %d",
        changedFrom,
        stays);
    long index = stays;
    for (TraceEntry entry : write.entries()) {
      index++;
      judge.require(
          memory.has(index) && memory.at(index).equals(entry),
          SpecRule.WRITE_COMPLETE,
          "entry %s is written where the log has %s",
          entry,
          memory.has(index) ? memory.at(index) : "none");
    }
    judge.requireSame(memory.lastIndex(), index, SpecRule.WRITE_COMPLETE, "the last index on disk");
  }

  /**
   * The storage confirmed writes.
   *
   * @param seq up to which one, 0 if untold: then it is judged by the durable index
   * @param durableIndex the durable index the member reports
   */
  void persisted(long seq, long durableIndex, LogView memory) {
    if (seq > 0) {
      judge.require(
          seq <= issuedSeq,
          SpecRule.DURABLE_INDEX,
          "write %d is confirmed, the last one issued is %d",
          seq,
          issuedSeq);
      confirmableSeq = Math.max(confirmableSeq, seq);
      keep(seq);
      long most = kept.lastIndex();
      for (Pending waiting : pending) {
        long removed = waiting.write.truncateFrom();
        most = removed > 0 ? Math.min(most, removed - 1) : most;
      }
      requireDurable(durableIndex, most);
      return;
    }
    requireDurable(durableIndex, issuedLast);
    long surely = 0;
    for (Pending waiting : pending) {
      if (waiting.expectedIndex > durableIndex) {
        break;
      }
      confirmableSeq = Math.max(confirmableSeq, waiting.write.seq());
      if (holds(waiting.write, durableIndex, memory)) {
        surely = waiting.write.seq();
      }
    }
    keep(surely);
  }

  /** Whether this write brought the entry that the log in memory has at the index. */
  private static boolean holds(TraceWrite write, long index, LogView memory) {
    if (write.entries().isEmpty() || !memory.has(index)) {
      return false;
    }
    long place = index - write.entries().get(0).index();
    return place >= 0
        && place < write.entries().size()
        && write.entries().get((int) place).equals(memory.at(index));
  }

  /** Durable is only what is on disk and still the same in memory. */
  private void requireDurable(long durableIndex, long onDisk) {
    long most = Math.min(onDisk, changedFrom - 1);
    judge.require(
        durableIndex <= most,
        SpecRule.DURABLE_INDEX,
        "durable index %d is reported, at most %d can be durable",
        durableIndex,
        most);
  }

  /** The last write issued: what leaves "when durable" waits for it. */
  long issuedSeq() {
    return issuedSeq;
  }

  /** The last write that may be durable by now. */
  long confirmableSeq() {
    return confirmableSeq;
  }

  /** Whether term and vote may be durable as they are, and the log up to an index. */
  boolean settled(long index, long durableIndex) {
    return index <= durableIndex
        && pending.stream()
            .noneMatch(p -> p.write.hardState() != null && p.write.seq() > confirmableSeq);
  }

  /** Whether something that waited for a write can have left. */
  boolean mayBeDurable(long seq) {
    return seq <= confirmableSeq;
  }

  /** Whether a later life has started without a write. */
  boolean forgot(long seq) {
    return recoveredSeq >= 0 && recoveredSeq < seq;
  }

  /** Others have seen what only a durable write allows: from now on it must survive. */
  void keep(long seq) {
    while (!pending.isEmpty() && pending.peekFirst().write.seq() <= seq) {
      TraceWrite write = pending.removeFirst().write;
      kept.apply(write);
      keptSeq = write.seq();
    }
  }

  /**
   * The next life found this on the disk: what must survive, and as many of the later writes as
   * made it; the last of them perhaps in part. Of a damaged log, the first part.
   */
  void recovered(TraceEvent.Start start) {
    HardState found = new HardState(start.state().term(), start.state().votedFor());
    if (start.damaged()) {
      recoveredDamaged(found, start);
      return;
    }
    SpecDiskImage image = new SpecDiskImage(kept.hardState(), kept.log());
    long seq = image.holds(found, start.log()) ? keptSeq : -1;
    long before = keptSeq;
    for (Pending waiting : pending) {
      if (image.holdsPartOf(waiting.write, found, start.log())) {
        seq = before;
      }
      image.apply(waiting.write);
      before = waiting.write.seq();
      if (image.holds(found, start.log())) {
        seq = before;
      }
    }
    if (seq < 0) {
      throw refuse(found, start);
    }
    recoveredSeq = seq;
  }

  /** Term and vote are exact even then. */
  private void recoveredDamaged(HardState found, TraceEvent.Start start) {
    SpecDiskImage image = new SpecDiskImage(kept.hardState(), kept.log());
    long seq = image.beginsWith(found, start.log()) ? keptSeq : -1;
    for (Pending waiting : pending) {
      boolean oldState = image.hardState().equals(found);
      image.apply(waiting.write);
      if (image.beginsWith(oldState ? image.hardState() : found, start.log())) {
        seq = waiting.write.seq();
      }
    }
    if (seq < 0) {
      throw refuse(found, start);
    }
    recoveredSeq = seq;
  }

  private SpecViolation refuse(HardState found, TraceEvent.Start start) {
    HardState promised = kept.hardState();
    boolean voteLost =
        found.term() == promised.term()
            && promised.votedFor() != null
            && !Objects.equals(found.votedFor(), promised.votedFor());
    if (found.term() < promised.term() || voteLost) {
      return judge.violation(
          SpecRule.PROMISES_KEPT,
          "term %d and vote %s are recovered, promised were term %d and vote %s",
          found.term(),
          found.votedFor(),
          promised.term(),
          promised.votedFor());
    }
    long lost = kept.firstDifference(start.log());
    boolean mayBeRemoved =
        pending.stream()
            .anyMatch(p -> p.write.truncateFrom() > 0 && p.write.truncateFrom() <= lost);
    if (lost <= kept.lastIndex() && !mayBeRemoved) {
      return judge.violation(
          SpecRule.PROMISES_KEPT,
          "entry %s was promised, recovered is %s",
          kept.log().get((int) lost - 1),
          lost <= start.log().size() ? start.log().get((int) lost - 1) : "none");
    }
    return judge.violation(
        SpecRule.RECOVERS_WHAT_WAS_WRITTEN,
        "no sequence of the writes since write %d brings %s and a log of %d entries",
        keptSeq,
        found,
        start.log().size());
  }
}
