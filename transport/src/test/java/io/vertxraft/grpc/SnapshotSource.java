package io.vertxraft.grpc;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.List;

/**
 * A member with a snapshot of one file, which answers whoever asks for pieces of it, as well as
 * entries and heartbeats. The byte at each offset follows from the offset.
 */
final class SnapshotSource {
  private final byte[] content;
  private final long fileBytes;
  private Transport.Endpoint endpoint;

  private SnapshotSource(long fileBytes, int pieceBytesMax) {
    this.fileBytes = fileBytes;
    this.content = new byte[pieceBytesMax + PERIOD];
    for (int i = 0; i < content.length; i++) {
      content[i] = byteAt(i);
    }
  }

  /** Prime, so that neither pieces nor frames repeat their content. */
  private static final int PERIOD = 251;

  static byte byteAt(long offset) {
    return (byte) (offset % PERIOD);
  }

  /** Joins group {@code g} of cluster {@code c} and serves until the transport is closed. */
  static void join(
      Vertx vertx,
      GrpcTransport transport,
      String node,
      long fileBytes,
      int pieceBytesMax,
      PeerAddress... members) {
    SnapshotSource source = new SnapshotSource(fileBytes, pieceBytesMax);
    Context context = vertx.getOrCreateContext();
    source.endpoint =
        TestNode.get(
            transport.join(
                new GroupIdentity("c", "g", node),
                List.of(members),
                task -> context.runOnContext(v -> task.run()),
                source::receive));
  }

  private void receive(String from, Message message) {
    if (message instanceof SnapshotRequest request) {
      int begin = (int) (request.offset() % PERIOD);
      int length = (int) Math.min(request.bytesMax(), fileBytes - request.offset());
      byte[] piece = new byte[length];
      System.arraycopy(content, begin, piece, 0, length);
      endpoint.send(
          from,
          new SnapshotReply(request.requestId(), SnapshotReply.Outcome.OK, piece, false, length));
    } else if (message instanceof Heartbeat beat) {
      endpoint.send(from, new HeartbeatReply(beat.term(), beat.sentAtNanos(), 0, 0));
    } else if (message instanceof AppendEntries append) {
      endpoint.send(from, AppendEntriesReply.accepted(append.term(), append.prevLogIndex()));
    }
  }
}
