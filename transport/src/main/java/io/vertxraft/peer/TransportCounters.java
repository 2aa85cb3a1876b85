package io.vertxraft.peer;

import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import java.util.concurrent.atomic.LongAdder;

/** What a transport has counted since it was created. Safe for use by several threads. */
public final class TransportCounters {
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  final LongAdder droppedDisconnected = new LongAdder();
  final LongAdder droppedQueueFull = new LongAdder();

  /** Messages that were larger than allowed. */
  public final LongAdder droppedTooLarge = new LongAdder();

  /** Messages that were not well formed. */
  public final LongAdder droppedMalformed = new LongAdder();

  final LongAdder droppedForeign = new LongAdder();
  final LongAdder refusedStreams = new LongAdder();

  /** Calls of clients handed to a group. */
  public final LongAdder clientCalls = new LongAdder();

  private final LongAdder snapshotBytesSent = new LongAdder();
  private final LongAdder snapshotBytesReceived = new LongAdder();
  final LongAdder snapshotRepliesDelayed = new LongAdder();

  void countSent(Message message) {
    sent.increment();
    if (message instanceof SnapshotReply reply) {
      snapshotBytesSent.add(reply.data().length);
    }
  }

  void countReceived(Message message) {
    received.increment();
    if (message instanceof SnapshotReply reply) {
      snapshotBytesReceived.add(reply.data().length);
    }
  }

  TransportStats snapshot() {
    return new TransportStats(
        sent.sum(),
        received.sum(),
        droppedDisconnected.sum(),
        droppedQueueFull.sum(),
        droppedTooLarge.sum(),
        droppedMalformed.sum(),
        droppedForeign.sum(),
        refusedStreams.sum(),
        clientCalls.sum(),
        snapshotBytesSent.sum(),
        snapshotBytesReceived.sum(),
        snapshotRepliesDelayed.sum());
  }
}
