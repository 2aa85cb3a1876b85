package io.vertxraft.testkit.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes bytes on between clients and one member, until it is told to keep what comes back, or is
 * cut; new connections then pass again. Confined to the event loop of its server.
 */
final class Cable {
  private final List<Connection> connections = new ArrayList<>();
  private final int port;

  private record Connection(NetSocket front, NetSocket back) {}

  /** Starts to listen on {@code port} for what is meant for {@code memberPort}. */
  Cable(Vertx vertx, int port, int memberPort) throws Exception {
    this.port = port;
    NetClient client = vertx.createNetClient();
    GroupOfThree.get(
        vertx
            .createNetServer()
            .connectHandler(
                front -> {
                  front.pause();
                  client
                      .connect(memberPort, GroupOfThree.HOST)
                      .onFailure(e -> front.close())
                      .onSuccess(back -> join(new Connection(front, back)));
                })
            .listen(port, GroupOfThree.HOST));
  }

  int port() {
    return port;
  }

  private synchronized void join(Connection connection) {
    NetSocket front = connection.front;
    NetSocket back = connection.back;
    connections.add(connection);
    front.handler(back::write).closeHandler(v -> back.close());
    back.handler(front::write).closeHandler(v -> front.close());
    front.resume();
  }

  /** From now on what is asked gets through, and the answers do not. */
  synchronized void keepAnswers() {
    connections.forEach(connection -> connection.back.pause());
  }

  /** Cuts all present connections; what was kept is lost. */
  synchronized Future<Void> cut() {
    List<Future<Void>> cuts = new ArrayList<>();
    for (Connection connection : connections) {
      connection.back.handler(bytes -> {});
      cuts.add(connection.front.close());
    }
    connections.clear();
    return Future.join(cuts).mapEmpty();
  }
}
