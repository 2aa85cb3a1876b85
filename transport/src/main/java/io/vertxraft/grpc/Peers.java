package io.vertxraft.grpc;

import io.vertx.core.Future;
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
  private final HttpLayer http;
  private final GrpcTransportOptions options;
  private final GroupRegistry groups;
  private final TransportCounters counters;
  private final RateLimitedLog log;
  private final Map<String, Map<StreamKind, PeerStream>> streams = new ConcurrentHashMap<>();

  Peers(
      VertxInternal vertx,
      HttpLayer http,
      GrpcTransportOptions options,
      GroupRegistry groups,
      TransportCounters counters,
      RateLimitedLog log) {
    this.vertx = vertx;
    this.http = http;
    this.options = options;
    this.groups = groups;
    this.counters = counters;
    this.log = log;
  }

  /** The stream to a peer, or null if no group has this peer. */
  PeerStream stream(String peerId, StreamKind kind) {
    Map<StreamKind, PeerStream> kinds = streams.get(peerId);
    return kinds == null ? null : kinds.get(kind);
  }

  /** Connects to the peers of a group, unless another group has done so already. */
  void connect(JoinedGroup group) {
    for (PeerAddress member : group.members()) {
      if (group.hasPeer(member.nodeId())) {
        streams.computeIfAbsent(member.nodeId(), id -> open(group.identity(), member));
      }
    }
  }

  private Map<StreamKind, PeerStream> open(GroupIdentity self, PeerAddress peer) {
    Map<StreamKind, PeerStream> kinds = new EnumMap<>(StreamKind.class);
    for (StreamKind kind : StreamKind.values()) {
      // Each kind gets its own event loop where there are several: decoding a large batch of
      // entries must not hold up a heartbeat.
      PeerStream stream =
          new PeerStream(
              vertx.createEventLoopContext(),
              http,
              options,
              self,
              peer,
              kind,
              groups,
              counters,
              log);
      kinds.put(kind, stream);
      stream.open();
    }
    return kinds;
  }

  /** Closes the streams to peers that no joined group has any more. */
  Future<Void> closeUnused() {
    List<Future<?>> closing = new ArrayList<>();
    for (String peerId : List.copyOf(streams.keySet())) {
      if (!groups.hasPeer(peerId)) {
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
