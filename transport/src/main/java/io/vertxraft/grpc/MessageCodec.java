package io.vertxraft.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.spi.GroupIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The wire form of the protocol's messages, see {@code vertxraft.proto}. Stateless.
 *
 * <p>Entries are passed on as the bytes they already are; encoding copies none of them.
 */
public final class MessageCodec {
  /** Upper bound of everything in an envelope but ids, texts, commands, replies and entries. */
  private static final int ENVELOPE_OVERHEAD_BYTES = 128;

  /** Upper bound of the tag and length before each entry. */
  private static final int ENTRY_OVERHEAD_BYTES = 8;

  private MessageCodec() {}

  /**
   * The wire form of a message.
   *
   * @param groupId the group it belongs to
   * @param message the message; byte arrays in it are shared with the result, not copied
   */
  public static Envelope encode(String groupId, Message message) {
    Envelope.Builder envelope = Envelope.newBuilder().setGroupId(groupId);
    if (message instanceof AppendEntries m) {
      envelope.setAppendEntries(encodeAppend(m));
    } else if (message instanceof AppendEntriesReply m) {
      envelope
          .getAppendEntriesReplyBuilder()
          .setTerm(m.term())
          .setAccepted(m.accepted())
          .setMatchIndex(m.matchIndex())
          .setConflictTerm(m.conflictTerm())
          .setConflictIndex(m.conflictIndex());
    } else if (message instanceof Heartbeat m) {
      envelope
          .getHeartbeatBuilder()
          .setTerm(m.term())
          .setCommitIndex(m.commitIndex())
          .setCommitTerm(m.commitTerm())
          .setSentAtNanos(m.sentAtNanos())
          .setHealIndex(m.healIndex());
    } else if (message instanceof HeartbeatReply m) {
      envelope
          .getHeartbeatReplyBuilder()
          .setTerm(m.term())
          .setSentAtNanos(m.sentAtNanos())
          .setClockNanos(m.clockNanos())
          .setDamagedTerm(m.damagedTerm());
    } else if (message instanceof ForwardRequest m) {
      envelope
          .getForwardRequestBuilder()
          .setRequestId(m.requestId())
          .setTerm(m.term())
          .setCommand(UnsafeByteOperations.unsafeWrap(m.command()));
    } else if (message instanceof ForwardReply m) {
      envelope.setForwardReply(encodeForwardReply(m));
    } else {
      encodeSmall(envelope, message);
    }
    return envelope.build();
  }

  private static void encodeSmall(Envelope.Builder envelope, Message message) {
    if (message instanceof PreVoteRequest m) {
      envelope
          .getPreVoteRequestBuilder()
          .setTerm(m.term())
          .setLastLogIndex(m.lastLogIndex())
          .setLastLogTerm(m.lastLogTerm());
    } else if (message instanceof PreVoteReply m) {
      envelope
          .getPreVoteReplyBuilder()
          .setTerm(m.term())
          .setCampaignTerm(m.campaignTerm())
          .setGranted(m.granted());
    } else if (message instanceof VoteRequest m) {
      envelope
          .getVoteRequestBuilder()
          .setTerm(m.term())
          .setLastLogIndex(m.lastLogIndex())
          .setLastLogTerm(m.lastLogTerm())
          .setTransfer(m.transfer());
    } else if (message instanceof VoteReply m) {
      envelope.getVoteReplyBuilder().setTerm(m.term()).setGranted(m.granted());
    } else if (message instanceof TimeoutNow m) {
      envelope.getTimeoutNowBuilder().setTerm(m.term());
    } else if (message instanceof ReadIndexRequest m) {
      envelope.getReadIndexRequestBuilder().setRequestId(m.requestId()).setLease(m.lease());
    } else if (message instanceof ReadIndexReply m) {
      encodeReadIndexReply(envelope, m);
    } else if (message instanceof StatusRequest m) {
      envelope.getStatusRequestBuilder().setRequestId(m.requestId());
    } else if (message instanceof StatusReply m) {
      envelope
          .getStatusReplyBuilder()
          .setRequestId(m.requestId())
          .setJson(UnsafeByteOperations.unsafeWrap(m.json()));
    } else {
      throw new IllegalArgumentException("no wire form for " + message.getClass().getName());
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

  private static io.vertxraft.grpc.proto.AppendEntries encodeAppend(AppendEntries m) {
    var append =
        io.vertxraft.grpc.proto.AppendEntries.newBuilder()
            .setTerm(m.term())
            .setPrevLogIndex(m.prevLogIndex())
            .setPrevLogTerm(m.prevLogTerm())
            .setLeaderCommit(m.leaderCommit());
    for (LogEntry entry : m.entries()) {
      append.addEntries(UnsafeByteOperations.unsafeWrap(entry.encoded()));
    }
    return append.build();
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
            .setReply(UnsafeByteOperations.unsafeWrap(m.reply()));
    if (m.leaderId() != null) {
      reply.setLeaderId(m.leaderId());
    }
    return reply.build();
  }

  /**
   * The message in an envelope.
   *
   * @param envelope as received; the result shares no bytes with it
   * @param entries the codec of the envelope's group, which verifies each entry's checksum
   * @throws ProtocolException if the message is of an unknown kind, a number is out of range, or an
   *     entry is damaged or out of place
   */
  public static Message decode(Envelope envelope, EntryCodec entries) {
    return switch (envelope.getMessageCase()) {
      case PRE_VOTE_REQUEST -> {
        var m = envelope.getPreVoteRequest();
        yield new PreVoteRequest(
            number("term", m.getTerm()),
            number("last_log_index", m.getLastLogIndex()),
            number("last_log_term", m.getLastLogTerm()));
      }
      case PRE_VOTE_REPLY -> {
        var m = envelope.getPreVoteReply();
        yield new PreVoteReply(
            number("term", m.getTerm()),
            number("campaign_term", m.getCampaignTerm()),
            m.getGranted());
      }
      case VOTE_REQUEST -> {
        var m = envelope.getVoteRequest();
        yield new VoteRequest(
            number("term", m.getTerm()),
            number("last_log_index", m.getLastLogIndex()),
            number("last_log_term", m.getLastLogTerm()),
            m.getTransfer());
      }
      case VOTE_REPLY -> {
        var m = envelope.getVoteReply();
        yield new VoteReply(number("term", m.getTerm()), m.getGranted());
      }
      case HEARTBEAT -> {
        var m = envelope.getHeartbeat();
        yield new Heartbeat(
            number("term", m.getTerm()),
            number("commit_index", m.getCommitIndex()),
            number("commit_term", m.getCommitTerm()),
            m.getSentAtNanos(),
            number("heal_index", m.getHealIndex()));
      }
      case HEARTBEAT_REPLY -> {
        var m = envelope.getHeartbeatReply();
        yield new HeartbeatReply(
            number("term", m.getTerm()),
            m.getSentAtNanos(),
            m.getClockNanos(),
            number("damaged_term", m.getDamagedTerm()));
      }
      case APPEND_ENTRIES -> decodeAppend(envelope.getAppendEntries(), entries);
      case APPEND_ENTRIES_REPLY -> decodeAppendReply(envelope.getAppendEntriesReply());
      case TIMEOUT_NOW -> new TimeoutNow(number("term", envelope.getTimeoutNow().getTerm()));
      case FORWARD_REQUEST,
          FORWARD_REPLY,
          READ_INDEX_REQUEST,
          READ_INDEX_REPLY,
          STATUS_REQUEST,
          STATUS_REPLY ->
          decodeRpc(envelope);
      case MESSAGE_NOT_SET -> throw new ProtocolException("envelope without a known message");
    };
  }

  private static Message decodeRpc(Envelope envelope) {
    return switch (envelope.getMessageCase()) {
      case FORWARD_REQUEST -> {
        var m = envelope.getForwardRequest();
        yield new ForwardRequest(
            m.getRequestId(), number("term", m.getTerm()), m.getCommand().toByteArray());
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
            m.hasLeaderId() ? leaderId(m.getLeaderId()) : null);
      }
      case STATUS_REQUEST -> new StatusRequest(envelope.getStatusRequest().getRequestId());
      case STATUS_REPLY -> {
        var m = envelope.getStatusReply();
        yield new StatusReply(m.getRequestId(), m.getJson().toByteArray());
      }
      default -> throw new IllegalArgumentException(envelope.getMessageCase() + " is no call");
    };
  }

  private static AppendEntries decodeAppend(
      io.vertxraft.grpc.proto.AppendEntries m, EntryCodec codec) {
    long term = number("term", m.getTerm());
    long prevLogIndex = number("prev_log_index", m.getPrevLogIndex());
    long prevLogTerm = number("prev_log_term", m.getPrevLogTerm());
    long leaderCommit = number("leader_commit", m.getLeaderCommit());
    if (prevLogIndex > Long.MAX_VALUE - m.getEntriesCount()) {
      throw new ProtocolException("prev_log_index %d leaves no room".formatted(prevLogIndex));
    }
    List<LogEntry> entries = new ArrayList<>(m.getEntriesCount());
    long index = prevLogIndex;
    long lastTerm = prevLogTerm;
    for (ByteString bytes : m.getEntriesList()) {
      LogEntry entry = decodeEntry(bytes, codec);
      index++;
      if (entry.index() != index) {
        throw new ProtocolException(
            "entry has index %d where %d belongs".formatted(entry.index(), index));
      }
      // Terms never decrease along a log, and no leader holds an entry of a later term than its
      // own.
      if (entry.term() < lastTerm || entry.term() > term) {
        throw new ProtocolException(
            "entry %d has term %d, outside %d..%d".formatted(index, entry.term(), lastTerm, term));
      }
      lastTerm = entry.term();
      entries.add(entry);
    }
    return new AppendEntries(term, prevLogIndex, prevLogTerm, leaderCommit, entries);
  }

  private static LogEntry decodeEntry(ByteString bytes, EntryCodec codec) {
    try {
      return codec.decode(bytes.toByteArray());
    } catch (CorruptEntryException e) {
      throw new ProtocolException(e.getMessage(), e);
    }
  }

  private static AppendEntriesReply decodeAppendReply(
      io.vertxraft.grpc.proto.AppendEntriesReply m) {
    return new AppendEntriesReply(
        number("term", m.getTerm()),
        m.getAccepted(),
        number("match_index", m.getMatchIndex()),
        number("conflict_term", m.getConflictTerm()),
        number("conflict_index", m.getConflictIndex()));
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
        m.hasLeaderId() ? leaderId(m.getLeaderId()) : null,
        m.getReply().toByteArray());
  }

  private static String leaderId(String id) {
    try {
      return GroupIdentity.requireId("leader_id", id);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("leader_id is not an id", e);
    }
  }

  private static long number(String field, long value) {
    if (value < 0) {
      throw new ProtocolException(
          "%s %s is out of range".formatted(field, Long.toUnsignedString(value)));
    }
    return value;
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
      // A char takes at most three bytes in UTF-8.
      return ENVELOPE_OVERHEAD_BYTES
          + 64
          + m.reply().length
          + 3L * (m.reason().length() + m.message().length());
    }
    if (message instanceof StatusReply m) {
      return ENVELOPE_OVERHEAD_BYTES + m.json().length;
    }
    return ENVELOPE_OVERHEAD_BYTES;
  }
}
