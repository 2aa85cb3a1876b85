package io.vertxraft.socket;

import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.peer.MessageCodec;
import io.vertxraft.peer.Outgoing;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes messages as frames, straight into a buffer. See the package for their format. */
final class FrameWriter {
  private FrameWriter() {}

  /** Writes a message. */
  static void write(ByteBuf out, Outgoing item) {
    int start = out.writerIndex();
    out.writeInt(0);
    Message message = item.message();
    if (message instanceof AppendEntries m) {
      append(out, item.groupId(), m);
    } else if (message instanceof AppendEntriesReply m) {
      head(out, FrameType.APPEND_ENTRIES_REPLY, item.groupId());
      out.writeLong(m.term())
          .writeBoolean(m.accepted())
          .writeLong(m.matchIndex())
          .writeLong(m.conflictTerm())
          .writeLong(m.conflictIndex());
    } else if (message instanceof Heartbeat m) {
      head(out, FrameType.HEARTBEAT, item.groupId());
      out.writeLong(m.term())
          .writeLong(m.commitIndex())
          .writeLong(m.commitTerm())
          .writeLong(m.sentAtNanos())
          .writeLong(m.healIndex());
    } else if (message instanceof HeartbeatReply m) {
      head(out, FrameType.HEARTBEAT_REPLY, item.groupId());
      out.writeLong(m.term())
          .writeLong(m.sentAtNanos())
          .writeLong(m.clockNanos())
          .writeLong(m.damagedTerm());
    } else {
      envelope(out, MessageCodec.encode(item.groupId(), message));
    }
    out.setInt(start, out.writerIndex() - start - Integer.BYTES);
  }

  /** Writes a frame without content. */
  static void writeEmpty(ByteBuf out, byte type) {
    out.writeInt(1).writeByte(type);
  }

  private static void append(ByteBuf out, String groupId, AppendEntries m) {
    head(out, FrameType.APPEND_ENTRIES, groupId);
    out.writeLong(m.term())
        .writeLong(m.prevLogIndex())
        .writeLong(m.prevLogTerm())
        .writeLong(m.leaderCommit())
        .writeInt(m.entries().size());
    for (LogEntry entry : m.entries()) {
      byte[] encoded = entry.encoded();
      out.writeInt(encoded.length).writeBytes(encoded);
    }
  }

  private static void head(ByteBuf out, byte type, String groupId) {
    int length = groupId.length();
    out.writeByte(type).writeByte(length);
    // Ids are ASCII.
    for (int i = 0; i < length; i++) {
      out.writeByte(groupId.charAt(i));
    }
  }

  private static void envelope(ByteBuf out, Envelope envelope) {
    out.writeByte(FrameType.ENVELOPE);
    int bytes = envelope.getSerializedSize();
    out.ensureWritable(bytes);
    CodedOutputStream to = CodedOutputStream.newInstance(out.nioBuffer(out.writerIndex(), bytes));
    try {
      envelope.writeTo(to);
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.writerIndex(out.writerIndex() + bytes);
  }
}
