package io.vertxraft.testkit.node;

import static io.vertxraft.testkit.node.GroupOfThree.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandFate;
import io.vertxraft.Consistency;
import io.vertxraft.Member;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftSession;
import io.vertxraft.RaftStatus;
import io.vertxraft.SessionOptions;
import io.vertxraft.grpc.GrpcClientChannel;
import io.vertxraft.grpc.GrpcClientChannelOptions;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.testkit.node.GroupOfThree.TestMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that are no members, against real members over real connections. */
class GrpcClientTest {
  private static final int CALLERS = 8;
  private static final int CALLS_PER_CALLER = 40;

  private Vertx vertx;
  private GroupOfThree group;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    group = new GroupOfThree(vertx);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(60, TimeUnit.SECONDS);
  }

  @Test
  void aClientCanDoAllThatAMemberCan() throws Exception {
    RaftClient client = client(group.client());
    assertThat(get(client.apply(Buffer.buffer("a")))).hasToString("1");
    assertThat(get(client.applyAll(List.of(Buffer.buffer("b"), Buffer.buffer("c")))).toString())
        .isEqualTo("[2, 3]");
    for (Consistency consistency : List.of(Consistency.LINEARIZABLE, Consistency.LEASE)) {
      assertThat(get(client.read(consistency, Buffer.buffer()))).hasToString("3");
    }
    RaftSession session = get(client.session(new SessionOptions()));
    assertThat(get(session.apply(Buffer.buffer("d")))).hasToString("4");
    get(session.close());
    TestMember leader = group.leader();
    RaftStatus status = get(leader.node().status());
    assertThat(get(client.resolve(status.getTerm(), status.getCommitIndex())))
        .isEqualTo(CommandFate.COMMITTED);
    get(client.close());
    assertThatThrownBy(() -> get(client.apply(Buffer.buffer("late"))))
        .isInstanceOfSatisfying(
            Rejected.class,
            late -> assertThat(late.reason()).isEqualTo(Rejected.Reason.SHUTTING_DOWN));
  }

  @Test
  void whenTheLeaderStopsTheClientGoesOnAndNothingIsAppliedTwice() throws Exception {
    RaftClient client = client(group.client());
    get(client.apply(Buffer.buffer("first")));
    TestMember leader = group.leader();
    Map<String, RaftException> failures = new ConcurrentHashMap<>();
    List<Future<Void>> callers = new ArrayList<>();
    Promise<Void> halfDone = Promise.promise();
    for (int caller = 0; caller < CALLERS; caller++) {
      callers.add(calls(client, caller, 0, halfDone, failures));
    }
    get(halfDone.future());
    // Like a process that ends: its connections break, and nobody is told.
    get(leader.transport().close());
    get(Future.all(callers));

    assertThat(failures).isEmpty();
    TestMember other = group.members.get(group.members.get(0) == leader ? 1 : 0);
    get(client.read(Consistency.LINEARIZABLE, Buffer.buffer()));
    group.until(() -> other.applied().size() == CALLERS * CALLS_PER_CALLER + 1);
    assertThat(other.applied()).doesNotHaveDuplicates();
    get(client.close());
  }

  /** One call after the other, each with a command of its own. */
  private static Future<Void> calls(
      RaftClient client,
      int caller,
      int call,
      Promise<Void> halfDone,
      Map<String, RaftException> failures) {
    if (call == CALLS_PER_CALLER) {
      return Future.succeededFuture();
    }
    if (call == CALLS_PER_CALLER / 2) {
      halfDone.tryComplete();
    }
    String command = caller + "-" + call;
    return client
        .apply(Buffer.buffer(command))
        .transform(
            done -> {
              if (done.failed()) {
                failures.put(command, (RaftException) done.cause());
              }
              return calls(client, caller, call + 1, halfDone, failures);
            });
  }

  @Test
  void aCommandWhoseAnswerWasLostIsSentAgainAndAppliedOnce() throws Exception {
    TestMember member = group.leader();
    Cable cable = new Cable(vertx, GroupOfThree.freePort(), member.address().getPort());
    Member behindCable = new Member(member.address().getNodeId(), GroupOfThree.HOST, cable.port());
    RaftClient client = client(GroupOfThree.client(List.of(behindCable)));
    assertThat(get(client.apply(Buffer.buffer("before")))).hasToString("1");

    cable.keepAnswers();
    Future<Buffer> answer = client.apply(Buffer.buffer("lost"));
    group.until(() -> member.applied().contains("lost"));
    assertThat(answer.isComplete()).isFalse();
    get(cable.cut());
    assertThat(get(answer)).hasToString("2");

    assertThat(get(client.apply(Buffer.buffer("after")))).hasToString("3");
    assertThat(member.applied()).containsExactly("before", "lost", "after");
    get(client.close());
  }

  @Test
  void withoutASessionALostAnswerIsUnknownAndTheCommandMayHaveBeenApplied() throws Exception {
    TestMember member = group.leader();
    Cable cable = new Cable(vertx, GroupOfThree.freePort(), member.address().getPort());
    GrpcClientChannel channel =
        GrpcClientChannel.create(
            vertx,
            GroupOfThree.client(
                List.of(
                    new Member(member.address().getNodeId(), GroupOfThree.HOST, cable.port()))));
    get(channel.send(null, ClientRequest.commands(false, 0, 0, 0, 0, Buffer.buffer("a")), 60_000));
    cable.keepAnswers();
    var lost =
        channel.send(null, ClientRequest.commands(false, 0, 0, 0, 0, Buffer.buffer("b")), 60_000);
    group.until(() -> member.applied().contains("b"));
    get(cable.cut());
    assertThatThrownBy(() -> get(lost)).isInstanceOf(Unknown.class);
    get(channel.close());
  }

  private RaftClient client(GrpcClientChannelOptions options) {
    return RaftClient.create(
        vertx,
        new SessionOptions().setApplyTimeoutMs(60_000),
        GrpcClientChannel.create(vertx, options));
  }
}
