package io.vertxraft.grpc;

import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.InvalidMessageException;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.Message;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes the frames of one direction of one stream apart and hands each message to its group. What
 * is not well formed, or not for a group that both nodes belong to, is dropped, counted and logged
 * at most once a minute; the stream goes on. Confined to the connection's context.
 */
final class FrameReader {
  private final GroupRegistry groups;
  private final TransportCounters counters;
  private final RateLimitedLog log;
  private final String peerId;
  private final StreamKind kind;
  private final boolean replies;
  private final Map<String, EntryCodec> codecs = new HashMap<>();
  private long framesRead;

  /**
   * Creates a reader.
   *
   * @param peerId the verified sender of all frames
   * @param replies whether this is the response side of the stream
   */
  FrameReader(
      GroupRegistry groups,
      TransportCounters counters,
      RateLimitedLog log,
      String peerId,
      StreamKind kind,
      boolean replies) {
    this.groups = groups;
    this.counters = counters;
    this.log = log;
    this.peerId = peerId;
    this.kind = kind;
    this.replies = replies;
  }

  /** How many frames have come so far. */
  long framesRead() {
    return framesRead;
  }

  void read(GrpcMessage frame) {
    framesRead++;
    try {
      if (!frame.encoding().equals("identity")) {
        // Nobody here compresses, and what expands on arrival cannot be bounded beforehand.
        throw new ProtocolException("frame is compressed with " + frame.encoding());
      }
      for (Envelope envelope :
          MessageCodec.parseFrame(frame.payload().getBytes()).getEnvelopesList()) {
        read(envelope);
      }
    } catch (ProtocolException e) {
      malformed(e);
    }
  }

  private void read(Envelope envelope) {
    JoinedGroup group = groups.get(envelope.getGroupId());
    if (group == null && groups.hasLeft(envelope.getGroupId())) {
      counters.droppedForeign.increment();
      return;
    }
    if (group == null || !group.hasPeer(peerId)) {
      foreign(
          group == null
              ? "for a group that is not joined here"
              : "for group '%s', of which it is not a member"
                  .formatted(group.identity().groupId()));
      return;
    }
    Message message;
    try {
      message = MessageCodec.decode(envelope, codec(group));
    } catch (ProtocolException e) {
      malformed(e);
      return;
    }
    if (StreamKind.of(message) != kind || StreamKind.isReply(message) != replies) {
      foreign("of type %s on the wrong stream".formatted(message.getClass().getSimpleName()));
      return;
    }
    group.deliver(peerId, message, MessageCodec.bytesMax(message));
  }

  private EntryCodec codec(JoinedGroup group) {
    return codecs.computeIfAbsent(group.identity().groupId(), EntryCodec::new);
  }

  /** A frame that was larger than this node accepts, and was skipped. */
  void tooLarge(InvalidMessageException e) {
    counters.droppedTooLarge.increment();
    log.warn(
        "size from " + peerId,
        () ->
            "a frame from '%s' on %s is larger than messageBytesMax and dropped: use the same value"
                    .formatted(peerId, kind)
                + " on all members");
  }

  private void malformed(ProtocolException e) {
    counters.droppedMalformed.increment();
    log.warn(
        "malformed from " + peerId,
        () -> "a message from '%s' on %s is dropped: %s".formatted(peerId, kind, e.getMessage()));
  }

  private void foreign(String what) {
    counters.droppedForeign.increment();
    log.warn(
        "foreign from " + peerId,
        () -> "a message from '%s' on %s is dropped: it is %s".formatted(peerId, kind, what));
  }
}
