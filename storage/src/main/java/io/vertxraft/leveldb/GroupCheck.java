package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.spi.RecoveredLog.TermRun;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads the whole log of a group and compares it with the group's meta record, behind which the log
 * may have grown.
 */
final class GroupCheck implements Database.Visitor {
  /**
   * What was found.
   *
   * @param last last entry of the contiguous, verified prefix of the log
   * @param lastTerm its term
   * @param termRuns terms of the prefix
   * @param problem why the log ends there although the meta record says otherwise; null if it does
   *     not
   */
  record Result(long last, long lastTerm, List<TermRun> termRuns, String problem) {
    /** The term of an entry of the log. */
    long termAt(long index) {
      return GroupCheck.termAt(termRuns, index);
    }
  }

  /** The term of an entry that is in one of the runs. */
  static long termAt(List<TermRun> termRuns, long index) {
    int run = termRuns.size() - 1;
    while (termRuns.get(run).firstIndex() > index) {
      run--;
    }
    return termRuns.get(run).term();
  }

  private final Path home;
  private final int number;
  private final GroupMeta meta;
  private final BooleanSupplier cancelled;
  private final EntryCodec codec;
  private final List<TermRun> termRuns = new ArrayList<>();
  private long nextInRuns;
  private long last;
  private long lastTerm;
  private String problem;

  private GroupCheck(
      Path home, String groupId, int number, GroupMeta meta, BooleanSupplier cancelled) {
    this.home = home;
    this.number = number;
    this.meta = meta;
    this.cancelled = cancelled;
    this.codec = new EntryCodec(groupId);
    this.last = meta.first() - 1;
    this.lastTerm = meta.prevTerm();
  }

  /**
   * Checks a group. Damage is a result; whatever may pass, such as a want of file handles, is
   * thrown.
   *
   * @param cancelled asked now and then; true ends the check with CLOSED
   */
  static Result check(
      Path home,
      Database database,
      String groupId,
      int number,
      GroupMeta meta,
      BooleanSupplier cancelled)
      throws IOException {
    GroupCheck check = new GroupCheck(home, groupId, number, meta, cancelled);
    try {
      byte[] first = Keys.of(Keys.RUN, number, meta.first());
      if (meta.last() < meta.first()) {
        // What stands before a log that was empty then is none of its business.
        database.scan(first, false, check);
      } else {
        database.scanFrom(first, false, check);
      }
      check.compareEnd();
    } catch (CorruptEntryException e) {
      check.problem("entry %d cannot be read (%s)".formatted(check.last + 1, e.getMessage()));
    } catch (IOException | RuntimeException e) {
      StorageException failure = StorageErrors.of(home, "Reading", e);
      if (failure.kind() != Kind.CORRUPT) {
        throw e;
      }
      check.problem("entry %d cannot be read (%s)".formatted(check.last + 1, rootCause(e)));
    }
    return new Result(check.last, check.lastTerm, List.copyOf(check.termRuns), check.problem);
  }

  private static String rootCause(Throwable cause) {
    Throwable at = cause;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return String.valueOf(at.getMessage());
  }

  @Override
  public boolean visit(byte[] key, byte[] run) {
    if (!Keys.matches(key, Keys.RUN, number)) {
      // The last record before the log may be another group's.
      return Keys.isBefore(key, Keys.RUN, number);
    }
    long start = Keys.index(key);
    if (nextInRuns == 0 ? start > meta.first() : start != nextInRuns) {
      problem("entry %d is missing, the next one there is %d".formatted(last + 1, start));
      return false;
    }
    nextInRuns = start;
    try {
      Runs.check(run, start, codec, this::visit);
    } catch (CorruptEntryException e) {
      problem("entry %d is not intact (%s)".formatted(nextInRuns, e.getMessage()));
    }
    if (cancelled.getAsBoolean()) {
      throw StorageErrors.closed(home);
    }
    return problem == null;
  }

  private boolean visit(long index, long term) {
    nextInRuns++;
    if (index < meta.first()) {
      return true;
    }
    if (term < lastTerm) {
      problem("entry %d has term %d after term %d".formatted(index, term, lastTerm));
      return false;
    }
    if (index == meta.last() && term != meta.lastTerm()) {
      problem(
          "entry %d has term %d, the meta record says %d".formatted(index, term, meta.lastTerm()));
      return false;
    }
    if (term > lastTerm || termRuns.isEmpty()) {
      termRuns.add(new TermRun(index, term));
    }
    last = index;
    lastTerm = term;
    return true;
  }

  private void compareEnd() {
    if (last < meta.last()) {
      problem("entry %d is missing, the log goes at least to %d".formatted(last + 1, meta.last()));
    }
  }

  private void problem(String what) {
    problem = problem == null ? what : problem;
  }
}
