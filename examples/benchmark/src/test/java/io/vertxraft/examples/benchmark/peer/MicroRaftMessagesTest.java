package io.vertxraft.examples.benchmark.peer;

import static io.vertxraft.examples.benchmark.peer.MicroRaftCodec.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.RaftMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that MicroRaft's members tell each other arrives as it was sent. */
class MicroRaftMessagesTest {
  private static final RaftEndpoint SELF = new MicroRaftEndpoint(1);
  private static final List<RaftEndpoint> ALL =
      List.of(new MicroRaftEndpoint(0), SELF, new MicroRaftEndpoint(2));

  private static final RaftGroupMembersView MEMBERS =
      MODEL
          .createRaftGroupMembersViewBuilder()
          .setLogIndex(5)
          .setMembers(ALL)
          .setVotingMembers(List.of(SELF))
          .build();

  private static LogEntry entry(long index, String command) {
    return MODEL
        .createLogEntryBuilder()
        .setIndex(index)
        .setTerm(4)
        .setOperation(command.getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private static final SnapshotChunk CHUNK =
      MODEL
          .createSnapshotChunkBuilder()
          .setIndex(50)
          .setTerm(2)
          .setOperation(new byte[] {7, 8})
          .setSnapshotChunkIndex(1)
          .setSnapshotChunkCount(3)
          .setGroupMembersView(MEMBERS)
          .build();

  static Stream<RaftMessage> messages() {
    return Stream.concat(replication(), elections());
  }

  private static Stream<RaftMessage> replication() {
    return Stream.of(
        MODEL
            .createAppendEntriesRequestBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setPreviousLogTerm(2)
            .setPreviousLogIndex(40)
            .setCommitIndex(39)
            .setLogEntries(List.of(entry(41, "a"), entry(42, "")))
            .setQuerySequenceNumber(11)
            .setFlowControlSequenceNumber(12)
            .build(),
        MODEL
            .createAppendEntriesSuccessResponseBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setLastLogIndex(42)
            .setQuerySequenceNumber(11)
            .setFlowControlSequenceNumber(12)
            .build(),
        MODEL
            .createAppendEntriesFailureResponseBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setExpectedNextIndex(30)
            .setQuerySequenceNumber(11)
            .setFlowControlSequenceNumber(12)
            .build(),
        snapshot(CHUNK),
        snapshot(null),
        MODEL
            .createInstallSnapshotResponseBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setSnapshotIndex(50)
            .setRequestedSnapshotChunkIndex(2)
            .setQuerySequenceNumber(11)
            .setFlowControlSequenceNumber(12)
            .build());
  }

  private static RaftMessage snapshot(SnapshotChunk chunk) {
    return MODEL
        .createInstallSnapshotRequestBuilder()
        .setGroupId("g")
        .setSender(SELF)
        .setTerm(3)
        .setSenderLeader(true)
        .setSnapshotTerm(2)
        .setSnapshotIndex(50)
        .setTotalSnapshotChunkCount(3)
        .setSnapshotChunk(chunk)
        .setSnapshottedMembers(ALL)
        .setGroupMembersView(MEMBERS)
        .setQuerySequenceNumber(11)
        .setFlowControlSequenceNumber(12)
        .build();
  }

  private static Stream<RaftMessage> elections() {
    return Stream.of(
        MODEL
            .createPreVoteRequestBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setLastLogTerm(2)
            .setLastLogIndex(42)
            .build(),
        MODEL
            .createPreVoteResponseBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setGranted(true)
            .build(),
        MODEL
            .createVoteRequestBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setLastLogTerm(2)
            .setLastLogIndex(42)
            .setSticky(true)
            .build(),
        MODEL
            .createVoteResponseBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setGranted(true)
            .build(),
        MODEL
            .createTriggerLeaderElectionRequestBuilder()
            .setGroupId("g")
            .setSender(SELF)
            .setTerm(3)
            .setLastLogTerm(2)
            .setLastLogIndex(42)
            .build());
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageArrivesAsItWasSent(RaftMessage sent) {
    byte[] bytes = MicroRaftCodec.bytes(MicroRaftMessages::write, sent);
    RaftMessage received =
        MicroRaftCodec.value(in -> MicroRaftMessages.read(in, sent.getGroupId()), bytes);
    assertThat(received).usingRecursiveComparison().isEqualTo(sent);
  }
}
