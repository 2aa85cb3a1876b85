package io.vertxraft.protocol;

/**
 * Anything one member of a group says to another.
 *
 * <p>The three branches tell what a message promises, and so when it may leave:
 *
 * <ul>
 *   <li>{@link Immediate} promises nothing about the sender's disk; it may leave at once.
 *   <li>{@link AfterDurable} tells the receiver something it will rely on after the sender's crash:
 *       it may leave only when all state the sender had when it was created is durable.
 *   <li>{@link PeerRpc} is a question or answer between runtimes, outside the protocol.
 * </ul>
 */
public sealed interface Message permits Message.Immediate, Message.AfterDurable, PeerRpc {

  /** Messages that may leave before the sender's pending writes are durable. */
  sealed interface Immediate extends RaftMessage, Message
      permits PreVoteRequest,
          PreVoteReply,
          AppendEntries,
          Heartbeat,
          HeartbeatReply,
          TimeoutNow,
          InstallSnapshot {}

  /** Messages that may leave only after the sender's pending writes are durable. */
  sealed interface AfterDurable extends RaftMessage, Message
      permits VoteRequest, VoteReply, AppendEntriesReply, InstallSnapshotReply {}
}
