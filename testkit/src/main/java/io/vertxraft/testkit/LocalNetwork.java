package io.vertxraft.testkit;

import io.vertx.core.Future;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Connects nodes of one JVM without sockets, for users' unit tests on real Vert.x: messages are
 * handed from context to context, in order, and none is lost between members that have joined.
 * Thread-safe.
 */
public final class LocalNetwork {
  private final Map<GroupIdentity, Station> stations = new ConcurrentHashMap<>();

  /** The transport of one node. */
  public Transport transport() {
    return new LocalTransport();
  }

  /** A member that has joined. */
  private record Station(Executor context, Transport.Receiver receiver) {}

  private final class LocalTransport implements Transport {
    private final Map<GroupIdentity, Station> joined = new ConcurrentHashMap<>();

    @Override
    public Future<Endpoint> join(
        GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver) {
      Station station = new Station(context, receiver);
      if (stations.putIfAbsent(identity, station) != null) {
        return Future.failedFuture(
            new IllegalStateException(identity + " has joined this network already"));
      }
      joined.put(identity, station);
      return Future.succeededFuture(
          new Endpoint() {
            @Override
            public void send(String to, Message message) {
              deliver(identity, to, message);
            }

            @Override
            public Future<Void> close() {
              leave(identity, station);
              return Future.succeededFuture();
            }
          });
    }

    private void leave(GroupIdentity identity, Station station) {
      stations.remove(identity, station);
      joined.remove(identity, station);
    }

    @Override
    public Future<Void> close() {
      joined.forEach(this::leave);
      return Future.succeededFuture();
    }
  }

  private void deliver(GroupIdentity from, String to, Message message) {
    GroupIdentity target = new GroupIdentity(from.clusterId(), from.groupId(), to);
    Station station = stations.get(target);
    if (station != null && stations.containsKey(from)) {
      station.context().execute(() -> station.receiver().receive(from.nodeId(), message));
    }
  }
}
