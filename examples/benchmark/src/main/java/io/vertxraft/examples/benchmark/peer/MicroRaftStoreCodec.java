package io.vertxraft.examples.benchmark.peer;

import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import io.microraft.persistence.RaftStoreSerializer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What MicroRaft's store keeps, as bytes. */
final class MicroRaftStoreCodec implements RaftStoreSerializer {
  @Override
  public Serializer<RaftGroupMembersView> raftGroupMembersViewSerializer() {
    return MicroRaftCodec.serializer(MicroRaftCodec::members, MicroRaftCodec::members);
  }

  @Override
  public Serializer<RaftEndpoint> raftEndpointSerializer() {
    return MicroRaftCodec.serializer(MicroRaftCodec::endpoint, MicroRaftCodec::endpoint);
  }

  @Override
  public Serializer<LogEntry> logEntrySerializer() {
    return MicroRaftCodec.serializer(MicroRaftCodec::entry, MicroRaftCodec::entry);
  }

  @Override
  public Serializer<SnapshotChunk> snapshotChunkSerializer() {
    return MicroRaftCodec.serializer(MicroRaftCodec::chunk, MicroRaftCodec::chunk);
  }

  @Override
  public Serializer<RaftEndpointPersistentState> raftEndpointPersistentStateSerializer() {
    return MicroRaftCodec.serializer(MicroRaftStoreCodec::self, MicroRaftStoreCodec::self);
  }

  @Override
  public Serializer<RaftTermPersistentState> raftTermPersistentState() {
    return MicroRaftCodec.serializer(MicroRaftStoreCodec::term, MicroRaftStoreCodec::term);
  }

  private static void self(DataOutputStream out, RaftEndpointPersistentState self)
      throws IOException {
    MicroRaftCodec.endpoint(out, self.getLocalEndpoint());
    out.writeBoolean(self.isVoting());
  }

  private static RaftEndpointPersistentState self(DataInputStream in) throws IOException {
    return MicroRaftCodec.MODEL
        .createRaftEndpointPersistentStateBuilder()
        .setLocalEndpoint(MicroRaftCodec.endpoint(in))
        .setVoting(in.readBoolean())
        .build();
  }

  private static void term(DataOutputStream out, RaftTermPersistentState term) throws IOException {
    out.writeInt(term.getTerm());
    MicroRaftCodec.endpoint(out, term.getVotedFor());
  }

  private static RaftTermPersistentState term(DataInputStream in) throws IOException {
    return MicroRaftCodec.MODEL
        .createRaftTermPersistentStateBuilder()
        .setTerm(in.readInt())
        .setVotedFor(MicroRaftCodec.endpoint(in))
        .build();
  }
}
