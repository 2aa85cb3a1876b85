package io.vertxraft.testkit.node;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.StateMachine;
import io.vertxraft.grpc.GrpcClientChannelOptions;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.grpc.GrpcTransportOptions;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.testkit.MemoryStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Three members that write down what they apply. */
final class GroupOfThree {
  static final String HOST = "127.0.0.1";
  private static final long WAIT_SECONDS = 60;

  final List<TestMember> members = new ArrayList<>();
  private final Vertx vertx;
  private final Function<Vertx, PeerTransport> transports;

  /** A member and all that belongs to it. */
  record TestMember(Member address, RaftNode node, PeerTransport transport, List<String> applied) {}

  /** Starts members that let clients in over gRPC, and waits until they run. */
  GroupOfThree(Vertx vertx) throws Exception {
    this(vertx, v -> GrpcTransport.create(v, new GrpcTransportOptions().setServeClients(true)));
  }

  /** Starts members with a transport each, and waits until they run. */
  GroupOfThree(Vertx vertx, Function<Vertx, PeerTransport> transports) throws Exception {
    this.vertx = vertx;
    this.transports = transports;
    List<Member> addresses = new ArrayList<>();
    for (String id : List.of("n1", "n2", "n3")) {
      addresses.add(new Member(id, HOST, freePort()));
    }
    List<Future<Void>> started = new ArrayList<>();
    for (Member address : addresses) {
      TestMember member = create(address, addresses);
      members.add(member);
      started.add(member.node.start());
    }
    get(Future.all(started));
  }

  private TestMember create(Member address, List<Member> addresses) throws Exception {
    PeerTransport transport = transports.apply(vertx);
    List<String> applied = new CopyOnWriteArrayList<>();
    RaftOptions options =
        new RaftOptions()
            .setClusterId("c")
            .setGroupId("g")
            .setNodeId(address.getNodeId())
            .setMembers(addresses);
    Promise<RaftNode> created = Promise.promise();
    // Each on a context of its own, as verticles are.
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        v ->
            created.complete(
                RaftNode.create(
                    vertx, options, new Notebook(applied), new MemoryStorage(), transport)));
    return new TestMember(address, get(created.future()), transport, applied);
  }

  /** Answers each command with its place among those applied, and any query with their number. */
  private record Notebook(List<String> applied) implements StateMachine {
    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      List<Buffer> replies = new ArrayList<>();
      for (Command command : batch) {
        applied.add(command.payload().toString());
        replies.add(Buffer.buffer("" + applied.size()));
      }
      return Future.succeededFuture(replies);
    }

    @Override
    public Future<Buffer> query(Buffer query) {
      return Future.succeededFuture(Buffer.buffer("" + applied.size()));
    }
  }

  /** A client that knows all members. */
  GrpcClientChannelOptions client() {
    return client(members.stream().map(TestMember::address).toList());
  }

  /** A client that knows the members under these addresses. */
  static GrpcClientChannelOptions client(List<Member> addresses) {
    return new GrpcClientChannelOptions().setClusterId("c").setGroupId("g").setMembers(addresses);
  }

  /** Waits until some member leads. */
  TestMember leader() throws Exception {
    List<TestMember> leading = new ArrayList<>();
    until(
        () -> {
          for (TestMember member : members) {
            member
                .node
                .status()
                .onSuccess(
                    status -> {
                      if (status.getRole() == RaftRole.LEADER && status.isLeaderReady()) {
                        leading.add(member);
                      }
                    });
          }
          return !leading.isEmpty();
        });
    return leading.get(0);
  }

  void until(BooleanSupplier condition) throws Exception {
    Promise<Void> met = Promise.promise();
    vertx.setPeriodic(
        10,
        id -> {
          if (condition.getAsBoolean()) {
            vertx.cancelTimer(id);
            met.tryComplete();
          }
        });
    get(met.future());
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.await(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
