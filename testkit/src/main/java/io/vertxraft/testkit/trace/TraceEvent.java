package io.vertxraft.testkit.trace;

import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.RaftMessage;
import java.util.List;

/**
 * Something that happened at a member. Immutable, and cheap to make: nothing is formatted or hashed
 * before {@link TraceJson} is asked for it.
 */
public sealed interface TraceEvent {
  /** Virtual nanoseconds since the start of the run. */
  long time();

  /** The member. */
  String node();

  /**
   * A process has come up.
   *
   * @param time when
   * @param node the member
   * @param life 1 for its first process
   * @param voters the members that vote, in the order of their ids
   * @param state as recovered
   * @param log all entries as recovered
   * @param damaged whether the storage said that entries may be missing
   */
  record Start(
      long time,
      String node,
      int life,
      List<String> voters,
      NodeState state,
      List<LogEntry> log,
      boolean damaged)
      implements TraceEvent {}

  /**
   * The member has dealt with one event.
   *
   * @param time when
   * @param node the member
   * @param step which event, never {@link Probe.Step#START}
   * @param from sender of the message, or null if none was received
   * @param message the message received, or null
   * @param state after the event
   * @param change what the event did to the log, or null if nothing
   */
  record Stepped(
      long time,
      String node,
      Probe.Step step,
      String from,
      RaftMessage message,
      NodeState state,
      LogChange change)
      implements TraceEvent {}

  /**
   * A turn has ended and has effects.
   *
   * @param time when
   * @param node the member
   * @param sent its messages, those that leave at once first
   * @param write its write, or null if nothing is written and no message waits
   */
  record Turn(long time, String node, List<Sent> sent, Write write) implements TraceEvent {}

  /**
   * The process is gone.
   *
   * @param time when
   * @param node the member
   * @param how what ended it, such as {@code power cut}
   */
  record Stop(long time, String node, String how) implements TraceEvent {}

  /**
   * A change of the log in memory: first the removal, then the additions.
   *
   * @param truncateFrom first index removed, or 0 if nothing was removed
   * @param append entries added
   */
  record LogChange(long truncateFrom, List<LogEntry> append) {}

  /**
   * A message of a turn.
   *
   * @param to the receiver
   * @param message the message
   * @param whenDurable whether it waits for this turn's write and all earlier ones
   */
  record Sent(String to, RaftMessage message, boolean whenDurable) {}

  /**
   * A write of a turn.
   *
   * @param seq its number; if there is nothing to write, that of the last write before
   * @param hardState new term and vote, or null
   * @param truncateFrom first index to remove, or 0
   * @param entries entries to append
   */
  record Write(long seq, HardState hardState, long truncateFrom, List<LogEntry> entries) {
    /** Whether there is nothing to write, only messages that wait for earlier writes. */
    public boolean isEmpty() {
      return hardState == null && truncateFrom == 0 && entries.isEmpty();
    }
  }
}
