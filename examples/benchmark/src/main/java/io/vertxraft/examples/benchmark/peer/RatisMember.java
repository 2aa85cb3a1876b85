package io.vertxraft.examples.benchmark.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** A member of Apache Ratis over gRPC. */
public final class RatisMember implements RaftMember {
  private static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes("bench".getBytes(StandardCharsets.UTF_8)));
  private static final byte[] NO_QUERY = {0};
  private static final int QUEUE_ELEMENTS = 65_536;
  private static final SizeInBytes APPEND_BYTES = SizeInBytes.valueOf("4MB");
  private static final SizeInBytes WRITE_BUFFER_BYTES = SizeInBytes.valueOf("8MB");
  private static final SizeInBytes SEGMENT_BYTES = SizeInBytes.valueOf("64MB");
  private static final int SYNC_AT_LEAST_EVERY = 1_024;

  private final Counting stateMachine = new Counting();
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final RaftServer server;

  /** Starts it and returns once it runs. Blocks. */
  public RatisMember(MemberSetup setup) throws IOException {
    List<RaftPeer> members = new ArrayList<>();
    for (int port : setup.ports()) {
      members.add(
          RaftPeer.newBuilder()
              .setId("n" + (members.size() + 1))
              .setAddress(MemberSetup.HOST + ":" + port)
              .build());
    }
    server =
        RaftServer.newBuilder()
            .setServerId(members.get(setup.self()).getId())
            .setGroup(RaftGroup.valueOf(GROUP, members))
            .setProperties(properties(setup))
            .setStateMachine(stateMachine)
            .build();
    server.start();
  }

  private static RaftProperties properties(MemberSetup setup) {
    RaftProperties properties = new RaftProperties();
    GrpcConfigKeys.Server.setHost(properties, MemberSetup.HOST);
    GrpcConfigKeys.Server.setPort(properties, setup.ports().get(setup.self()));
    RaftServerConfigKeys.setStorageDir(properties, List.of(setup.directory().toFile()));
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(MemberSetup.ELECTION_TIMEOUT_MS));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(2 * MemberSetup.ELECTION_TIMEOUT_MS));
    RaftServerConfigKeys.Log.setForceSyncNum(properties, SYNC_AT_LEAST_EVERY);
    RaftServerConfigKeys.Log.setQueueElementLimit(properties, QUEUE_ELEMENTS);
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT_BYTES);
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER_BYTES);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, APPEND_BYTES);
    RaftServerConfigKeys.Write.setElementLimit(properties, QUEUE_ELEMENTS);
    RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    // Each call is of its own, so nobody asks for its answer again.
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(1_000));
    return properties;
  }

  private static TimeDuration millis(int millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }

  /** Counts, and answers. */
  private static final class Counting extends BaseStateMachine {
    private static final Message OK = Message.valueOf("ok");

    private volatile long applied;

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
      updateLastAppliedTermIndex(
          transaction.getLogEntry().getTerm(), transaction.getLogEntry().getIndex());
      applied++;
      return CompletableFuture.completedFuture(OK);
    }

    @Override
    public CompletableFuture<Message> query(Message query) {
      return CompletableFuture.completedFuture(OK);
    }
  }

  @Override
  public boolean isLeader() {
    try {
      return server.getDivision(GROUP).getInfo().isLeaderReady();
    } catch (IOException starting) {
      return false;
    }
  }

  @Override
  public void apply(byte[] command, Completion completion) {
    submit(command, RaftClientRequest.writeRequestType(), completion);
  }

  @Override
  public void read(ReadKind kind, Completion completion) {
    submit(NO_QUERY, RaftClientRequest.readRequestType(), completion);
  }

  private void submit(byte[] message, RaftClientRequest.Type type, Completion completion) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(server.getId())
            .setGroupId(GROUP)
            .setCallId(calls.incrementAndGet())
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(message)))
            .setType(type)
            .build();
    try {
      CompletableFuture<RaftClientReply> unused =
          server
              .submitClientRequestAsync(request)
              .whenComplete(
                  (reply, failure) ->
                      completion.done(
                          failure != null || reply.isSuccess() ? failure : reply.getException()));
    } catch (IOException refused) {
      completion.done(refused);
    }
  }

  @Override
  public long applied() {
    return stateMachine.applied;
  }
}
