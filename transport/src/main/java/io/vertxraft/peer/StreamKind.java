package io.vertxraft.peer;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.protocol.VoteReply;

/** The streams between a pair of nodes, each on a connection of its own. */
public enum StreamKind {
  /** Votes, heartbeats, offers of snapshots and questions about status: never behind bulk data. */
  CONTROL,
  /** Log replication and forwarded commands. */
  BULK,
  /** Pieces of snapshots and the requests for them; open only while there are any. */
  SNAPSHOT;

  /** The stream on which {@code message} travels. */
  static StreamKind of(Message message) {
    if (message instanceof SnapshotRequest || message instanceof SnapshotReply) {
      return SNAPSHOT;
    }
    boolean bulk =
        message instanceof AppendEntries
            || message instanceof AppendEntriesReply
            || message instanceof ForwardRequest
            || message instanceof ForwardReply;
    return bulk ? BULK : CONTROL;
  }

  /** Whether {@code message} travels on the response side of the stream. */
  static boolean isReply(Message message) {
    return message instanceof AppendEntriesReply
        || message instanceof HeartbeatReply
        || message instanceof VoteReply
        || message instanceof PreVoteReply
        || message instanceof ForwardReply
        || message instanceof ReadIndexReply
        || message instanceof StatusReply
        || message instanceof InstallSnapshotReply
        || message instanceof SnapshotReply;
  }

  /** Whether {@code message} is dropped before any other: nothing but a reader waits for it. */
  static boolean isDispensable(Message message) {
    return message instanceof StatusRequest || message instanceof StatusReply;
  }

  /** Whether the stream is opened only when there is something to ask, and closed afterwards. */
  public boolean onDemand() {
    return this == SNAPSHOT;
  }
}
