package io.vertxraft.protocol;

/** A message of the consensus protocol. */
public sealed interface RaftMessage permits Message.Immediate, Message.AfterDurable {
  /** The sender's term; a pre-vote request carries the term it would campaign in. */
  long term();
}
