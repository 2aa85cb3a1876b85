package io.vertxraft.examples.kv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP link to a port that counts what passes, passes it no faster than it is told, and can be cut
 * with all that is under way.
 */
final class CuttableLink implements Closeable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ServerSocket listener;
  private final int targetPort;
  private final long bytesPerSecondMax;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesTo = new AtomicLong();
  private final AtomicLong bytesFrom = new AtomicLong();
  private volatile boolean cut;

  CuttableLink(int targetPort, long bytesPerSecondMax) throws IOException {
    this.bytesPerSecondMax = bytesPerSecondMax;
    this.targetPort = targetPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon("link-" + targetPort, this::accept);
  }

  /** Where the link begins. */
  int port() {
    return listener.getLocalPort();
  }

  /** Bytes that have gone to the target. */
  long bytesTo() {
    return bytesTo.get();
  }

  /** Bytes that have come from the target. */
  long bytesFrom() {
    return bytesFrom.get();
  }

  /** Ends every connection and lets none come about until {@link #heal}. */
  void cut() {
    cut = true;
    open.forEach(CuttableLink::close);
  }

  void heal() {
    cut = false;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        if (cut) {
          client.close();
          continue;
        }
        Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        daemon("to-" + targetPort, () -> pump(client, target, bytesTo));
        daemon("from-" + targetPort, () -> pump(target, client, bytesFrom));
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  private void pump(Socket from, Socket to, AtomicLong counter) {
    open.add(from);
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int bytes = in.read(buffer); bytes >= 0 && !cut; bytes = in.read(buffer)) {
        out.write(buffer, 0, bytes);
        counter.addAndGet(bytes);
        LockSupport.parkNanos(bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecondMax);
      }
    } catch (IOException gone) {
      close(to);
    } finally {
      open.remove(from);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
