package io.vertxraft.examples.benchmark.peer;

import static io.vertxraft.examples.benchmark.peer.MicroRaftCodec.MODEL;

import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.InstallSnapshotResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.TriggerLeaderElectionRequest;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What MicroRaft sends, as bytes: a kind, the sender, the term, and what the kind has. */
final class MicroRaftMessages {
  private static final byte APPEND = 1;
  private static final byte APPENDED = 2;
  private static final byte NOT_APPENDED = 3;
  private static final byte PRE_VOTE = 4;
  private static final byte PRE_VOTED = 5;
  private static final byte VOTE = 6;
  private static final byte VOTED = 7;
  private static final byte TRIGGER = 8;
  private static final byte SNAPSHOT = 9;
  private static final byte SNAPSHOT_TAKEN = 10;

  private MicroRaftMessages() {}

  static void write(DataOutputStream out, RaftMessage message) throws IOException {
    if (message instanceof AppendEntriesRequest request) {
      start(out, APPEND, message);
      append(out, request);
    } else if (message instanceof AppendEntriesSuccessResponse response) {
      start(out, APPENDED, message);
      out.writeLong(response.getLastLogIndex());
      numbers(out, response.getQuerySequenceNumber(), response.getFlowControlSequenceNumber());
    } else if (message instanceof AppendEntriesFailureResponse response) {
      start(out, NOT_APPENDED, message);
      out.writeLong(response.getExpectedNextIndex());
      numbers(out, response.getQuerySequenceNumber(), response.getFlowControlSequenceNumber());
    } else if (message instanceof PreVoteRequest request) {
      start(out, PRE_VOTE, message);
      last(out, request.getLastLogTerm(), request.getLastLogIndex());
    } else if (message instanceof PreVoteResponse response) {
      start(out, PRE_VOTED, message);
      out.writeBoolean(response.isGranted());
    } else if (message instanceof VoteRequest request) {
      start(out, VOTE, message);
      last(out, request.getLastLogTerm(), request.getLastLogIndex());
      out.writeBoolean(request.isSticky());
    } else if (message instanceof VoteResponse response) {
      start(out, VOTED, message);
      out.writeBoolean(response.isGranted());
    } else if (message instanceof TriggerLeaderElectionRequest request) {
      start(out, TRIGGER, message);
      last(out, request.getLastLogTerm(), request.getLastLogIndex());
    } else if (message instanceof InstallSnapshotRequest request) {
      start(out, SNAPSHOT, message);
      snapshot(out, request);
    } else if (message instanceof InstallSnapshotResponse response) {
      start(out, SNAPSHOT_TAKEN, message);
      out.writeLong(response.getSnapshotIndex());
      out.writeInt(response.getRequestedSnapshotChunkIndex());
      numbers(out, response.getQuerySequenceNumber(), response.getFlowControlSequenceNumber());
    } else {
      throw new IllegalArgumentException("a message of an unknown kind: " + message);
    }
  }

  private static void start(DataOutputStream out, byte kind, RaftMessage message)
      throws IOException {
    out.writeByte(kind);
    MicroRaftCodec.endpoint(out, message.getSender());
    out.writeInt(message.getTerm());
  }

  private static void last(DataOutputStream out, int term, long index) throws IOException {
    out.writeInt(term);
    out.writeLong(index);
  }

  private static void numbers(DataOutputStream out, long query, long flow) throws IOException {
    out.writeLong(query);
    out.writeLong(flow);
  }

  private static void append(DataOutputStream out, AppendEntriesRequest request)
      throws IOException {
    last(out, request.getPreviousLogTerm(), request.getPreviousLogIndex());
    out.writeLong(request.getCommitIndex());
    numbers(out, request.getQuerySequenceNumber(), request.getFlowControlSequenceNumber());
    out.writeInt(request.getLogEntries().size());
    for (LogEntry entry : request.getLogEntries()) {
      MicroRaftCodec.entry(out, entry);
    }
  }

  private static void snapshot(DataOutputStream out, InstallSnapshotRequest request)
      throws IOException {
    out.writeBoolean(request.isSenderLeader());
    last(out, request.getSnapshotTerm(), request.getSnapshotIndex());
    out.writeInt(request.getTotalSnapshotChunkCount());
    out.writeBoolean(request.getSnapshotChunk() != null);
    if (request.getSnapshotChunk() != null) {
      MicroRaftCodec.chunk(out, request.getSnapshotChunk());
    }
    MicroRaftCodec.endpoints(out, request.getSnapshottedMembers());
    MicroRaftCodec.members(out, request.getGroupMembersView());
    numbers(out, request.getQuerySequenceNumber(), request.getFlowControlSequenceNumber());
  }

  /** Reads a message of the group. */
  static RaftMessage read(DataInputStream in, Object group) throws IOException {
    byte kind = in.readByte();
    Origin origin = new Origin(group, MicroRaftCodec.endpoint(in), in.readInt());
    return switch (kind) {
      case APPEND -> append(in, origin);
      case APPENDED, NOT_APPENDED -> appended(in, origin, kind == APPENDED);
      case PRE_VOTE, PRE_VOTED -> preVote(in, origin, kind == PRE_VOTE);
      case VOTE, VOTED -> vote(in, origin, kind == VOTE);
      case TRIGGER ->
          MODEL
              .createTriggerLeaderElectionRequestBuilder()
              .setGroupId(group)
              .setSender(origin.sender())
              .setTerm(origin.term())
              .setLastLogTerm(in.readInt())
              .setLastLogIndex(in.readLong())
              .build();
      case SNAPSHOT -> snapshot(in, origin);
      case SNAPSHOT_TAKEN ->
          MODEL
              .createInstallSnapshotResponseBuilder()
              .setGroupId(group)
              .setSender(origin.sender())
              .setTerm(origin.term())
              .setSnapshotIndex(in.readLong())
              .setRequestedSnapshotChunkIndex(in.readInt())
              .setQuerySequenceNumber(in.readLong())
              .setFlowControlSequenceNumber(in.readLong())
              .build();
      default -> throw new IOException("a message of unknown kind " + kind);
    };
  }

  /** What every message has. */
  private record Origin(Object group, RaftEndpoint sender, int term) {}

  private static RaftMessage append(DataInputStream in, Origin origin) throws IOException {
    var request =
        MODEL
            .createAppendEntriesRequestBuilder()
            .setGroupId(origin.group())
            .setSender(origin.sender())
            .setTerm(origin.term())
            .setPreviousLogTerm(in.readInt())
            .setPreviousLogIndex(in.readLong())
            .setCommitIndex(in.readLong())
            .setQuerySequenceNumber(in.readLong())
            .setFlowControlSequenceNumber(in.readLong());
    int count = in.readInt();
    List<LogEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(MicroRaftCodec.entry(in));
    }
    return request.setLogEntries(entries).build();
  }

  private static RaftMessage appended(DataInputStream in, Origin origin, boolean success)
      throws IOException {
    if (success) {
      return MODEL
          .createAppendEntriesSuccessResponseBuilder()
          .setGroupId(origin.group())
          .setSender(origin.sender())
          .setTerm(origin.term())
          .setLastLogIndex(in.readLong())
          .setQuerySequenceNumber(in.readLong())
          .setFlowControlSequenceNumber(in.readLong())
          .build();
    }
    return MODEL
        .createAppendEntriesFailureResponseBuilder()
        .setGroupId(origin.group())
        .setSender(origin.sender())
        .setTerm(origin.term())
        .setExpectedNextIndex(in.readLong())
        .setQuerySequenceNumber(in.readLong())
        .setFlowControlSequenceNumber(in.readLong())
        .build();
  }

  private static RaftMessage preVote(DataInputStream in, Origin origin, boolean asks)
      throws IOException {
    if (asks) {
      return MODEL
          .createPreVoteRequestBuilder()
          .setGroupId(origin.group())
          .setSender(origin.sender())
          .setTerm(origin.term())
          .setLastLogTerm(in.readInt())
          .setLastLogIndex(in.readLong())
          .build();
    }
    return MODEL
        .createPreVoteResponseBuilder()
        .setGroupId(origin.group())
        .setSender(origin.sender())
        .setTerm(origin.term())
        .setGranted(in.readBoolean())
        .build();
  }

  private static RaftMessage vote(DataInputStream in, Origin origin, boolean asks)
      throws IOException {
    if (asks) {
      return MODEL
          .createVoteRequestBuilder()
          .setGroupId(origin.group())
          .setSender(origin.sender())
          .setTerm(origin.term())
          .setLastLogTerm(in.readInt())
          .setLastLogIndex(in.readLong())
          .setSticky(in.readBoolean())
          .build();
    }
    return MODEL
        .createVoteResponseBuilder()
        .setGroupId(origin.group())
        .setSender(origin.sender())
        .setTerm(origin.term())
        .setGranted(in.readBoolean())
        .build();
  }

  private static RaftMessage snapshot(DataInputStream in, Origin origin) throws IOException {
    return MODEL
        .createInstallSnapshotRequestBuilder()
        .setGroupId(origin.group())
        .setSender(origin.sender())
        .setTerm(origin.term())
        .setSenderLeader(in.readBoolean())
        .setSnapshotTerm(in.readInt())
        .setSnapshotIndex(in.readLong())
        .setTotalSnapshotChunkCount(in.readInt())
        .setSnapshotChunk(in.readBoolean() ? MicroRaftCodec.chunk(in) : null)
        .setSnapshottedMembers(MicroRaftCodec.endpoints(in))
        .setGroupMembersView(MicroRaftCodec.members(in))
        .setQuerySequenceNumber(in.readLong())
        .setFlowControlSequenceNumber(in.readLong())
        .build();
  }
}
