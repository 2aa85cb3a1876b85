package io.vertxraft.peer;

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
public final class FrameReader {
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
  FrameReader(TransportParts parts, String peerId, StreamKind kind, boolean replies) {
    this.groups = parts.groups();
    this.counters = parts.counters();
    this.log = parts.log();
    this.peerId = peerId;
    this.kind = kind;
    this.replies = replies;
  }

  /** How many frames have come so far. */
  long framesRead() {
    return framesRead;
  }

  /** Takes a frame of envelopes. */
  public void readFrame(byte[] bytes) {
    countFrame();
    try {
      for (Envelope envelope : MessageCodec.parseFrame(bytes).getEnvelopesList()) {
        read(envelope);
      }
    } catch (ProtocolException e) {
      malformed(e);
    }
  }

  /**
   * Takes an envelope.
   *
   * @throws ProtocolException if the bytes are none
   */
  public void readEnvelope(byte[] bytes) {
    read(MessageCodec.parseEnvelope(bytes));
  }

  private void read(Envelope envelope) {
    read(envelope.getGroupId(), entries -> MessageCodec.decode(envelope, entries));
  }

  /** Takes a message that is decoded only if the group is one that may hear it. */
  public void read(String groupId, Decoder decoder) {
    JoinedGroup group = group(groupId);
    if (group != null) {
      try {
        deliver(group, decoder.decode(codec(group)));
      } catch (ProtocolException e) {
        malformed(e);
      }
    }
  }

  /** Makes a message out of what was received. */
  @FunctionalInterface
  public interface Decoder {
    /**
     * Decodes.
     *
     * @param entries verifies the entries of the message's group
     * @throws ProtocolException if it is not well formed
     */
    Message decode(EntryCodec entries);
  }

  /** Counts a frame: something has come. */
  public void countFrame() {
    framesRead++;
  }

  /**
   * The group that a message is for.
   *
   * @return null if the message is not to be read, which has been counted
   */
  private JoinedGroup group(String groupId) {
    JoinedGroup group = groups.get(groupId);
    if (group == null && groups.hasLeft(groupId)) {
      counters.droppedForeign.increment();
      return null;
    }
    if (group == null || !group.hasPeer(peerId)) {
      foreign(
          group == null
              ? "for a group that is not joined here"
              : "for group '%s', of which it is not a member"
                  .formatted(group.identity().groupId()));
      return null;
    }
    return group;
  }

  /** Hands a message to its group, if it has come the way that it should. */
  private void deliver(JoinedGroup group, Message message) {
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
  public void tooLarge() {
    counters.droppedTooLarge.increment();
    log.warn(
        "size from " + peerId,
        () ->
            "a frame from '%s' on %s is larger than messageBytesMax and dropped: use the same value"
                    .formatted(peerId, kind)
                + " on all members");
  }

  /** A frame that cannot be read, and is skipped. */
  public void malformed(ProtocolException e) {
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
