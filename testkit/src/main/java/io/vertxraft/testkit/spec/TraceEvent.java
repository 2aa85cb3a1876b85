package io.vertxraft.testkit.spec;

import java.util.List;

/** One line of a trace: what happened at one member. */
public sealed interface TraceEvent {
  /** Virtual time, in nanoseconds since the start of the run. */
  long timeNanos();

  /** The member it happened at. */
  String node();

  /**
   * A process has come up with what its disk holds.
   *
   * @param life number of the member's life, growing
   * @param voters the voting members of the group
   * @param state state after recovery
   * @param log the whole log found on disk
   * @param damaged whether the disk was found to have lost entries
   */
  record Start(
      long timeNanos,
      String node,
      long life,
      List<String> voters,
      TraceState state,
      List<TraceEntry> log,
      boolean damaged)
      implements TraceEvent {
    /** Creates the event; the lists are copied. */
    public Start {
      voters = List.copyOf(voters);
      log = List.copyOf(log);
    }
  }

  /** What an own step of a member was about. */
  enum StepKind {
    /** Time passed; a timeout may have fired. */
    TICK,
    /** Clients proposed commands. */
    PROPOSE,
    /** The storage said that writes are durable. */
    PERSISTED,
    /** The state machine applied entries. */
    APPLIED,
    /** Entries were read back from disk. */
    LOADED
  }

  /**
   * A step that no message caused.
   *
   * @param kind what it was about
   * @param seq for {@link StepKind#PERSISTED}: every write up to this one is durable; 0 if untold
   * @param state state after it
   * @param change what it did to the log
   */
  record Step(
      long timeNanos, String node, StepKind kind, long seq, TraceState state, LogChange change)
      implements TraceEvent {}

  /**
   * A message has been handled.
   *
   * @param from its sender
   * @param message its content
   * @param state state after it
   * @param change what it did to the log
   */
  record Receive(
      long timeNanos,
      String node,
      String from,
      TraceMessage message,
      TraceState state,
      LogChange change)
      implements TraceEvent {}

  /**
   * The end of a turn: what the steps since the last one caused.
   *
   * @param sent the messages
   * @param write the write, or null if nothing is written and nothing waits
   */
  record Turn(long timeNanos, String node, List<Sent> sent, TraceWrite write)
      implements TraceEvent {
    /** Creates the event; the list is copied. */
    public Turn {
      sent = List.copyOf(sent);
    }
  }

  /**
   * A message given to the network.
   *
   * @param to its receiver
   * @param message its content
   * @param waits whether it leaves only when this turn's write and all earlier ones are durable
   */
  record Sent(String to, TraceMessage message, boolean waits) {}

  /**
   * The process is gone.
   *
   * @param how what ended it
   */
  record Stop(long timeNanos, String node, String how) implements TraceEvent {}
}
