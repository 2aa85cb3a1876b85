package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CuttableTransportTest {
  private final RecordingTransport wire = new RecordingTransport();
  private final CuttableTransport transport = new CuttableTransport(wire);
  private final List<Message> received = new ArrayList<>();
  private Transport.Endpoint endpoint;

  @BeforeEach
  void join() {
    endpoint =
        transport
            .join(
                new GroupIdentity("c", "g", "n1"),
                List.of(),
                Runnable::run,
                (from, message) -> received.add(message))
            .result();
  }

  @Test
  void whatIsNotCutPassesBothWays() {
    endpoint.send("n2", new StatusRequest(1));
    wire.receiver.receive("n2", new StatusRequest(2));
    assertThat(wire.sent).containsExactly(new StatusRequest(1));
    assertThat(received).containsExactly(new StatusRequest(2));
    assertThat(transport.dropped()).isZero();
  }

  @Test
  void whileCutNothingPassesInEitherDirectionAndEachLossIsCounted() {
    transport.cut();
    endpoint.send("n2", new StatusRequest(1));
    wire.receiver.receive("n2", new StatusRequest(2));
    assertThat(transport.isCut()).isTrue();
    assertThat(wire.sent).isEmpty();
    assertThat(received).isEmpty();
    assertThat(transport.dropped()).isEqualTo(2);
  }

  @Test
  void oneWayOnlyWhatIsSaidToThatPeerIsLost() {
    transport.cutTo("n2");
    endpoint.send("n2", new StatusRequest(1));
    endpoint.send("n3", new StatusRequest(2));
    wire.receiver.receive("n2", new StatusRequest(3));
    assertThat(transport.isImpaired()).isTrue();
    assertThat(transport.isCut()).isFalse();
    assertThat(wire.sent).containsExactly(new StatusRequest(2));
    assertThat(received).containsExactly(new StatusRequest(3));
    assertThat(transport.dropped()).isEqualTo(1);
    transport.heal();
    endpoint.send("n2", new StatusRequest(4));
    assertThat(transport.isImpaired()).isFalse();
    assertThat(wire.sent).hasSize(2);
  }

  @Test
  void afterHealingNewMessagesPassAndOldOnesStayLost() {
    transport.cut();
    endpoint.send("n2", new StatusRequest(1));
    transport.heal();
    endpoint.send("n2", new StatusRequest(3));
    wire.receiver.receive("n2", new StatusRequest(4));
    assertThat(transport.isCut()).isFalse();
    assertThat(wire.sent).containsExactly(new StatusRequest(3));
    assertThat(received).containsExactly(new StatusRequest(4));
  }

  @Test
  void closingReachesTheTransportBehindEvenWhileCut() {
    transport.cut();
    assertThat(endpoint.close().succeeded()).isTrue();
    assertThat(transport.close().succeeded()).isTrue();
    assertThat(wire.closed).containsExactly("endpoint", "transport");
  }

  /** Keeps what it is given to send. */
  private static final class RecordingTransport implements Transport {
    private final List<Message> sent = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private Receiver receiver;

    @Override
    public Future<Endpoint> join(
        GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver newReceiver) {
      receiver = newReceiver;
      return Future.succeededFuture(
          new Endpoint() {
            @Override
            public void send(String to, Message message) {
              sent.add(message);
            }

            @Override
            public Future<Void> close() {
              closed.add("endpoint");
              return Future.succeededFuture();
            }
          });
    }

    @Override
    public Future<Void> close() {
      closed.add("transport");
      return Future.succeededFuture();
    }
  }
}
