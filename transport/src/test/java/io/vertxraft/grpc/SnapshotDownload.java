package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.Transport;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * Fetches the file of a {@link SnapshotSource} with a fixed number of pieces under way, as a
 * runtime would. Confined to one thread.
 */
final class SnapshotDownload {
  private final Transport.Endpoint endpoint;
  private final String from;
  private final long fileBytes;
  private final int pieceBytes;
  private final int window;
  private final boolean checked;
  private final BitSet there = new BitSet();
  private final BitSet asked = new BitSet();
  private final Promise<Void> done = Promise.promise();
  private IntPredicate goOn = pieces -> true;
  private int underWay;

  /**
   * Prepares a download.
   *
   * @param checked whether to compare each byte
   */
  SnapshotDownload(
      Transport.Endpoint endpoint,
      String from,
      long fileBytes,
      int pieceBytes,
      int window,
      boolean checked) {
    this.endpoint = endpoint;
    this.from = from;
    this.fileBytes = fileBytes;
    this.pieceBytes = pieceBytes;
    this.window = window;
    this.checked = checked;
  }

  /** Stops asking as soon as the number of pieces that are there does not pass. */
  SnapshotDownload whileTrue(IntPredicate condition) {
    goOn = condition;
    return this;
  }

  /** Asks for everything that is missing, also for what was asked for before. */
  Future<Void> start() {
    underWay = 0;
    asked.clear();
    asked.or(there);
    ask();
    return done.future();
  }

  int pieces() {
    return there.cardinality();
  }

  private int piecesInAll() {
    return Math.toIntExact((fileBytes + pieceBytes - 1) / pieceBytes);
  }

  private void ask() {
    while (underWay < window && goOn.test(pieces())) {
      int next = asked.nextClearBit(0);
      if (next >= piecesInAll()) {
        return;
      }
      asked.set(next);
      underWay++;
      endpoint.send(
          from, new SnapshotRequest(next, 1, "data", (long) next * pieceBytes, pieceBytes, false));
    }
  }

  /** Takes an answer; several to the same question are one. */
  void receive(SnapshotReply reply) {
    int piece = Math.toIntExact(reply.requestId());
    long offset = (long) piece * pieceBytes;
    if (reply.data().length != Math.min(pieceBytes, fileBytes - offset)) {
      done.tryFail("piece %d has %d bytes".formatted(piece, reply.data().length));
    }
    for (int i = 0; checked && i < reply.data().length; i++) {
      if (reply.data()[i] != SnapshotSource.byteAt(offset + i)) {
        done.tryFail("byte %d is another".formatted(offset + i));
        return;
      }
    }
    if (!there.get(piece)) {
      there.set(piece);
      underWay--;
    }
    if (pieces() == piecesInAll()) {
      done.tryComplete();
    } else {
      ask();
    }
  }
}
