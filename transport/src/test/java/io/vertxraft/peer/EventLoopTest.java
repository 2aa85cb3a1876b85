package io.vertxraft.peer;

import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On which event loops a node's traffic is handled. */
class EventLoopTest {
  /** More than a node uses, so that each context can have another one. */
  private static final int LOOPS = 8;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
  private final Map<StreamKind, EventLoop> streams = new EnumMap<>(StreamKind.class);
  private EventLoop port;

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @Test
  void itIsTheLoopOfTheGroupThatJoinsAndAnotherForSnapshots() {
    EventLoop home = join(new PlainOptions());
    assertThat(port).isSameAs(home);
    assertThat(streams.get(StreamKind.CONTROL)).isSameAs(home);
    assertThat(streams.get(StreamKind.BULK)).isSameAs(home);
    assertThat(streams.get(StreamKind.SNAPSHOT)).isNotSameAs(home);
  }

  @Test
  void itIsOthersIfTheOptionsSaySo() {
    EventLoop home = join(new PlainOptions().setOwnEventLoops(true));
    assertThat(port).isNotSameAs(home);
    assertThat(streams.values()).doesNotContain(home).doesNotHaveDuplicates();
  }

  private EventLoop join(PlainOptions options) {
    PeerAddress n1 = address("n1");
    PeerAddress n2 = address("n2");
    TransportParts parts = TransportParts.of(options, System.getLogger("test"));
    PeerTransport transport = new PeerTransport(vertx, parts, new Recorder()) {};
    ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    Promise<Transport.Endpoint> joined = Promise.promise();
    context.runOnContext(
        v ->
            transport
                .join(
                    new GroupIdentity("c", "g", "n1"),
                    List.of(n1, n2),
                    Runnable::run,
                    (from, message) -> {})
                .onComplete(joined));
    assertThat(get(joined.future())).isNotNull();
    return context.nettyEventLoop();
  }

  /** Speaks to nobody, and remembers on which loop it would. */
  private final class Recorder implements WireProtocol {
    @Override
    public Dialer dialer(
        ContextInternal context, GroupIdentity self, PeerAddress peer, StreamKind kind) {
      streams.put(kind, context.nettyEventLoop());
      return new Dialer() {
        @Override
        public void dial(FrameReader reader, Listener listener) {}

        @Override
        public Future<Void> hangUp() {
          return Future.succeededFuture();
        }
      };
    }

    @Override
    public Listening listening(ContextInternal context, InboundStreams inbound) {
      port = context.nettyEventLoop();
      return new Listening() {
        @Override
        public Future<Void> listen(String host, int port) {
          return Future.succeededFuture();
        }

        @Override
        public Future<Void> close() {
          return Future.succeededFuture();
        }
      };
    }
  }
}
