package io.vertxraft.testkit.sim;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;

/** The kinds of {@link Message}. */
public enum MessageKind {
  /** {@link AppendEntries}, probes included. */
  APPEND_ENTRIES(AppendEntries.class),
  /** {@link AppendEntriesReply}. */
  APPEND_ENTRIES_REPLY(AppendEntriesReply.class),
  /** {@link Heartbeat}. */
  HEARTBEAT(Heartbeat.class),
  /** {@link HeartbeatReply}. */
  HEARTBEAT_REPLY(HeartbeatReply.class),
  /** {@link VoteRequest}. */
  VOTE_REQUEST(VoteRequest.class),
  /** {@link VoteReply}. */
  VOTE_REPLY(VoteReply.class),
  /** {@link PreVoteRequest}. */
  PRE_VOTE_REQUEST(PreVoteRequest.class),
  /** {@link PreVoteReply}. */
  PRE_VOTE_REPLY(PreVoteReply.class),
  /** {@link TimeoutNow}. */
  TIMEOUT_NOW(TimeoutNow.class),
  /** {@link ReadIndexRequest}. */
  READ_INDEX_REQUEST(ReadIndexRequest.class),
  /** {@link ReadIndexReply}. */
  READ_INDEX_REPLY(ReadIndexReply.class),
  /** {@link ForwardRequest}. */
  FORWARD_REQUEST(ForwardRequest.class),
  /** {@link ForwardReply}. */
  FORWARD_REPLY(ForwardReply.class),
  /** {@link InstallSnapshot}. */
  INSTALL_SNAPSHOT(InstallSnapshot.class),
  /** {@link InstallSnapshotReply}. */
  INSTALL_SNAPSHOT_REPLY(InstallSnapshotReply.class),
  /** {@link SnapshotRequest}. */
  SNAPSHOT_REQUEST(SnapshotRequest.class),
  /** {@link SnapshotReply}. */
  SNAPSHOT_REPLY(SnapshotReply.class),
  /** {@link StatusRequest}. */
  STATUS_REQUEST(StatusRequest.class),
  /** {@link StatusReply}. */
  STATUS_REPLY(StatusReply.class);

  /** How many lanes a link has. */
  static final int LANES = 3;

  private static final MessageKind[] ALL = values();

  private final Class<? extends Message> type;

  MessageKind(Class<? extends Message> type) {
    this.type = type;
  }

  /** The kind of a message. */
  public static MessageKind of(Message message) {
    Class<?> type = message.getClass();
    for (MessageKind kind : ALL) {
      if (kind.type == type) {
        return kind;
      }
    }
    throw new IllegalArgumentException("the simulator does not know the message " + type.getName());
  }

  /**
   * Which lane of a link it travels on: 0 for votes and heartbeats, which must not wait for
   * anything; 1 for entries and other data; 2 for the content of snapshots.
   */
  int lane() {
    return switch (this) {
      case APPEND_ENTRIES, FORWARD_REQUEST, FORWARD_REPLY, STATUS_REPLY -> 1;
      case SNAPSHOT_REQUEST, SNAPSHOT_REPLY -> 2;
      default -> 0;
    };
  }
}
