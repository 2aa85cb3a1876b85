package io.vertxraft.testkit.sim;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.peer.MessageCodec;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.Message;
import io.vertxraft.testkit.ChainHash;
import java.io.IOException;

/**
 * Turns messages into the bytes that the gRPC transport sends, and back. A message that is sent to
 * several members in one turn is encoded once.
 */
final class Wire {
  private Message lastMessage;
  private String lastGroup;
  private long lastTurn = -1;
  private byte[] lastBytes;

  /**
   * The bytes of a message, not to be modified.
   *
   * @param turn number of the event in which it is sent: bytes are reused within it only, so that a
   *     later change to a message's arrays shows
   */
  byte[] encode(String groupId, Message message, long turn) {
    if (message != lastMessage || turn != lastTurn || !groupId.equals(lastGroup)) {
      lastBytes = MessageCodec.encode(groupId, message).toByteArray();
      lastMessage = message;
      lastGroup = groupId;
      lastTurn = turn;
    }
    return lastBytes;
  }

  /** Hash of encoded bytes, the same on every JVM. */
  static long hash(byte[] bytes) {
    return ChainHash.bytes(bytes);
  }

  /**
   * The message in {@code bytes}, which shares nothing with them.
   *
   * @throws ProtocolException if it is not one, or carries a damaged entry
   */
  static Message decode(byte[] bytes, EntryCodec codec) {
    try {
      // Aliasing saves a copy: the codec copies whatever becomes part of the message.
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      return MessageCodec.decode(Envelope.parseFrom(in), codec);
    } catch (IOException e) {
      throw new ProtocolException("%d bytes are not an envelope".formatted(bytes.length), e);
    }
  }
}
