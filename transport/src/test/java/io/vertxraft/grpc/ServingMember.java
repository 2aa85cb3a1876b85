package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Member;
import io.vertxraft.RaftException;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientReply.Outcome;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A member that answers clients when and as its test says. */
final class ServingMember {
  final PeerAddress address;
  final GrpcTransport transport;
  final Transport.Endpoint endpoint;
  final BlockingQueue<Served> asked = new LinkedBlockingQueue<>();
  final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

  /** A request that waits for its answer. */
  record Served(ClientRequest request, Promise<ClientReply> answer) {
    void ok(String text) {
      answer.complete(reply(Outcome.OK, Buffer.buffer(text)));
    }
  }

  /** Joins group g of cluster c, and waits until it has. */
  ServingMember(
      Vertx vertx, GrpcTransportOptions options, PeerAddress self, PeerAddress... others) {
    address = self;
    transport = GrpcTransport.create(vertx, options);
    Context context = vertx.getOrCreateContext();
    List<PeerAddress> members = Stream.concat(Stream.of(self), Stream.of(others)).toList();
    endpoint =
        get(
            transport.join(
                new GroupIdentity("c", "g", self.nodeId()),
                members,
                task -> context.runOnContext(v -> task.run()),
                new Transport.Receiver() {
                  @Override
                  public void receive(String from, Message message) {
                    messages.add(message);
                  }

                  @Override
                  public Future<ClientReply> serve(ClientRequest request) {
                    if (request.body().toString().equals("throw")) {
                      throw new IllegalStateException("thrown by the receiver");
                    }
                    Promise<ClientReply> answer = Promise.promise();
                    asked.add(new Served(request, answer));
                    return answer.future();
                  }
                }));
  }

  static GrpcTransportOptions serving() {
    return new GrpcTransportOptions().setServeClients(true);
  }

  static ClientReply reply(Outcome outcome, Buffer body) {
    return new ClientReply(outcome, "", "", null, 0, 0, body);
  }

  /** How a client names the member. */
  Member seed() {
    return new Member(address.nodeId(), address.host(), address.port());
  }

  /** The next request; fails if none comes. */
  Served next() {
    try {
      Served next = asked.poll(TestNode.WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("a request within %d s", TestNode.WAIT_SECONDS).isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends calls until one comes here, and answers it; those before fail in the meantime. */
  void awaitRoundTrip(Vertx vertx, GrpcClientChannel channel) {
    long waitMs = TimeUnit.SECONDS.toMillis(TestNode.WAIT_SECONDS);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestNode.WAIT_SECONDS);
    while (System.nanoTime() < deadline) {
      Future<ClientReply> sent = channel.send(null, command("again"), waitMs);
      TestNode.until(vertx, () -> sent.isComplete() || !asked.isEmpty());
      if (!sent.isComplete()) {
        next().ok("done");
        assertThat(get(sent).body()).hasToString("done");
        return;
      }
      assertThat(sent.cause()).isInstanceOf(RaftException.class);
    }
    throw new AssertionError("no call has come within %d s".formatted(TestNode.WAIT_SECONDS));
  }

  /** Options of a client that knows these members. */
  static GrpcClientChannelOptions client(Member... seeds) {
    return new GrpcClientChannelOptions()
        .setClusterId("c")
        .setGroupId("g")
        // A machine that is busy with other things may take its time.
        .setConnectTimeoutMs(20_000)
        .setMembers(List.of(seeds));
  }

  static ClientRequest command(String text) {
    return ClientRequest.commands(false, 7, 3, 2, 5_000, Buffer.buffer(text));
  }
}
