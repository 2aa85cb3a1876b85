package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.Message;

/**
 * A rule that must hold at every step of a run. Each method is called when its event has happened,
 * and throws a {@link Violation} if the rule is broken.
 */
public interface Oracle {
  /** Short id of the rule, such as {@code I1}. */
  String id();

  /** Something happened at a running node; perhaps in the middle of a turn. */
  default void afterStep(NodeProbe node) {}

  /** Something happened at a running node, and it is between turns: its log can be looked at. */
  default void afterTurn(NodeProbe node) {}

  /**
   * A node's log has changed. Called before {@link #afterTurn}.
   *
   * @param fromIndex first index that was appended or removed
   */
  default void logChanged(NodeProbe node, long fromIndex) {}

  /** A node hands a message to the network. */
  default void sent(NodeProbe from, String to, Message message) {}

  /**
   * A node's state machine has applied a command.
   *
   * @param payloadHash hash of the command's payload
   * @param stateHash hash of the state after the command
   */
  default void applied(NodeProbe node, long index, long term, long payloadHash, long stateHash) {}

  /**
   * A client has learned that its command is applied.
   *
   * @param index where, according to the reply
   * @param payloadHash hash of the command it sent
   */
  default void acknowledged(long index, long payloadHash) {}

  /**
   * A node's state machine is about to save its state.
   *
   * @param index index of the last entry that the snapshot is said to hold
   * @param term term of that entry
   * @param stateHash hash of the state that is saved
   */
  default void snapshotSaving(NodeProbe node, long index, long term, long stateHash) {}

  /** A node's state machine has loaded a snapshot; the parameters are as for saving. */
  default void snapshotLoaded(NodeProbe node, long index, long term, long stateHash) {}

  /** The run is over. */
  default void finished() {}
}
