package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.LogChain;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The one sequence of committed entries of the whole group, as first seen. It only grows; every
 * node and every later observation is held against it.
 */
public final class CommitLedger {
  private final LogChain committed = new LogChain();
  private long[] commitTerms = new long[64];
  private final SessionReference sessions = new SessionReference();

  /** Which entries the state machine is given. */
  private final BitSet effects = new BitSet();

  private long[] payloadHashes = new long[64];
  private long[] stateHashes = new long[64];

  /** Index of the last entry known to be committed. */
  public long lastIndex() {
    return committed.lastIndex();
  }

  /** Chain hash of the committed log up to {@code index}. */
  public long chainHashAt(long index) {
    return committed.chainHashAt(index);
  }

  /** Term of the committed entry at {@code index}. */
  public long termAt(long index) {
    return committed.termAt(index);
  }

  /** Whether the committed entry at {@code index} is a command, and takes effect. */
  public boolean isCommand(long index) {
    return effects.get((int) index - 1);
  }

  /** Hash of the command of the committed entry at {@code index}. */
  public long payloadHashAt(long index) {
    return payloadHashes[(int) index - 1];
  }

  /**
   * The chain of the log that a snapshot stands for which ends with the entry at {@code index} of
   * {@code term}: that of the committed log. If that entry is not committed, a chain of its own.
   */
  public long chainOfSnapshot(long index, long term) {
    boolean known = index <= committed.lastIndex() && committed.termAt(index) == term;
    return known ? committed.chainHashAt(index) : LogChain.unknownChain(index, term);
  }

  /** Index of the last committed command at or before {@code index}; 0 if there is none. */
  public long lastCommandUpTo(long index) {
    long at = index;
    while (at > 0 && !isCommand(at)) {
      at--;
    }
    return at;
  }

  /** Hash of the state after {@code index}, as first reported; 0 if not reported yet. */
  public long stateHashAt(long index) {
    return stateHashes[(int) index - 1];
  }

  void setStateHash(long index, long stateHash) {
    stateHashes[(int) index - 1] = stateHash;
  }

  /**
   * Last index that was committed in a term before {@code term}, as far as known: what every leader
   * of {@code term} must have (§5.4).
   */
  public long lastIndexCommittedBefore(long term) {
    long index = committed.lastIndex();
    while (index > 0 && commitTerms[(int) index - 1] >= term) {
      index--;
    }
    return index;
  }

  /** Takes over the entries of {@code log} up to {@code upTo}, committed in {@code commitTerm}. */
  void extend(LogChain log, long upTo, long commitTerm) {
    while (committed.lastIndex() < upTo) {
      LogEntry entry = log.entryAt(committed.lastIndex() + 1);
      int slot = (int) committed.lastIndex();
      if (slot == commitTerms.length) {
        commitTerms = Arrays.copyOf(commitTerms, slot * 2);
        payloadHashes = Arrays.copyOf(payloadHashes, slot * 2);
        stateHashes = Arrays.copyOf(stateHashes, slot * 2);
      }
      committed.append(entry);
      commitTerms[slot] = commitTerm;
      payloadHashes[slot] = ChainHash.command(entry);
      effects.set(slot, entry.type() == EntryType.COMMAND || isEffectiveEnvelope(entry));
    }
  }

  private boolean isEffectiveEnvelope(LogEntry entry) {
    return entry.type() == EntryType.ENVELOPE && sessions.takesEffect(entry);
  }
}
