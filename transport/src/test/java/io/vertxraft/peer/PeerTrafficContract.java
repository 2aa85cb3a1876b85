package io.vertxraft.peer;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Large, many, damaged and unanswered messages. */
public abstract class PeerTrafficContract extends ContractTest {
  private static final int LASTING_STREAMS = 2;
  protected final PeerAddress n1 = address("n1");
  protected final PeerAddress n2 = address("n2");

  @Test
  void aMessageNearTheLimitTravels() {
    TestNode a = join("n1", o -> {});
    TestNode b = join("n2", o -> {});
    a.awaitStreams(b, "n2");
    AppendEntries large = append(1, 8 * 1024 * 1024 - 1024);
    a.endpoint.send("n2", large);
    assertThat(b.next().message()).isEqualTo(large);
  }

  @Test
  void aMessageBeyondTheSendersLimitIsDroppedAndNamed() {
    TestNode a = join("n1", o -> o.setMessageBytesMax(100_000));
    TestNode b = join("n2", o -> {});
    a.awaitStreams(b, "n2");
    try (LogCapture log = new LogCapture(logger())) {
      a.endpoint.send("n2", append(1, 100_000));
      a.endpoint.send("n2", append(1, 100));
      assertThat(b.next().message()).isEqualTo(append(1, 100));
      assertThat(log.await("messageBytesMax 100000")).contains("AppendEntries", "n2=");
      assertThat(a.transport.stats().droppedTooLarge()).isEqualTo(1);
    }
  }

  @Test
  void aMessageBeyondTheReceiversLimitIsSkippedAndTheStreamGoesOn() {
    TestNode a = join("n1", o -> {});
    TestNode b = join("n2", o -> o.setMessageBytesMax(100_000));
    a.awaitStreams(b, "n2");
    try (LogCapture log = new LogCapture(logger())) {
      a.endpoint.send("n2", append(1, 1_000_000));
      a.endpoint.send("n2", append(1, 100));
      assertThat(b.next().message()).isEqualTo(append(1, 100));
      log.await("a frame from 'n1' on BULK is larger than messageBytesMax");
      assertThat(b.transport.stats().droppedTooLarge()).isEqualTo(1);
      assertThat(a.lastingStreams()).allMatch(peer -> peer.connects() == 1);
    }
  }

  @Test
  void anAnswerBeyondTheReceiversLimitIsSkippedAndTheStreamGoesOn() {
    TestNode a = join("n1", o -> o.setMessageBytesMax(100_000));
    TestNode b = join("n2", o -> {});
    a.awaitStreams(b, "n2");
    var reply = new ForwardReply(1, ForwardReply.Outcome.APPLIED, "", "", null, new byte[500_000]);
    b.endpoint.send("n1", reply);
    b.endpoint.send("n1", AppendEntriesReply.accepted(1, 1));
    assertThat(a.next().message()).isEqualTo(AppendEntriesReply.accepted(1, 1));
    assertThat(a.transport.stats().droppedTooLarge()).isEqualTo(1);
    assertThat(a.lastingStreams()).allMatch(peer -> peer.connects() == 1);
  }

  @Test
  void aGroupThatIsBusyLosesItsOwnMessagesOnly() throws Exception {
    Consumer<PeerTransportOptions<?>> small =
        o -> o.setMessageBytesMax(2_000_000).setInboundBytesMax(4_000_000);
    TestNode a = join("n1", small);
    TestNode b = join("n2", small);
    a.awaitStreams(b, "n2");
    Queue<Runnable> stuck = new ConcurrentLinkedQueue<>();
    get(
        b.transport.join(
            new GroupIdentity("c", "stuck", "n2"), List.of(n1, n2), stuck::add, (f, m) -> {}));
    TestNode a2 = TestNode.join(vertx, a.transport, "c", "stuck", "n1", n1, n2);

    ForwardRequest megabyte = new ForwardRequest(1, 1, new byte[1_000_000]);
    for (int i = 0; i < 10; i++) {
      a2.endpoint.send("n2", megabyte);
    }
    a.endpoint.send("n2", append(1, 100));

    assertThat(b.next().message()).isEqualTo(append(1, 100));
    assertThat(b.transport.stats().droppedQueueFull()).isPositive();
    assertThat(stuck).as("one task for all that waits").hasSize(1);
  }

  @Test
  void aPeerThatFallsSilentIsGivenUpAndReachedAgain() throws Exception {
    int frontPort = TestNode.freePort();
    Proxy proxy = new Proxy(vertx, frontPort, n2.port());
    Consumer<PeerTransportOptions<?>> impatient = o -> o.setPeerIdleTimeoutMs(600);
    TestNode a =
        TestNode.join(
            vertx,
            transport(impatient),
            "c",
            "g",
            "n1",
            n1,
            new PeerAddress("n2", HOST, frontPort));
    TestNode b = join("n2", o -> {});
    a.reach(b, "n2", new StatusRequest(1));
    a.reach(b, "n2", append(1, 1));

    CountDownLatch again = proxy.freeze();
    assertThat(again.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS))
        .as("both streams connect anew")
        .isTrue();
    a.reach(b, "n2", new StatusRequest(2));
    a.reach(b, "n2", append(2, 2));
    assertThat(a.lastingStreams())
        .allMatch(peer -> peer.lastError().contains("peerIdleTimeoutMs 600"));
  }

  @Test
  void whoConnectsAndSaysNothingIsNotKept() throws Exception {
    join("n1", o -> o.setPeerIdleTimeoutMs(100));
    try (Socket silent = new Socket(HOST, n1.port())) {
      silent.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TestNode.WAIT_SECONDS));
      int read = silent.getInputStream().read();
      while (read >= 0) {
        // The other end may say something before it gives up.
        read = silent.getInputStream().read();
      }
      assertThat(read).as("the end of the stream").isEqualTo(-1);
    }
  }

  @Test
  void aListenerThatAcceptsAndSaysNothingDoesNotBarTheWayToThePeer() throws Exception {
    BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    TestNode a;
    Thread acceptor;
    try (ServerSocket silent = new ServerSocket()) {
      silent.setReuseAddress(true);
      silent.bind(new InetSocketAddress(HOST, n2.port()));
      acceptor = new Thread(() -> acceptAll(silent, accepted), "silent acceptor");
      acceptor.start();
      a = join("n1", o -> o.setConnectTimeoutMs(300));
      // Both streams, twice each: a retry is a new connection, and the earlier one is given up.
      for (int i = 0; i < 2 * LASTING_STREAMS; i++) {
        Socket socket = accepted.poll(TestNode.WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(socket).as("connection %d", i).isNotNull();
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TestNode.WAIT_SECONDS));
        socket.getInputStream().readAllBytes();
      }
      assertThat(a.lastingStreams())
          .allMatch(peer -> peer.lastError().contains("connectTimeoutMs 300"));
    }
    // The port is free only when the thread that waits on it has gone.
    acceptor.join();
    TestNode b = join("n2", o -> {});
    a.awaitStreams(b, "n2");
    for (Socket socket : accepted) {
      socket.close();
    }
  }

  private static void acceptAll(ServerSocket server, Queue<Socket> accepted) {
    try {
      while (true) {
        accepted.add(server.accept());
      }
    } catch (IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  protected AppendEntries append(int count, int payloadBytes) {
    EntryCodec codec = new EntryCodec("g");
    List<LogEntry> entries =
        LongStream.rangeClosed(1, count)
            .mapToObj(i -> codec.encode(i, 1, EntryType.COMMAND, new byte[payloadBytes]))
            .toList();
    return new AppendEntries(1, 0, 0, 0, entries);
  }

  protected final TestNode join(String node, Consumer<PeerTransportOptions<?>> settings) {
    return TestNode.join(vertx, transport(settings), "c", "g", node, n1, n2);
  }
}
