package io.vertxraft.protocol;

/** Questions and answers between the runtimes of two members, outside the consensus protocol. */
public sealed interface PeerRpc extends Message
    permits ForwardRequest,
        ForwardReply,
        ReadIndexRequest,
        ReadIndexReply,
        StatusRequest,
        StatusReply,
        SnapshotRequest,
        SnapshotReply {
  /** Correlates an answer with its question; unique per sender and life of its process. */
  long requestId();
}
