package io.vertxraft.peer;

import static io.vertxraft.peer.Checked.id;
import static io.vertxraft.peer.Checked.number;

import com.google.protobuf.UnsafeByteOperations;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.PeerRpc;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;

/** The wire form of questions and answers between members. See {@link MessageCodec}. */
final class CallCodec {
  /** The largest piece of a snapshot that may be asked for or sent. */
  static final int PIECE_BYTES_MAX = 4 * 1024 * 1024;

  private CallCodec() {}

  static void encode(Envelope.Builder envelope, PeerRpc call) {
    if (call instanceof ForwardRequest m) {
      envelope
          .getForwardRequestBuilder()
          .setRequestId(m.requestId())
          .setTerm(m.term())
          .setType(m.type() == EntryType.COMMAND ? 0 : m.type().code())
          .setCommand(UnsafeByteOperations.unsafeWrap(m.command()));
    } else if (call instanceof ForwardReply m) {
      envelope.setForwardReply(encodeForwardReply(m));
    } else if (call instanceof ReadIndexRequest m) {
      envelope.getReadIndexRequestBuilder().setRequestId(m.requestId()).setLease(m.lease());
    } else if (call instanceof ReadIndexReply m) {
      encodeReadIndexReply(envelope, m);
    } else if (call instanceof StatusRequest m) {
      envelope.getStatusRequestBuilder().setRequestId(m.requestId());
    } else if (call instanceof StatusReply m) {
      envelope
          .getStatusReplyBuilder()
          .setRequestId(m.requestId())
          .setJson(UnsafeByteOperations.unsafeWrap(m.json()));
    } else if (call instanceof SnapshotRequest m) {
      envelope
          .getSnapshotRequestBuilder()
          .setRequestId(m.requestId())
          .setLastIndex(m.lastIndex())
          .setFile(m.file())
          .setOffset(m.offset())
          .setBytesMax(m.bytesMax())
          .setDeflate(m.deflate());
    } else if (call instanceof SnapshotReply m) {
      envelope.setSnapshotReply(encodeSnapshotReply(m));
    } else {
      throw new IllegalArgumentException("no wire form for " + call.getClass().getName());
    }
  }

  private static void encodeReadIndexReply(Envelope.Builder envelope, ReadIndexReply m) {
    var reply =
        envelope
            .getReadIndexReplyBuilder()
            .setRequestId(m.requestId())
            .setGranted(m.granted())
            .setIndex(m.index());
    if (m.leaderId() != null) {
      reply.setLeaderId(m.leaderId());
    }
  }

  private static io.vertxraft.grpc.proto.ForwardReply encodeForwardReply(ForwardReply m) {
    var reply =
        io.vertxraft.grpc.proto.ForwardReply.newBuilder()
            .setRequestId(m.requestId())
            .setOutcome(
                switch (m.outcome()) {
                  case APPLIED -> io.vertxraft.grpc.proto.ForwardReply.Outcome.APPLIED;
                  case REJECTED -> io.vertxraft.grpc.proto.ForwardReply.Outcome.REJECTED;
                  case UNKNOWN -> io.vertxraft.grpc.proto.ForwardReply.Outcome.UNKNOWN;
                  case FATAL -> io.vertxraft.grpc.proto.ForwardReply.Outcome.FATAL;
                })
            .setReason(m.reason())
            .setDetail(m.message())
            .setTerm(m.term())
            .setIndex(m.index())
            .setReply(UnsafeByteOperations.unsafeWrap(m.reply()));
    if (m.leaderId() != null) {
      reply.setLeaderId(m.leaderId());
    }
    return reply.build();
  }

  private static io.vertxraft.grpc.proto.SnapshotReply encodeSnapshotReply(SnapshotReply m) {
    return io.vertxraft.grpc.proto.SnapshotReply.newBuilder()
        .setRequestId(m.requestId())
        .setOutcome(
            switch (m.outcome()) {
              case OK -> io.vertxraft.grpc.proto.SnapshotReply.Outcome.OK;
              case NOT_FOUND -> io.vertxraft.grpc.proto.SnapshotReply.Outcome.NOT_FOUND;
              case FAILED -> io.vertxraft.grpc.proto.SnapshotReply.Outcome.FAILED;
            })
        .setData(UnsafeByteOperations.unsafeWrap(m.data()))
        .setDeflated(m.deflated())
        .setLength(m.length())
        .build();
  }

  /**
   * The question or answer in an envelope.
   *
   * @throws ProtocolException as {@link MessageCodec#decode}
   */
  static PeerRpc decode(Envelope envelope) {
    return switch (envelope.getMessageCase()) {
      case FORWARD_REQUEST -> {
        var m = envelope.getForwardRequest();
        yield new ForwardRequest(
            m.getRequestId(),
            number("term", m.getTerm()),
            type(m.getType()),
            m.getCommand().toByteArray());
      }
      case FORWARD_REPLY -> decodeForwardReply(envelope.getForwardReply());
      case READ_INDEX_REQUEST -> {
        var m = envelope.getReadIndexRequest();
        yield new ReadIndexRequest(m.getRequestId(), m.getLease());
      }
      case READ_INDEX_REPLY -> {
        var m = envelope.getReadIndexReply();
        yield new ReadIndexReply(
            m.getRequestId(),
            m.getGranted(),
            number("index", m.getIndex()),
            m.hasLeaderId() ? id("leader_id", m.getLeaderId()) : null);
      }
      case STATUS_REQUEST -> new StatusRequest(envelope.getStatusRequest().getRequestId());
      case STATUS_REPLY -> {
        var m = envelope.getStatusReply();
        yield new StatusReply(m.getRequestId(), m.getJson().toByteArray());
      }
      case SNAPSHOT_REQUEST -> decodeSnapshotRequest(envelope.getSnapshotRequest());
      case SNAPSHOT_REPLY -> decodeSnapshotReply(envelope.getSnapshotReply());
      default -> throw new IllegalArgumentException(envelope.getMessageCase() + " is no call");
    };
  }

  private static ForwardReply decodeForwardReply(io.vertxraft.grpc.proto.ForwardReply m) {
    ForwardReply.Outcome outcome =
        switch (m.getOutcome()) {
          case APPLIED -> ForwardReply.Outcome.APPLIED;
          case REJECTED -> ForwardReply.Outcome.REJECTED;
          case UNKNOWN -> ForwardReply.Outcome.UNKNOWN;
          case FATAL -> ForwardReply.Outcome.FATAL;
          case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
              throw new ProtocolException("forward reply outcome " + m.getOutcomeValue());
        };
    return new ForwardReply(
        m.getRequestId(),
        outcome,
        m.getReason(),
        m.getDetail(),
        m.hasLeaderId() ? id("leader_id", m.getLeaderId()) : null,
        number("term", m.getTerm()),
        number("index", m.getIndex()),
        m.getReply().toByteArray());
  }

  /** What may be passed on; 0 stands for a plain command. */
  private static EntryType type(int code) {
    if (code == 0) {
      return EntryType.COMMAND;
    }
    if (code == EntryType.ENVELOPE.code()) {
      return EntryType.ENVELOPE;
    }
    throw new ProtocolException("an entry of type " + code + " is not passed on");
  }

  private static SnapshotRequest decodeSnapshotRequest(io.vertxraft.grpc.proto.SnapshotRequest m) {
    return new SnapshotRequest(
        m.getRequestId(),
        number("last_index", m.getLastIndex()),
        Checked.snapshotFile(m.getFile()),
        number("offset", m.getOffset()),
        Checked.within("bytes_max", m.getBytesMax(), 1, PIECE_BYTES_MAX),
        m.getDeflate());
  }

  private static SnapshotReply decodeSnapshotReply(io.vertxraft.grpc.proto.SnapshotReply m) {
    SnapshotReply.Outcome outcome =
        switch (m.getOutcome()) {
          case OK -> SnapshotReply.Outcome.OK;
          case NOT_FOUND -> SnapshotReply.Outcome.NOT_FOUND;
          case FAILED -> SnapshotReply.Outcome.FAILED;
          case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
              throw new ProtocolException("snapshot reply outcome " + m.getOutcomeValue());
        };
    // What expands on arrival is bounded by what it says it expands to.
    int length = Checked.within("length", m.getLength(), 0, PIECE_BYTES_MAX);
    Checked.within("data", m.getData().size(), 0, PIECE_BYTES_MAX);
    return new SnapshotReply(
        m.getRequestId(), outcome, m.getData().toByteArray(), m.getDeflated(), length);
  }
}
