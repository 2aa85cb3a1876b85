package io.vertxraft.socket;

import static io.vertxraft.peer.Checked.number;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertxraft.peer.AppendAssembly;
import io.vertxraft.peer.FrameReader;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import java.nio.charset.StandardCharsets;

/** Reads the messages in frames. See the package for their format. Confined to one connection. */
final class FrameParser {
  private final FrameReader reader;
  private byte[] lastGroup = {};
  private String lastGroupId = "";

  /**
   * Creates a parser.
   *
   * @param reader takes the messages
   */
  FrameParser(FrameReader reader) {
    this.reader = reader;
  }

  /**
   * Reads a frame that holds a message. What is not well formed is dropped.
   *
   * @param in where the frame begins
   * @param length of the frame, all of which is there
   */
  void read(ByteBuf in, int length) {
    reader.countFrame();
    try {
      byte type = in.readByte();
      ByteBuf content = in.slice(in.readerIndex(), length - 1);
      switch (type) {
        case FrameType.ENVELOPE -> reader.readEnvelope(ByteBufUtil.getBytes(content));
        case FrameType.APPEND_ENTRIES ->
            reader.read(group(content), entries -> append(content, entries));
        case FrameType.APPEND_ENTRIES_REPLY ->
            reader.read(group(content), unused -> appendReply(content));
        case FrameType.HEARTBEAT -> reader.read(group(content), unused -> heartbeat(content));
        case FrameType.HEARTBEAT_REPLY ->
            reader.read(group(content), unused -> heartbeatReply(content));
        default -> throw new ProtocolException("frame of the unknown type %d".formatted(type));
      }
    } catch (ProtocolException e) {
      reader.malformed(e);
    } catch (IndexOutOfBoundsException e) {
      reader.malformed(
          new ProtocolException("frame of %d bytes is cut short".formatted(length), e));
    }
  }

  /** The group's id; nearly always the same as that of the frame before. */
  private String group(ByteBuf in) {
    int length = in.readUnsignedByte();
    if (!isLast(in, length)) {
      lastGroup = ByteBufUtil.getBytes(in, in.readerIndex(), length);
      lastGroupId = new String(lastGroup, StandardCharsets.US_ASCII);
    }
    in.skipBytes(length);
    return lastGroupId;
  }

  private boolean isLast(ByteBuf in, int length) {
    if (length != lastGroup.length) {
      return false;
    }
    int start = in.readerIndex();
    for (int i = 0; i < length; i++) {
      if (in.getByte(start + i) != lastGroup[i]) {
        return false;
      }
    }
    return true;
  }

  private static AppendEntries append(ByteBuf in, EntryCodec codec) {
    long term = number("term", in.readLong());
    long prevLogIndex = number("prev_log_index", in.readLong());
    long prevLogTerm = number("prev_log_term", in.readLong());
    long leaderCommit = number("leader_commit", in.readLong());
    int count = in.readInt();
    if (count < 0 || count > in.readableBytes() / Integer.BYTES) {
      throw new ProtocolException(
          "%s entries do not fit into a frame with %d bytes left"
              .formatted(Integer.toUnsignedString(count), in.readableBytes()));
    }
    AppendAssembly append =
        new AppendAssembly(term, prevLogIndex, prevLogTerm, leaderCommit, count, codec);
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      if (length < 0 || length > in.readableBytes()) {
        throw new ProtocolException(
            "entry of %s bytes in a frame with %d left"
                .formatted(Integer.toUnsignedString(length), in.readableBytes()));
      }
      byte[] entry = new byte[length];
      in.readBytes(entry);
      append.add(entry);
    }
    return append.build();
  }

  private static AppendEntriesReply appendReply(ByteBuf in) {
    return new AppendEntriesReply(
        number("term", in.readLong()),
        in.readBoolean(),
        number("match_index", in.readLong()),
        number("conflict_term", in.readLong()),
        number("conflict_index", in.readLong()));
  }

  private static Heartbeat heartbeat(ByteBuf in) {
    return new Heartbeat(
        number("term", in.readLong()),
        number("commit_index", in.readLong()),
        number("commit_term", in.readLong()),
        in.readLong(),
        number("heal_index", in.readLong()));
  }

  private static HeartbeatReply heartbeatReply(ByteBuf in) {
    return new HeartbeatReply(
        number("term", in.readLong()),
        in.readLong(),
        in.readLong(),
        number("damaged_term", in.readLong()));
  }
}
