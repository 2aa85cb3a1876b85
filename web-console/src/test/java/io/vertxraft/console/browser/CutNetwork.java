package io.vertxraft.console.browser;

import io.vertx.core.Future;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import io.vertxraft.testkit.LocalNetwork;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** A network within the JVM of which single directions can be cut. Thread-safe. */
final class CutNetwork {
  private final LocalNetwork network = new LocalNetwork();
  private final Set<Direction> cuts = ConcurrentHashMap.newKeySet();

  private record Direction(String from, String to) {}

  void cut(String from, String to) {
    cuts.add(new Direction(from, to));
  }

  void heal() {
    cuts.clear();
  }

  Transport transport() {
    Transport whole = network.transport();
    return new Transport() {
      @Override
      public Future<Endpoint> join(
          GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver) {
        return whole.join(identity, members, context, behindCuts(identity.nodeId(), receiver));
      }

      @Override
      public Future<Void> close() {
        return whole.close();
      }
    };
  }

  private Transport.Receiver behindCuts(String to, Transport.Receiver receiver) {
    return new Transport.Receiver() {
      @Override
      public void receive(String from, Message message) {
        if (!cuts.contains(new Direction(from, to))) {
          receiver.receive(from, message);
        }
      }

      @Override
      public Future<ClientReply> serve(ClientRequest request) {
        return receiver.serve(request);
      }
    };
  }
}
