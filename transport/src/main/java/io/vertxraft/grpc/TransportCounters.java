package io.vertxraft.grpc;

import java.util.concurrent.atomic.LongAdder;

/** What a transport has counted since it was created. Safe for use by several threads. */
final class TransportCounters {
  final LongAdder sent = new LongAdder();
  final LongAdder received = new LongAdder();
  final LongAdder droppedDisconnected = new LongAdder();
  final LongAdder droppedQueueFull = new LongAdder();
  final LongAdder droppedTooLarge = new LongAdder();
  final LongAdder droppedMalformed = new LongAdder();
  final LongAdder droppedForeign = new LongAdder();
  final LongAdder refusedStreams = new LongAdder();

  TransportStats snapshot() {
    return new TransportStats(
        sent.sum(),
        received.sum(),
        droppedDisconnected.sum(),
        droppedQueueFull.sum(),
        droppedTooLarge.sum(),
        droppedMalformed.sum(),
        droppedForeign.sum(),
        refusedStreams.sum());
  }
}
