package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A member of a group as seen by the transport: its endpoint and what it has received. */
public final class TestNode {
  public static final String HOST = "127.0.0.1";
  public static final long WAIT_SECONDS = 30;

  public final PeerTransport transport;
  public final Transport.Endpoint endpoint;
  public final BlockingQueue<Received> received;

  public record Received(String from, Message message, boolean onContext) {}

  private TestNode(
      PeerTransport transport, Transport.Endpoint endpoint, BlockingQueue<Received> received) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.received = received;
  }

  /** Joins a group and waits until it has. */
  public static TestNode join(
      Vertx vertx,
      PeerTransport transport,
      String cluster,
      String group,
      String node,
      PeerAddress... members) {
    BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    Context context = vertx.getOrCreateContext();
    Promise<Transport.Endpoint> joined = Promise.promise();
    // On the group's context, as members do.
    context.runOnContext(
        onContext ->
            transport
                .join(
                    new GroupIdentity(cluster, group, node),
                    List.of(members),
                    task -> context.runOnContext(v -> task.run()),
                    (from, message) ->
                        received.add(
                            new Received(from, message, Vertx.currentContext() == context)))
                .onComplete(joined));
    return new TestNode(transport, get(joined.future()), received);
  }

  public static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until something is so. */
  public static void until(Vertx vertx, BooleanSupplier condition) {
    Promise<Void> met = Promise.promise();
    vertx.setPeriodic(
        10,
        id -> {
          if (condition.getAsBoolean()) {
            vertx.cancelTimer(id);
            met.complete();
          }
        });
    get(met.future());
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static PeerAddress address(String node) {
    return new PeerAddress(node, HOST, freePort());
  }

  /** The next message; fails if none comes. */
  public Received next() {
    Received next = poll(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
    assertThat(next).as("a message within %d s", WAIT_SECONDS).isNotNull();
    return next;
  }

  /** The next message of a type, skipping others. */
  public <T extends Message> T next(Class<T> type) {
    while (true) {
      Message message = next().message();
      if (type.isInstance(message)) {
        return type.cast(message);
      }
    }
  }

  /** The state of the streams that are to be open all the time. */
  public List<PeerStatus> lastingStreams() {
    return transport.peers().stream().filter(peer -> !peer.kind().onDemand()).toList();
  }

  /** The state of the stream for snapshots to the only peer. */
  public PeerStatus snapshotStream() {
    List<PeerStatus> all =
        transport.peers().stream().filter(peer -> peer.kind() == StreamKind.SNAPSHOT).toList();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private Received poll(long ms) {
    try {
      return received.poll(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sends {@code message} again and again until {@code other} has got one: what is sent before the
   * connection is up is dropped by design.
   */
  public void reach(TestNode other, String otherId, Message message) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (System.nanoTime() < deadline) {
      endpoint.send(otherId, message);
      Received got = other.poll(20);
      if (got != null && got.message().equals(message)) {
        return;
      }
    }
    throw new AssertionError("%s not reached: %s".formatted(otherId, transport.peers()));
  }

  /** Waits until both lasting streams to a peer work, and takes the probes out of its way. */
  public void awaitStreams(TestNode other, String otherId) {
    long probe = System.nanoTime();
    reach(other, otherId, new StatusRequest(probe));
    reach(other, otherId, new AppendEntries(probe, 0, 0, 0, List.of()));
    // What is still under way of the repeated probes arrives before this one.
    StatusRequest last = new StatusRequest(probe + 1);
    var lastBulk = new AppendEntries(probe + 1, 0, 0, 0, List.of());
    endpoint.send(otherId, last);
    endpoint.send(otherId, lastBulk);
    int left = 2;
    while (left > 0) {
      Message message = other.next().message();
      if (message.equals(last) || message.equals(lastBulk)) {
        left--;
      }
    }
  }
}
