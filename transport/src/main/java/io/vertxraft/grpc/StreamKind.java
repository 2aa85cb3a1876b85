package io.vertxraft.grpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
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
  CONTROL("Control"),
  /** Log replication and forwarded commands. */
  BULK("Bulk"),
  /** Pieces of snapshots and the requests for them; open only while there are any. */
  SNAPSHOT("Snapshot");

  private final ServiceMethod<Buffer, Buffer> clientMethod;
  private final ServiceMethod<Buffer, Buffer> serverMethod;

  StreamKind(String method) {
    // Frames are parsed and written by this package, so that a bad one does not cost the stream.
    clientMethod =
        ServiceMethod.client(
            ServiceHolder.NAME, method, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);
    serverMethod =
        ServiceMethod.server(
            ServiceHolder.NAME, method, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);
  }

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
  boolean onDemand() {
    return this == SNAPSHOT;
  }

  ServiceMethod<Buffer, Buffer> clientMethod() {
    return clientMethod;
  }

  ServiceMethod<Buffer, Buffer> serverMethod() {
    return serverMethod;
  }

  /** Enum constants are built before the enum's own static fields. */
  private static final class ServiceHolder {
    static final ServiceName NAME = ServiceName.create("vertxraft.v1", "Peer");
  }
}
