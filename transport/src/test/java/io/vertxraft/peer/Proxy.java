package io.vertxraft.peer;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.get;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Passes bytes on between two nodes, until it is told to keep them or to cut the cable. */
public final class Proxy {
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch accepted = new CountDownLatch(0);

  private record Connection(NetSocket front, NetSocket back) {}

  public Proxy(Vertx vertx, int frontPort, int backPort) {
    NetClient client = vertx.createNetClient();
    get(
        vertx
            .createNetServer()
            .connectHandler(
                front -> {
                  front.pause();
                  client
                      .connect(backPort, HOST)
                      .onFailure(e -> front.close())
                      .onSuccess(back -> accept(new Connection(front, back)));
                })
            .listen(frontPort, HOST));
  }

  private void accept(Connection connection) {
    NetSocket front = connection.front;
    NetSocket back = connection.back;
    connections.add(connection);
    front.handler(back::write).closeHandler(v -> back.close());
    back.handler(front::write).closeHandler(v -> front.close());
    front.resume();
    accepted.countDown();
  }

  /** Freezes all present connections; the latch opens when two new ones have come. */
  public CountDownLatch freeze() {
    accepted = new CountDownLatch(2);
    connections.forEach(
        connection -> {
          connection.front.pause();
          connection.back.pause();
        });
    return accepted;
  }

  /** Keeps what comes back on the newest connection. */
  public void freezeNewest() {
    newest().back.pause();
  }

  /** Passes on what was kept. */
  public void thawNewest() {
    newest().back.resume();
  }

  /** Cuts the newest connection. */
  public void cutNewest() {
    newest().front.close();
  }

  private Connection newest() {
    return connections.get(connections.size() - 1);
  }
}
