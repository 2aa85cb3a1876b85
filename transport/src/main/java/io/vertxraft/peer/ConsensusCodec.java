package io.vertxraft.peer;

import static io.vertxraft.peer.Checked.number;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;

/** The wire form of the consensus protocol's own messages. See {@link MessageCodec}. */
final class ConsensusCodec {
  private ConsensusCodec() {}

  static void encode(Envelope.Builder envelope, RaftMessage message) {
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
    } else if (message instanceof InstallSnapshot m) {
      envelope
          .getInstallSnapshotBuilder()
          .setTerm(m.term())
          .setLastIndex(m.lastIndex())
          .setLastTerm(m.lastTerm())
          .setMinIndex(m.minIndex());
    } else if (message instanceof InstallSnapshotReply m) {
      envelope
          .getInstallSnapshotReplyBuilder()
          .setTerm(m.term())
          .setInstalled(m.installed())
          .setLastIndex(m.lastIndex())
          .setBytesDone(m.bytesDone())
          .setBytesTotal(m.bytesTotal());
    } else {
      encodeElection(envelope, message);
    }
  }

  private static void encodeElection(Envelope.Builder envelope, RaftMessage message) {
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
    } else {
      throw new IllegalArgumentException("no wire form for " + message.getClass().getName());
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

  /**
   * The consensus message in an envelope.
   *
   * @throws ProtocolException as {@link MessageCodec#decode}
   */
  static Message decode(Envelope envelope, EntryCodec entries) {
    return switch (envelope.getMessageCase()) {
      case APPEND_ENTRIES -> decodeAppend(envelope.getAppendEntries(), entries);
      case APPEND_ENTRIES_REPLY -> decodeAppendReply(envelope.getAppendEntriesReply());
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
      case INSTALL_SNAPSHOT -> {
        var m = envelope.getInstallSnapshot();
        yield new InstallSnapshot(
            number("term", m.getTerm()),
            number("last_index", m.getLastIndex()),
            number("last_term", m.getLastTerm()),
            number("min_index", m.getMinIndex()));
      }
      case INSTALL_SNAPSHOT_REPLY -> {
        var m = envelope.getInstallSnapshotReply();
        yield new InstallSnapshotReply(
            number("term", m.getTerm()),
            m.getInstalled(),
            number("last_index", m.getLastIndex()),
            number("bytes_done", m.getBytesDone()),
            number("bytes_total", m.getBytesTotal()));
      }
      default -> decodeElection(envelope);
    };
  }

  private static Message decodeElection(Envelope envelope) {
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
      case TIMEOUT_NOW -> new TimeoutNow(number("term", envelope.getTimeoutNow().getTerm()));
      default ->
          throw new IllegalArgumentException(
              envelope.getMessageCase() + " is not of the consensus protocol");
    };
  }

  private static AppendEntries decodeAppend(
      io.vertxraft.grpc.proto.AppendEntries m, EntryCodec codec) {
    AppendAssembly append =
        new AppendAssembly(
            number("term", m.getTerm()),
            number("prev_log_index", m.getPrevLogIndex()),
            number("prev_log_term", m.getPrevLogTerm()),
            number("leader_commit", m.getLeaderCommit()),
            m.getEntriesCount(),
            codec);
    for (ByteString bytes : m.getEntriesList()) {
      append.add(bytes.toByteArray());
    }
    return append.build();
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
}
