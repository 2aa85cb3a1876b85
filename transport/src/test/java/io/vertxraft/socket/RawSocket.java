package io.vertxraft.socket;

import static io.vertxraft.peer.TestNode.get;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.Outgoing;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.Message;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One end of a connection that says whatever a test wants: a stranger, or a peer with a defect. */
final class RawSocket {
  final NetSocket socket;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Buffer received = Buffer.buffer();

  RawSocket(NetSocket socket) {
    this.socket = socket;
    socket.handler(this::add);
    socket.closeHandler(v -> closed.countDown());
    socket.exceptionHandler(e -> {});
  }

  static RawSocket connect(Vertx vertx, int port) {
    return new RawSocket(get(vertx.createNetClient().connect(port, TestNode.HOST)));
  }

  /** Connects, greets, and waits for the answer. */
  static RawSocket open(Vertx vertx, int port, StreamKind kind, MultiMap greeting) {
    RawSocket socket = connect(vertx, port);
    socket.greet(
        MultiMap.caseInsensitiveMultiMap().addAll(greeting).set(Greeting.STREAM, kind.name()));
    socket.answer();
    return socket;
  }

  /** What a well-behaved peer says. */
  static MultiMap greeting(String cluster, String from, String to) {
    return MultiMap.caseInsensitiveMultiMap()
        .set(Handshake.VERSION_KEY, Handshake.VERSION)
        .set(Handshake.CLUSTER, cluster)
        .set(Handshake.FROM, from)
        .set(Handshake.TO, to);
  }

  private synchronized void add(Buffer bytes) {
    received.appendBuffer(bytes);
    notifyAll();
  }

  void greet(MultiMap greeting) {
    writeBytes(BufferInternal.buffer(Greeting.encode(greeting)).getBytes());
  }

  void writeBytes(byte[] bytes) {
    get(socket.write(Buffer.buffer(bytes)));
  }

  void writeBytes(int... bytes) {
    Buffer all = Buffer.buffer();
    for (int b : bytes) {
      all.appendByte((byte) b);
    }
    get(socket.write(all));
  }

  /** Runs a task once the other end has greeted. */
  void whenGreeted(Consumer<MultiMap> task) {
    socket.handler(
        bytes -> {
          add(bytes);
          if (hasGreeting(received)) {
            socket.handler(this::add);
            task.accept(answer());
          }
        });
  }

  /** Writes messages of a group. */
  void write(String groupId, Message... messages) {
    for (Message message : messages) {
      writeBytes(frame(groupId, message));
    }
  }

  static byte[] frame(String groupId, Message message) {
    ByteBuf out = Unpooled.buffer();
    FrameWriter.write(out, new Outgoing(groupId, message, 0));
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /** The other end's greeting. */
  MultiMap answer() {
    ByteBuf all = Unpooled.wrappedBuffer(await(bytes -> hasGreeting(bytes)).getBytes());
    return Greeting.decode(all, Greeting.length(all));
  }

  private static boolean hasGreeting(Buffer bytes) {
    int length = Greeting.length(Unpooled.wrappedBuffer(bytes.getBytes()));
    return length > 0 && length <= bytes.length();
  }

  /** Waits until these bytes have come behind the greeting, and any others. */
  void awaitBytes(byte[] wanted) {
    String text = HexFormat.of().formatHex(wanted);
    await(bytes -> HexFormat.of().formatHex(bytes.getBytes()).contains(text));
  }

  /** What has come after the greeting, once it is more than so many bytes. */
  Buffer awaitBeyondGreeting(int moreThan) {
    Buffer all =
        await(
            bytes ->
                hasGreeting(bytes)
                    && bytes.length()
                        > moreThan + Greeting.length(Unpooled.wrappedBuffer(bytes.getBytes())));
    return all.getBuffer(Greeting.length(Unpooled.wrappedBuffer(all.getBytes())), all.length());
  }

  /** How much has come so far, greeting included. */
  synchronized int receivedBytes() {
    return received.length();
  }

  private synchronized Buffer await(Predicate<Buffer> enough) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestNode.WAIT_SECONDS);
    while (!enough.test(received)) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (leftMs <= 0) {
        throw new AssertionError("not enough has come: %d bytes".formatted(received.length()));
      }
      try {
        wait(leftMs);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return received.copy();
  }

  void awaitClosed() {
    try {
      if (!closed.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the connection is still open");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
