package io.vertxraft.examples.benchmark.peer;

import io.microraft.QueryPolicy;
import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.persistence.RestoredRaftState;
import io.microraft.statemachine.StateMachine;
import io.microraft.store.sqlite.RaftSqliteStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A member of MicroRaft with its SQLite store, over a {@link MicroRaftTransport}. */
public final class MicroRaftMember implements RaftMember {
  private static final String GROUP = "bench";
  private static final byte[] NO_QUERY = {0};
  private static final int PENDING_ENTRIES_MAX = 20_000;
  private static final int HEARTBEAT_SECONDS = 1;
  private static final int HEARTBEAT_TIMEOUT_SECONDS = 2;

  private final Counting stateMachine = new Counting();
  private final RaftEndpoint self;
  private final RaftNode node;

  /** Starts it and returns once it runs. Blocks. */
  public MicroRaftMember(MemberSetup setup) throws IOException {
    if (!setup.synced()) {
      throw new UnsupportedOperationException("MicroRaft's store has no switch for syncing");
    }
    self = new MicroRaftEndpoint(setup.self());
    List<RaftEndpoint> members = new ArrayList<>();
    for (int place = 0; place < setup.ports().size(); place++) {
      members.add(new MicroRaftEndpoint(place));
    }
    RaftSqliteStore store =
        RaftSqliteStore.create(
            setup.directory().resolve("log.db").toFile(),
            MicroRaftCodec.MODEL,
            new MicroRaftStoreCodec());
    MicroRaftTransport transport = new MicroRaftTransport(setup, GROUP);
    RaftNode.RaftNodeBuilder builder =
        RaftNode.newBuilder()
            .setGroupId(GROUP)
            .setConfig(config())
            .setTransport(transport)
            .setStateMachine(stateMachine)
            .setStore(store)
            .setModelFactory(MicroRaftCodec.MODEL);
    Optional<RestoredRaftState> restored = store.getRestoredRaftState(true);
    if (restored.isPresent()) {
      builder.setRestoredState(restored.get());
    } else {
      builder.setLocalEndpoint(self).setInitialGroupMembers(members);
    }
    node = builder.build();
    transport.start(node::handle);
    node.start().join();
  }

  private static RaftConfig config() {
    return RaftConfig.newBuilder()
        .setLeaderElectionTimeoutMillis(MemberSetup.ELECTION_TIMEOUT_MS)
        .setLeaderHeartbeatPeriodSecs(HEARTBEAT_SECONDS)
        .setLeaderHeartbeatTimeoutSecs(HEARTBEAT_TIMEOUT_SECONDS)
        .setMaxPendingLogEntryCount(PENDING_ENTRIES_MAX)
        .build();
  }

  /** Counts; a snapshot is the count. */
  private static final class Counting implements StateMachine {
    private static final byte[] NEW_TERM = new byte[0];

    private volatile long applied;

    @Override
    public Object runOperation(long index, Object operation) {
      applied++;
      return null;
    }

    @Override
    public void takeSnapshot(long index, Consumer<Object> chunks) {
      chunks.accept(ByteBuffer.allocate(Long.BYTES).putLong(applied).array());
    }

    @Override
    public void installSnapshot(long index, List<Object> chunks) {
      applied = ByteBuffer.wrap((byte[]) chunks.get(0)).getLong();
    }

    @Override
    public Object getNewTermOperation() {
      return NEW_TERM;
    }
  }

  @Override
  public boolean isLeader() {
    return self.equals(node.getTerm().getLeaderEndpoint());
  }

  @Override
  public void apply(byte[] command, Completion completion) {
    CompletableFuture<?> unused =
        node.replicate(command).whenComplete((answer, failure) -> completion.done(failure));
  }

  @Override
  public void read(ReadKind kind, Completion completion) {
    QueryPolicy policy =
        kind == ReadKind.LEASE ? QueryPolicy.LEADER_LEASE : QueryPolicy.LINEARIZABLE;
    CompletableFuture<?> unused =
        node.query(NO_QUERY, policy, Optional.empty(), Optional.empty())
            .whenComplete((answer, failure) -> completion.done(failure));
  }

  @Override
  public long applied() {
    return stateMachine.applied;
  }
}
