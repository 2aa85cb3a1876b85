package io.vertxraft.grpc;

import static io.vertxraft.grpc.GrpcClientChannelTest.rejected;
import static io.vertxraft.grpc.ServingMember.client;
import static io.vertxraft.grpc.ServingMember.command;
import static io.vertxraft.grpc.ServingMember.serving;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.grpc.ServingMember.Served;
import io.vertxraft.grpc.proto.ClientAnswer;
import io.vertxraft.grpc.proto.ClientCall;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.MessageCodec;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of any kind, well-behaved or not, can do to a member that lets them in. */
class ClientServiceTest {
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

  /** A client that says whatever a test wants. */
  private final class RawClient {
    final BlockingQueue<ClientAnswer> answers = new LinkedBlockingQueue<>();
    final GrpcClientRequest<Buffer, Buffer> request;
    final GrpcClientResponse<Buffer, Buffer> response;
    final Promise<Void> ended = Promise.promise();

    // Vert.x closes a client, and with it this call, once nobody refers to it.
    private final GrpcClient grpc;

    RawClient(ServingMember member) {
      grpc =
          GrpcClient.client(
              vertx,
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false));
      request =
          get(
              grpc.request(
                  SocketAddress.inetSocketAddress(member.address.port(), TestNode.HOST),
                  ClientMethod.CLIENT));
      request.write(Buffer.buffer());
      response = get(request.response());
      response.handler(bytes -> answers.add(ClientCodec.parseAnswer(bytes.getBytes())));
      response.endHandler(ended::complete);
    }

    void write(ClientCall call) {
      get(request.write(Buffer.buffer(call.toByteArray())));
    }

    /** Hands a call to the connection, which may hold it back. */
    Future<Void> writing(ClientCall call) {
      return request.write(Buffer.buffer(call.toByteArray()));
    }

    ClientAnswer next() {
      try {
        ClientAnswer next = answers.poll(TestNode.WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("an answer within %d s", TestNode.WAIT_SECONDS).isNotNull();
        return next;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void close() {
      get(grpc.close());
    }
  }

  private static ClientCall call(long id, String body) {
    return ClientCodec.encode("c", "g", id, command(body));
  }

  private static ClientCall broken(Consumer<ClientCall.Builder> how) {
    ClientCall.Builder call = call(1, "put").toBuilder();
    how.accept(call);
    return call.build();
  }

  @Test
  void callsForElsewhereAndCallsThatMakeNoSenseAreRejectedByName() {
    ServingMember n1 = member(new ClientLimits());
    RawClient raw = new RawClient(n1);
    assertThat(raw.response.headers().get(Handshake.NODE)).isEqualTo("n1");
    assertRejected(
        raw,
        broken(call -> call.setClusterId("other")),
        "the call is for cluster 'other', this is node 'n1' of cluster 'c'");
    assertRejected(
        raw, broken(call -> call.setClusterId("\n")), "the call is for cluster (not an id)");
    assertRejected(
        raw, broken(call -> call.setGroupId("h")), "group 'h', which is not joined by node 'n1'");
    assertRejected(raw, broken(call -> call.setKindValue(99)), "kind 99 is not known");
    assertRejected(raw, broken(ClientCall.Builder::clearKind), "kind 0 is not known");
    assertRejected(raw, broken(call -> call.setSessionId(-1)), "session_id 18446744073709551615");
    assertRejected(
        raw, broken(call -> call.setTimeoutMs(86_400_001)), "timeout_ms 86400001 is not within");
    assertThat(n1.asked).isEmpty();
    assertThat(n1.transport.stats().droppedMalformed()).isEqualTo(4);
    raw.write(call(2, "put"));
    n1.next().ok("done");
    assertThat(raw.next().getBody().toStringUtf8()).isEqualTo("done");
  }

  private static void assertRejected(RawClient raw, ClientCall call, String why) {
    raw.write(call);
    ClientAnswer answer = raw.next();
    assertThat(answer.getCallId()).isEqualTo(call.getCallId());
    assertThat(answer.getOutcome()).isEqualTo(ClientAnswer.Outcome.REJECTED);
    assertThat(answer.getReason()).isEqualTo(Rejected.Reason.NOT_LEADER.name());
    assertThat(answer.getDetail()).contains(why);
  }

  @Test
  void bytesThatAreNoCallAreCountedAndTheStreamGoesOn() {
    ServingMember n1 =
        new ServingMember(vertx, serving().setMessageBytesMax(100_000), address("n1"));
    RawClient raw = new RawClient(n1);
    get(raw.request.write(Buffer.buffer(new byte[] {10, 127, 1})));
    get(raw.request.write(Buffer.buffer()));
    get(raw.request.write(Buffer.buffer(new byte[200_000])));
    raw.write(call(1, "put"));
    n1.next().ok("done");
    assertThat(raw.next().getCallId()).isEqualTo(1);
    assertThat(n1.transport.stats().droppedMalformed()).isEqualTo(1);
    assertThat(n1.transport.stats().droppedTooLarge()).isEqualTo(1);
  }

  @Test
  void aReceiverThatBreaksItsPromiseLeavesTheOutcomeUnknown() {
    ServingMember n1 = member(new ClientLimits());
    RawClient raw = new RawClient(n1);
    raw.write(call(1, "throw"));
    assertThat(raw.next().getOutcome()).isEqualTo(ClientAnswer.Outcome.UNKNOWN);
    raw.write(call(2, "fail"));
    n1.next().answer().fail(new IllegalStateException("failed by the receiver"));
    ClientAnswer answer = raw.next();
    assertThat(answer.getOutcome()).isEqualTo(ClientAnswer.Outcome.UNKNOWN);
    assertThat(answer.getDetail()).contains("failed by the receiver");
  }

  @Test
  void aClientThatSendsNothingMoreStillGetsItsAnswers() {
    ServingMember n1 = member(new ClientLimits());
    RawClient raw = new RawClient(n1);
    raw.write(call(1, "one"));
    raw.write(call(2, "two"));
    get(raw.request.end());
    n1.next().ok("1");
    assertThat(raw.next().getCallId()).isEqualTo(1);
    assertThat(raw.ended.future().isComplete()).isFalse();
    n1.next().ok("2");
    assertThat(raw.next().getCallId()).isEqualTo(2);
    get(raw.ended.future());
  }

  @Test
  void aStreamWithAsMuchUnderWayAsAllowedIsNotReadAnyFurther() {
    ServingMember n1 = member(new ClientLimits().setCallsInFlightMax(2));
    RawClient busy = new RawClient(n1);
    for (int i = 1; i <= 20; i++) {
      busy.write(call(i, "call " + i));
    }
    Served first = n1.next();
    Served second = n1.next();
    assertOthersAreServed(n1);
    assertThat(n1.asked).as("no third one is read").isEmpty();
    for (int i = 3; i <= 20; i++) {
      first.ok("");
      first = second;
      second = n1.next();
      assertThat(n1.asked).as("never more than two at once").isEmpty();
    }
    first.ok("");
    second.ok("");
    for (int i = 1; i <= 20; i++) {
      assertThat(busy.next().getCallId()).isEqualTo(i);
    }
  }

  @Test
  void aMemberThatReadsNoFurtherHoldsUpTheClientAndWhatItHeldBackIsCertainlyNotDelivered() {
    ServingMember n1 =
        new ServingMember(
            vertx,
            serving()
                .setStreamWindowBytes(65_535)
                .setConnectionWindowBytes(65_535)
                .setClientLimits(new ClientLimits().setBytesInFlightMax(1)),
            address("n1"));
    GrpcClientChannel channel = GrpcClientChannel.create(vertx, client(n1.seed()));
    String large = "x".repeat(1_000_000);
    List<Future<ClientReply>> sent = new ArrayList<>();
    sent.add(channel.send(null, command("first"), LONG_MS));
    Served first = n1.next();
    for (int i = 0; i < 9; i++) {
      sent.add(channel.send(null, command(large), LONG_MS));
    }
    Future<ClientReply> impatient = channel.send(null, command("last"), 1);
    assertThat(rejected(impatient)).hasMessageContaining("took the call within 1 ms");
    assertOthersAreServed(n1);
    assertThat(n1.asked).as("nothing is read beyond the limit").isEmpty();

    first.ok("");
    for (int i = 0; i < 9; i++) {
      Served next = n1.next();
      assertThat(next.request().body()).hasToString(large);
      next.ok("");
    }
    sent.forEach(TestNode::get);
    assertOthersAreServed(n1);
    assertThat(n1.asked).as("what was held back has been forgotten").isEmpty();
  }

  @Test
  void aClientThatDoesNotReadItsAnswersIsNotReadEither() {
    ServingMember n1 = member(new ClientLimits().setCallsInFlightMax(4));
    RawClient lazy = new RawClient(n1);
    lazy.response.pause();
    int calls = 60;
    for (int i = 1; i <= calls; i++) {
      lazy.write(call(i, "call " + i));
    }
    // A few answers fit into the client's buffers and windows, the others cannot be sent.
    String large = "x".repeat(200_000);
    int answered = 0;
    List<Served> under = List.of(n1.next(), n1.next(), n1.next(), n1.next());
    while (!under.isEmpty()) {
      under.forEach(served -> served.ok(large));
      answered += under.size();
      GrpcClientChannel other = GrpcClientChannel.create(vertx, client(n1.seed()));
      other.send(null, command("other"), LONG_MS);
      under = new ArrayList<>();
      Served next = n1.next();
      while (!next.request().body().toString().equals("other")) {
        under.add(next);
        next = n1.next();
      }
      next.ok("");
    }
    assertThat(answered).as("unsent answers count").isLessThan(calls);
    lazy.response.resume();
    for (; answered < calls; answered++) {
      n1.next().ok("");
    }
    for (int i = 1; i <= calls; i++) {
      assertThat(lazy.next().getCallId()).isEqualTo(i);
    }
  }

  @Test
  void peersAreHeardWhileAClientIsHeldUp() {
    PeerAddress n2 = address("n2");
    ServingMember n1 =
        new ServingMember(
            vertx,
            serving().setClientLimits(new ClientLimits().setCallsInFlightMax(1)),
            address("n1"),
            n2);
    RawClient busy = new RawClient(n1);
    for (int i = 1; i <= 20; i++) {
      busy.writing(call(i, "x".repeat(1_000_000)));
    }
    n1.next();
    RawCaller peer =
        RawCaller.open(
            vertx, n1.address.port(), StreamKind.CONTROL, RawCaller.metadata("c", "n2", "n1"));
    peer.write(MessageCodec.encode("g", new Heartbeat(5, 5, 1, 5, 0)));
    TestNode.until(vertx, () -> !n1.messages.isEmpty());
    assertThat(n1.messages).containsExactly(new Heartbeat(5, 5, 1, 5, 0));
    assertThat(n1.asked).isEmpty();
    peer.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void thereIsRoomForSoManyClientsAndWhoeverLeavesMakesRoom(int callsInFlightMax) {
    // With one call under way the first client is held up in one case, and not in the other.
    ServingMember n1 =
        member(new ClientLimits().setStreamsMax(1).setCallsInFlightMax(callsInFlightMax));
    RawClient first = new RawClient(n1);
    first.write(call(1, "put"));
    Served served = n1.next();
    Rejected refused =
        rejected(
            GrpcClientChannel.create(vertx, client(n1.seed())).send(null, command("x"), LONG_MS));
    assertThat(refused)
        .hasMessageContaining("it refused: RESOURCE_EXHAUSTED, 1 streams of clients are open");
    assertThat(n1.transport.stats().refusedStreams()).isEqualTo(1);

    // With a call in flight, whose answer then goes nowhere.
    first.close();
    n1.awaitRoundTrip(vertx, GrpcClientChannel.create(vertx, client(n1.seed())));
    served.ok("too late");
  }

  /** A round trip of another client, after which the member has had time for everything before. */
  private void assertOthersAreServed(ServingMember member) {
    GrpcClientChannel other = GrpcClientChannel.create(vertx, client(member.seed()));
    Future<ClientReply> sent = other.send(null, command("other"), LONG_MS);
    Served served = member.next();
    assertThat(served.request().body()).hasToString("other");
    served.ok("done");
    assertThat(get(sent).body()).hasToString("done");
    get(other.close());
  }

  private ServingMember member(ClientLimits limits) {
    return new ServingMember(vertx, serving().setClientLimits(limits), address("n1"));
  }
}
