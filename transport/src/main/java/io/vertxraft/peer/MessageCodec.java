package io.vertxraft.peer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PeerRpc;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusReply;
import java.io.IOException;

/**
 * The wire form of the protocol's messages, see {@code vertxraft.proto}. Stateless.
 *
 * <p>Entries and pieces of snapshots are passed on as the bytes they already are; encoding copies
 * none of them.
 */
public final class MessageCodec {
  /** Upper bound of everything in an envelope but ids, texts, commands, replies and entries. */
  private static final int ENVELOPE_OVERHEAD_BYTES = 128;

  /** Upper bound of the tag and length before each entry. */
  private static final int ENTRY_OVERHEAD_BYTES = 8;

  /** A char takes at most so many bytes in UTF-8. */
  private static final long BYTES_PER_CHAR_MAX = 3;

  private MessageCodec() {}

  /**
   * The wire form of a message.
   *
   * @param groupId the group it belongs to
   * @param message the message; byte arrays in it are shared with the result, not copied
   */
  public static Envelope encode(String groupId, Message message) {
    Envelope.Builder envelope = Envelope.newBuilder().setGroupId(groupId);
    if (message instanceof PeerRpc call) {
      CallCodec.encode(envelope, call);
    } else {
      ConsensusCodec.encode(envelope, (RaftMessage) message);
    }
    return envelope.build();
  }

  /**
   * The message in an envelope.
   *
   * @param envelope as received; the result shares no bytes with it
   * @param entries the codec of the envelope's group, which verifies each entry's checksum
   * @throws ProtocolException if the message is of an unknown kind, a number is out of range, a
   *     name is none, or an entry is damaged or out of place
   */
  public static Message decode(Envelope envelope, EntryCodec entries) {
    return switch (envelope.getMessageCase()) {
      case PRE_VOTE_REQUEST,
          PRE_VOTE_REPLY,
          VOTE_REQUEST,
          VOTE_REPLY,
          TIMEOUT_NOW,
          HEARTBEAT,
          HEARTBEAT_REPLY,
          APPEND_ENTRIES,
          APPEND_ENTRIES_REPLY,
          INSTALL_SNAPSHOT,
          INSTALL_SNAPSHOT_REPLY ->
          ConsensusCodec.decode(envelope, entries);
      case FORWARD_REQUEST,
          FORWARD_REPLY,
          READ_INDEX_REQUEST,
          READ_INDEX_REPLY,
          STATUS_REQUEST,
          STATUS_REPLY,
          SNAPSHOT_REQUEST,
          SNAPSHOT_REPLY ->
          CallCodec.decode(envelope);
      case MESSAGE_NOT_SET -> throw new ProtocolException("envelope without a known message");
    };
  }

  /**
   * Parses a frame as received.
   *
   * @param bytes the frame; the result refers to it
   * @throws ProtocolException if the bytes are no frame
   */
  static Frame parseFrame(byte[] bytes) {
    try {
      // With aliasing the entries stay where they are until each is copied into its own array.
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      return Frame.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new ProtocolException("frame of %d bytes cannot be parsed".formatted(bytes.length), e);
    } catch (IOException e) {
      throw new ProtocolException("frame of %d bytes is cut short".formatted(bytes.length), e);
    }
  }

  /**
   * Parses an envelope as received.
   *
   * @param bytes the envelope; the result refers to it
   * @throws ProtocolException if the bytes are none
   */
  static Envelope parseEnvelope(byte[] bytes) {
    try {
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      return Envelope.parseFrom(in);
    } catch (IOException e) {
      throw new ProtocolException(
          "envelope of %d bytes cannot be parsed".formatted(bytes.length), e);
    }
  }

  /**
   * An upper bound of the bytes that {@code message} takes in a frame, cheap to compute: what
   * queues and limits count.
   */
  static long bytesMax(Message message) {
    if (message instanceof AppendEntries m) {
      long bytes = ENVELOPE_OVERHEAD_BYTES + 64;
      for (LogEntry entry : m.entries()) {
        bytes += entry.encodedBytes() + ENTRY_OVERHEAD_BYTES;
      }
      return bytes;
    }
    if (message instanceof ForwardRequest m) {
      return ENVELOPE_OVERHEAD_BYTES + m.command().length;
    }
    if (message instanceof ForwardReply m) {
      return ENVELOPE_OVERHEAD_BYTES
          + 64
          + m.reply().length
          + BYTES_PER_CHAR_MAX * (m.reason().length() + m.message().length());
    }
    if (message instanceof StatusReply m) {
      return ENVELOPE_OVERHEAD_BYTES + m.json().length;
    }
    if (message instanceof SnapshotRequest m) {
      return ENVELOPE_OVERHEAD_BYTES + BYTES_PER_CHAR_MAX * m.file().length();
    }
    if (message instanceof SnapshotReply m) {
      return ENVELOPE_OVERHEAD_BYTES + m.data().length;
    }
    return ENVELOPE_OVERHEAD_BYTES;
  }
}
