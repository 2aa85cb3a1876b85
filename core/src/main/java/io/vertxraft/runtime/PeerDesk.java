package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftException;
import io.vertxraft.consensus.Mark;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.PeerRpc;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.Transport;
import java.util.function.Supplier;

/** Answers what other members ask, and takes their answers. Confined to the node's context. */
final class PeerDesk {
  private final MemberParts parts;
  private final Transport.Endpoint endpoint;
  private final PeerCalls peerCalls;
  private final Proposals proposals;
  private final ReadRouter readRouter;
  private final SnapshotExecutor snapshots;
  private final Supplier<JsonObject> status;
  private final long recoveredTerm;
  private final CommandEncoder encoder;

  /**
   * A desk for one life of the member.
   *
   * @param recoveredTerm the term in which the life began
   */
  PeerDesk(
      MemberParts parts,
      Transport.Endpoint endpoint,
      PeerCalls peerCalls,
      Proposals proposals,
      ReadRouter readRouter,
      SnapshotExecutor snapshots,
      Supplier<JsonObject> status,
      long recoveredTerm) {
    this.parts = parts;
    this.endpoint = endpoint;
    this.peerCalls = peerCalls;
    this.proposals = proposals;
    this.readRouter = readRouter;
    this.snapshots = snapshots;
    this.status = status;
    this.recoveredTerm = recoveredTerm;
    this.encoder = new CommandEncoder(parts.options());
  }

  void receive(String from, PeerRpc message) {
    if (message instanceof ForwardRequest request) {
      forwarded(from, request);
    } else if (message instanceof ReadIndexRequest request) {
      readRouter.ask(
          request.lease(),
          index ->
              endpoint.send(
                  from,
                  new ReadIndexReply(
                      request.requestId(),
                      index >= 0,
                      Math.max(0, index),
                      parts.core().leaderId())));
    } else if (message instanceof StatusRequest request) {
      byte[] json = status.get().toBuffer().getBytes();
      endpoint.send(from, new StatusReply(request.requestId(), json));
    } else if (message instanceof SnapshotRequest request) {
      snapshots.serve(from, request);
    } else if (message instanceof SnapshotReply reply) {
      snapshots.answered(from, reply);
    } else {
      peerCalls.answered(from, message);
    }
  }

  /**
   * What an earlier life of this node appended in a term it led, nobody knows any more; of a
   * repeated request the first arrival is answered. Silence leaves the sender with Unknown.
   */
  private void forwarded(String from, ForwardRequest request) {
    if (!peerCalls.isNew(from, request)) {
      parts.probe().reached(Mark.FORWARD_REPEATED);
    } else if (request.term() > recoveredTerm) {
      passOn(request)
          .onComplete(
              done ->
                  endpoint.send(
                      from,
                      done.succeeded()
                          ? Outcomes.applied(request.requestId(), done.result())
                          : Outcomes.failed(request.requestId(), done.cause())));
    }
  }

  private Future<Buffer> passOn(ForwardRequest request) {
    try {
      byte[] entry = encoder.passedOn(request.type(), request.command());
      return proposals.offer(entry, 0, request.term());
    } catch (RaftException | CorruptEntryException e) {
      return Future.failedFuture(e);
    }
  }
}
