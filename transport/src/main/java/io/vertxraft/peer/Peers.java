package io.vertxraft.peer;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The streams to all peers, shared by the groups. Changed by one thread, read by all. */
final class Peers {
  private final VertxInternal vertx;
  private final WireProtocol protocol;
  private final TransportParts parts;
  private final Map<String, Map<StreamKind, PeerStream>> streams = new ConcurrentHashMap<>();

  Peers(VertxInternal vertx, WireProtocol protocol, TransportParts parts) {
    this.vertx = vertx;
    this.protocol = protocol;
    this.parts = parts;
  }

  /** The stream to a peer, or null if no group has this peer. */
  PeerStream stream(String peerId, StreamKind kind) {
    Map<StreamKind, PeerStream> kinds = streams.get(peerId);
    return kinds == null ? null : kinds.get(kind);
  }

  /**
   * Connects to the peers of a group, unless another group has done so already.
   *
   * @param home where the transport's own work is done
   */
  void connect(JoinedGroup group, ContextInternal home) {
    for (PeerAddress member : group.members()) {
      if (group.hasPeer(member.nodeId())) {
        streams.computeIfAbsent(member.nodeId(), id -> open(group.identity(), member, home));
      }
    }
  }

  private Map<StreamKind, PeerStream> open(
      GroupIdentity self, PeerAddress peer, ContextInternal home) {
    Map<StreamKind, PeerStream> kinds = new EnumMap<>(StreamKind.class);
    for (StreamKind kind : StreamKind.values()) {
      // Pieces of snapshots are large and in no hurry: never on a group's own event loop. Other
      // kinds are there, or on different ones: decoding many entries holds up no heartbeat then.
      ContextInternal context =
          parts.options().isOwnEventLoops() || kind == StreamKind.SNAPSHOT
              ? vertx.createEventLoopContext()
              : home;
      PeerStream stream =
          new PeerStream(
              context, protocol.dialer(context, self, peer, kind), self, peer, kind, parts);
      kinds.put(kind, stream);
      stream.open();
    }
    return kinds;
  }

  /** Closes the streams to peers that no joined group has any more. */
  Future<Void> closeUnused() {
    List<Future<?>> closing = new ArrayList<>();
    for (String peerId : List.copyOf(streams.keySet())) {
      if (!parts.groups().hasPeer(peerId)) {
        streams.remove(peerId).values().forEach(stream -> closing.add(stream.close()));
      }
    }
    return closing.isEmpty() ? Future.succeededFuture() : Future.join(closing).mapEmpty();
  }

  /** The state of all streams, in the order of the peers' ids. */
  List<PeerStatus> status() {
    Collection<Map<StreamKind, PeerStream>> sorted = new TreeMap<>(streams).values();
    return sorted.stream()
        .flatMap(kinds -> kinds.values().stream())
        .map(PeerStream::status)
        .toList();
  }
}
