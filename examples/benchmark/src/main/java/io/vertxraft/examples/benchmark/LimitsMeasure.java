package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.report.Figure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * What the disk and loopback can do without any library: a synced append, a round trip between two
 * threads, and what one command needs at the very least, a synced write at the leader beside a
 * round trip with a synced write at a follower. The write of a file is of 128 bytes, preallocated.
 */
final class LimitsMeasure {
  private static final int BYTES = 128;
  private static final int FILE_BYTES = 8 * 1024 * 1024;
  private static final int WARM_UP = 500;
  private static final int TIMES = 2_000;

  private final Run run;

  LimitsMeasure(Run run) {
    this.run = run;
  }

  /** Something done again and again. */
  private interface Action {
    void run() throws IOException;
  }

  void measure() throws IOException, InterruptedException {
    run.inDirectory(
        directory -> {
          try (FileChannel leader = file(directory.resolve("leader"));
              FileChannel follower = file(directory.resolve("follower"));
              Echo plain = new Echo(() -> {});
              Echo synced = new Echo(() -> append(follower))) {
            measure("synced append of 128 B", () -> append(leader));
            measure("round trip of 128 B", plain::roundTrip);
            measure(
                "synced append at a leader beside a round trip with one at a follower",
                () -> {
                  synced.send();
                  append(leader);
                  synced.receive();
                });
          }
        });
  }

  private void measure(String name, Action action) throws IOException {
    run.tell("limit: " + name);
    double[] micros = new double[TIMES];
    for (int i = -WARM_UP; i < TIMES; i++) {
      long start = System.nanoTime();
      action.run();
      if (i >= 0) {
        micros[i] = (System.nanoTime() - start) / 1e3;
      }
    }
    Arrays.sort(micros);
    run.add(
        new Figure(
            "limits of this machine, microseconds", name, Arrays.stream(micros).boxed().toList()));
  }

  private static FileChannel file(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.write(ByteBuffer.allocate(FILE_BYTES));
    channel.force(true);
    channel.position(0);
    return channel;
  }

  private static void append(FileChannel channel) throws IOException {
    if (channel.position() + BYTES > FILE_BYTES) {
      channel.position(0);
    }
    channel.write(ByteBuffer.allocate(BYTES));
    channel.force(false);
  }

  /** Answers each message of so many bytes, after doing something. */
  private static final class Echo implements AutoCloseable {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    private final SocketChannel client;
    private final CompletableFuture<Void> end;

    Echo(Action before) throws IOException {
      try (ServerSocketChannel listening = ServerSocketChannel.open()) {
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = SocketChannel.open(listening.getLocalAddress());
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SocketChannel server = listening.accept();
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        end = CompletableFuture.runAsync(() -> answer(server, before));
      }
    }

    private static void answer(SocketChannel server, Action before) {
      ByteBuffer message = ByteBuffer.allocateDirect(BYTES);
      try (server) {
        while (readWhole(server, message)) {
          before.run();
          writeWhole(server, message);
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private static boolean readWhole(SocketChannel channel, ByteBuffer buffer) throws IOException {
      buffer.clear();
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          return false;
        }
      }
      return true;
    }

    private static void writeWhole(SocketChannel channel, ByteBuffer buffer) throws IOException {
      buffer.clear();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    void send() throws IOException {
      writeWhole(client, buffer);
    }

    void receive() throws IOException {
      if (!readWhole(client, buffer)) {
        end.join();
      }
    }

    void roundTrip() throws IOException {
      send();
      receive();
    }

    @Override
    public void close() throws IOException {
      client.close();
      end.join();
    }
  }
}
