package io.vertxraft.examples.benchmark.peer;

import io.microraft.RaftEndpoint;
import io.microraft.model.message.RaftMessage;
import io.microraft.transport.Transport;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * What MicroRaft has not: a transport. One connection each way between two members, each with a
 * thread that writes and one that reads; a message is its length and its bytes. What finds no
 * connection or a full queue is lost, which the protocol makes good.
 */
final class MicroRaftTransport implements Transport {
  private static final int QUEUE_MESSAGES = 1_024;
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int CONNECT_MILLIS = 1_000;

  private final Object group;
  private final ServerSocket listening;
  private final List<Peer> peers = new ArrayList<>();

  /** Listens at the port of {@code setup.self()}; {@link #start} begins to take messages. */
  MicroRaftTransport(MemberSetup setup, Object group) throws IOException {
    this.group = group;
    for (int port : setup.ports()) {
      peers.add(new Peer(port));
    }
    InetAddress host = InetAddress.getByName(MemberSetup.HOST);
    listening = new ServerSocket();
    // A member that starts again finds its port in the state that closed connections leave.
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(host, setup.ports().get(setup.self())));
  }

  void start(Consumer<RaftMessage> receiver) {
    thread("accepts", () -> accept(receiver));
    for (Peer peer : peers) {
      thread("writes to " + peer.port, peer::write);
    }
  }

  private static void thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(Consumer<RaftMessage> receiver) {
    try {
      while (true) {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        thread("reads from " + socket.getPort(), () -> read(socket, receiver));
      }
    } catch (IOException broken) {
      throw new IllegalStateException("no further connections are accepted", broken);
    }
  }

  private void read(Socket socket, Consumer<RaftMessage> receiver) {
    try (socket;
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES))) {
      while (true) {
        byte[] message = new byte[in.readInt()];
        in.readFully(message);
        receiver.accept(
            MicroRaftCodec.value(bytes -> MicroRaftMessages.read(bytes, group), message));
      }
    } catch (IOException ended) {
      // The other one is gone; it connects again.
    }
  }

  @Override
  public void send(RaftEndpoint target, RaftMessage message) {
    peers.get(((MicroRaftEndpoint) target).place()).queue.offer(message);
  }

  @Override
  public boolean isReachable(RaftEndpoint target) {
    return peers.get(((MicroRaftEndpoint) target).place()).connected;
  }

  /** The way to one member. */
  private static final class Peer {
    private final BlockingQueue<RaftMessage> queue = new ArrayBlockingQueue<>(QUEUE_MESSAGES);
    private final int port;
    private volatile boolean connected;

    Peer(int port) {
      this.port = port;
    }

    /** Connects for each message that finds no connection. */
    void write() {
      try {
        while (true) {
          RaftMessage first = queue.take();
          try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(MemberSetup.HOST, port), CONNECT_MILLIS);
            connected = true;
            write(socket, first);
          } catch (IOException gone) {
            connected = false;
          }
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    private void write(Socket socket, RaftMessage first) throws IOException, InterruptedException {
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES));
      RaftMessage message = first;
      while (true) {
        byte[] bytes = MicroRaftCodec.bytes(MicroRaftMessages::write, message);
        out.writeInt(bytes.length);
        out.write(bytes);
        message = queue.poll();
        if (message == null) {
          out.flush();
          message = queue.take();
        }
      }
    }
  }
}
