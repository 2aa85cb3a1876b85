package io.vertxraft.grpc;

import static io.vertxraft.grpc.ServingMember.client;
import static io.vertxraft.grpc.ServingMember.command;
import static io.vertxraft.grpc.ServingMember.reply;
import static io.vertxraft.grpc.ServingMember.serving;
import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.freePort;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Member;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.grpc.ServingMember.Served;
import io.vertxraft.peer.Proxy;
import io.vertxraft.peer.TestNode;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientReply.Outcome;
import io.vertxraft.spi.ClientRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client's way to the members, and what it hears when there is none. */
class GrpcClientChannelTest {
  private static final long LONG_MS = TimeUnit.SECONDS.toMillis(TestNode.WAIT_SECONDS);

  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  @Test
  void everyKindOfRequestTravelsAsItIsAndSoDoesEveryAnswer() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel = channel(n1.seed());
    List<ClientRequest> requests =
        List.of(
            ClientRequest.commands(false, 7, 3, 2, 5_000, Buffer.buffer("put")),
            ClientRequest.commands(true, 0, 0, 0, 0, Buffer.buffer("\0\0\0\1a")),
            ClientRequest.openSession(60_000, 100),
            ClientRequest.keepAlive(7, 4, 100),
            ClientRequest.closeSession(7, 100),
            ClientRequest.read("bounded:50", 100, Buffer.buffer("get")),
            ClientRequest.resolve(9, 300, 100));
    Outcome[] outcomes = Outcome.values();
    for (int i = 0; i < requests.size(); i++) {
      Future<ClientReply> sent = channel.send(null, requests.get(i), LONG_MS);
      Served served = n1.next();
      assertThat(served.request()).isEqualTo(requests.get(i));
      ClientReply answer =
          new ClientReply(
              outcomes[i % outcomes.length],
              "REASON",
              "größer",
              i % 2 == 0 ? null : "n2",
              5,
              i,
              Buffer.buffer("answer " + i));
      served.answer().complete(answer);
      assertThat(get(sent)).isEqualTo(answer);
    }
    assertThat(requests.stream().map(ClientRequest::kind))
        .containsExactlyInAnyOrder(ClientRequest.Kind.values());
    assertThat(n1.transport.stats().clientCalls()).isEqualTo(requests.size());
  }

  @Test
  void answersComeInAnyOrderAndOnTheContextOfTheCaller() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel = channel(n1.seed());
    Context caller = vertx.getOrCreateContext();
    List<String> heard = new ArrayList<>();
    Promise<Void> both = Promise.promise();
    caller.runOnContext(
        v -> {
          for (String text : List.of("first", "second")) {
            channel
                .send(null, command(text), LONG_MS)
                .onSuccess(
                    answer -> {
                      heard.add(answer.body() + " " + (Vertx.currentContext() == caller));
                      if (heard.size() == 2) {
                        both.complete();
                      }
                    });
          }
        });
    Served first = n1.next();
    n1.next().ok("to the second");
    TestNode.until(vertx, () -> heard.size() == 1);
    first.ok("to the first");
    get(both.future());
    assertThat(heard).containsExactly("to the second true", "to the first true");
  }

  @Test
  void aCallGoesToTheMemberItIsMeantForAsSoonAsThatIsConnected() {
    ServingMember n1 = member("n1");
    ServingMember n2 = member("n2");
    GrpcClientChannel channel = channel(n1.seed(), n2.seed());
    for (ServingMember meant : List.of(n2, n1, n2)) {
      String id = meant.address.nodeId();
      // Until then any connected one will do.
      boolean reached = false;
      while (!reached) {
        Future<ClientReply> sent = channel.send(id, command("to " + id), LONG_MS);
        TestNode.until(vertx, () -> !n1.asked.isEmpty() || !n2.asked.isEmpty());
        reached = !meant.asked.isEmpty();
        (reached ? meant : meant == n1 ? n2 : n1).next().ok("");
        get(sent);
      }
    }
  }

  @Test
  void aSeedThatIsNotThereDoesNotHinderACall() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel =
        channel(new Member("n0", HOST, freePort()), n1.seed(), new Member("n2", HOST, freePort()));
    for (String meant : new String[] {null, "n0", "n2", "n1", "somebody"}) {
      Future<ClientReply> sent = channel.send(meant, command("put"), LONG_MS);
      n1.next().ok("done");
      assertThat(get(sent).body()).hasToString("done");
    }
  }

  @Test
  void aMemberThatComesBackIsFoundAgain() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel = channel(n1.seed());
    Future<ClientReply> before = channel.send(null, command("put"), LONG_MS);
    n1.next().ok("");
    get(before);
    get(n1.transport.close());
    ServingMember again = new ServingMember(vertx, serving(), n1.address);
    again.awaitRoundTrip(vertx, channel);
  }

  @Test
  void nobodyThereIsARejectionThatNamesEachMemberAndItsTrouble() {
    GrpcClientChannel channel =
        channel(new Member("n1", HOST, freePort()), new Member("n2", HOST, freePort()));
    Rejected rejected = rejected(channel.send("n1", command("put"), LONG_MS));
    assertThat(rejected.reason()).isEqualTo(Rejected.Reason.NOT_LEADER);
    assertThat(rejected)
        .hasMessageContaining("no member of group 'g' can be reached: n1: Connection refused")
        .hasMessageContaining("n2: Connection refused");
  }

  @Test
  void aMemberThatLetsNoClientsInSaysSoAndDoesNotAnswer() {
    ServingMember n1 = new ServingMember(vertx, new GrpcTransportOptions(), address("n1"));
    Rejected rejected = rejected(channel(n1.seed()).send(null, command("put"), LONG_MS));
    assertThat(rejected.reason()).isEqualTo(Rejected.Reason.NOT_LEADER);
    assertThat(rejected).hasMessageContaining("n1: it does not serve clients");
    assertThat(n1.asked).isEmpty();
  }

  @Test
  void aMemberOfAnotherClusterOrOfAnotherNameIsNotSpokenTo() {
    ServingMember n1 = member("n1");
    GrpcClientChannel other =
        GrpcClientChannel.create(vertx, client(n1.seed()).setClusterId("other"));
    assertThat(rejected(other.send(null, command("put"), LONG_MS)))
        .hasMessageContaining("it belongs to cluster 'c', not to 'other'");
    GrpcClientChannel misnamed = channel(new Member("n9", HOST, n1.address.port()));
    assertThat(rejected(misnamed.send(null, command("put"), LONG_MS)))
        .hasMessageContaining("it is node 'n1', not 'n9': check the members list");
    assertThat(n1.asked).isEmpty();
  }

  @Test
  void aGroupThatIsNotThereIsARejectionOfTheMember() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel =
        GrpcClientChannel.create(vertx, client(n1.seed()).setGroupId("nowhere"));
    ClientReply reply = get(channel.send(null, command("put"), LONG_MS));
    assertThat(reply.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(reply.message()).contains("group 'nowhere', which is not joined by node 'n1'");

    get(n1.endpoint.close());
    ClientReply left = get(channel(n1.seed()).send(null, command("put"), LONG_MS));
    assertThat(left.outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  void aCallWhoseConnectionIsCutMayHaveBeenDeliveredAndTheNextOneGoesThrough() {
    ServingMember n1 = member("n1");
    int port = freePort();
    Proxy proxy = new Proxy(vertx, port, n1.address.port());
    GrpcClientChannel channel = channel(new Member("n1", HOST, port));
    Future<ClientReply> sent = channel.send(null, command("put"), LONG_MS);
    n1.next();
    proxy.cutNewest();
    assertThat(unknown(sent))
        .hasMessageContaining("the connection to member 'n1' was lost")
        .extracting(Unknown::reason)
        .isEqualTo(Unknown.Reason.FORWARD_LOST);

    n1.awaitRoundTrip(vertx, channel);
  }

  @Test
  void aCallThatIsNotAnsweredInTimeMayHaveBeenDelivered() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel = channel(n1.seed());
    Future<ClientReply> warm = channel.send(null, command("first"), LONG_MS);
    n1.next().ok("");
    get(warm);
    Future<ClientReply> sent = channel.send(null, command("slow"), 1);
    Served served = n1.next();
    assertThat(unknown(sent)).hasMessageContaining("no answer within 1 ms");
    // Too late, and nobody's any more.
    served.ok("late");
    Future<ClientReply> next = channel.send(null, command("next"), LONG_MS);
    n1.next().ok("next");
    assertThat(get(next).body()).hasToString("next");
  }

  @Test
  void moreThanTheChannelMayHaveUnderWayIsOverload() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel =
        GrpcClientChannel.create(
            vertx,
            client(n1.seed())
                .setCallsInFlightMax(2)
                .setMessageBytesMax(100_000)
                .setBytesInFlightMax(150_000));
    String large = "x".repeat(90_000);
    Future<ClientReply> first = channel.send(null, command(large), LONG_MS);
    assertThat(rejected(channel.send(null, command(large), LONG_MS)))
        .hasMessageContaining("bytesInFlightMax 150000")
        .extracting(Rejected::reason)
        .isEqualTo(Rejected.Reason.OVERLOADED);
    Future<ClientReply> second = channel.send(null, command("small"), LONG_MS);
    assertThat(rejected(channel.send(null, command("small"), LONG_MS)))
        .hasMessageContaining("callsInFlightMax 2")
        .extracting(Rejected::reason)
        .isEqualTo(Rejected.Reason.OVERLOADED);
    n1.next().ok("1");
    n1.next().ok("2");
    assertThat(get(first).body()).hasToString("1");
    assertThat(get(second).body()).hasToString("2");
    Future<ClientReply> third = channel.send(null, command(large), LONG_MS);
    n1.next().ok("3");
    assertThat(get(third).body()).hasToString("3");
  }

  @Test
  void whatIsTooLargeForTheClientOrTheMemberIsRejectedAndNothingElseSuffers() {
    ServingMember n1 =
        new ServingMember(vertx, serving().setMessageBytesMax(100_000), address("n1"));
    GrpcClientChannel channel =
        GrpcClientChannel.create(vertx, client(n1.seed()).setMessageBytesMax(200_000));
    Future<ClientReply> small = channel.send(null, command("small"), LONG_MS);
    for (int bytes : new int[] {100_000, 200_000}) {
      assertThat(rejected(channel.send(null, command("x".repeat(bytes)), LONG_MS)))
          .hasMessageContaining("messageBytesMax")
          .extracting(Rejected::reason)
          .isEqualTo(Rejected.Reason.TOO_LARGE);
    }
    n1.next().ok("done");
    assertThat(get(small).body()).hasToString("done");
    assertThat(n1.transport.stats().droppedTooLarge()).isZero();
  }

  @Test
  void anAnswerThatIsTooLargeIsSaidToBeSo() {
    ServingMember n1 =
        new ServingMember(vertx, serving().setMessageBytesMax(100_000), address("n1"));
    GrpcClientChannel channel = channel(n1.seed());
    ClientReply large = reply(Outcome.OK, Buffer.buffer(new byte[100_000]));
    Future<ClientReply> applied = channel.send(null, command("put"), LONG_MS);
    n1.next().answer().complete(large);
    assertThat(get(applied).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(get(applied).reason()).isEqualTo(Unknown.Reason.REPLY_FORGOTTEN.name());
    ClientRequest query = ClientRequest.read("local", 0, Buffer.buffer("all"));
    Future<ClientReply> read = channel.send(null, query, LONG_MS);
    n1.next().answer().complete(large);
    assertThat(get(read).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(get(read).reason()).isEqualTo(Rejected.Reason.TOO_LARGE.name());
    assertThat(get(read).message()).contains("messageBytesMax 100000");
  }

  @Test
  void closingEndsWhatIsUnderWayAndTakesNothingMore() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel = channel(n1.seed());
    Future<ClientReply> sent = channel.send(null, command("put"), LONG_MS);
    n1.next();
    get(channel.close());
    assertThat(unknown(sent)).hasMessageContaining("closed before an answer came");
    assertThat(rejected(channel.send(null, command("late"), LONG_MS)).reason())
        .isEqualTo(Rejected.Reason.SHUTTING_DOWN);
    get(channel.close());
  }

  @Test
  void aMemberThatClosesLeavesItsCallsUnknown() {
    ServingMember n1 = member("n1");
    GrpcClientChannel channel = channel(n1.seed());
    Future<ClientReply> sent = channel.send(null, command("put"), LONG_MS);
    n1.next();
    get(n1.transport.close());
    assertThat(unknown(sent).reason()).isEqualTo(Unknown.Reason.FORWARD_LOST);
  }

  private ServingMember member(String id) {
    return new ServingMember(vertx, serving(), address(id));
  }

  private GrpcClientChannel channel(Member... seeds) {
    return GrpcClientChannel.create(vertx, client(seeds));
  }

  static Rejected rejected(Future<?> future) {
    return (Rejected) failure(future);
  }

  static Unknown unknown(Future<?> future) {
    return (Unknown) failure(future);
  }

  private static Throwable failure(Future<?> future) {
    return get(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture("succeeded: " + done.result())));
  }
}
