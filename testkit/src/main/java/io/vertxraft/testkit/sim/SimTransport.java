package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/** One life of a node's transport. */
final class SimTransport implements Transport {
  private final SimNetwork network;
  private final SimLoop loop;
  private final String nodeId;
  private final int station;
  private final SimContext incarnation;
  private final Map<String, SimEndpoint> endpoints = new LinkedHashMap<>();
  private boolean closed;

  SimTransport(
      SimNetwork network, SimLoop loop, String nodeId, int station, SimContext incarnation) {
    this.network = network;
    this.loop = loop;
    this.nodeId = nodeId;
    this.station = station;
    this.incarnation = incarnation;
  }

  @Override
  public Future<Endpoint> join(
      GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver) {
    Promise<Endpoint> promise = Promise.promise();
    String refusal = refusal(identity);
    if (refusal == null) {
      SimEndpoint endpoint = new SimEndpoint(identity, members, context, receiver);
      endpoints.put(identity.groupId(), endpoint);
      context.execute(() -> promise.complete(endpoint));
    } else {
      context.execute(() -> promise.fail(new VertxException(refusal, true)));
    }
    return promise.future();
  }

  private String refusal(GroupIdentity identity) {
    if (closed) {
      return "the transport of node '%s' is closed".formatted(nodeId);
    }
    if (!identity.nodeId().equals(nodeId)) {
      return "node '%s' cannot join as '%s'".formatted(nodeId, identity.nodeId());
    }
    for (SimEndpoint endpoint : endpoints.values()) {
      if (!endpoint.identity.clusterId().equals(identity.clusterId())) {
        return "node '%s' is in cluster '%s' and cannot join '%s'"
            .formatted(nodeId, endpoint.identity.clusterId(), identity.clusterId());
      }
    }
    if (endpoints.containsKey(identity.groupId())) {
      return "node '%s' has joined group '%s' already".formatted(nodeId, identity.groupId());
    }
    return null;
  }

  @Override
  public Future<Void> close() {
    closed = true;
    endpoints.values().forEach(endpoint -> endpoint.open = false);
    endpoints.clear();
    SimContext context = loop.current() == null ? incarnation : loop.current();
    return completeOn(context);
  }

  private static Future<Void> completeOn(Executor context) {
    Promise<Void> promise = Promise.promise();
    context.execute(promise::complete);
    return promise.future();
  }

  /** The endpoint that may hear a message of {@code sender}, or null. */
  SimEndpoint endpointFor(GroupIdentity sender) {
    SimEndpoint endpoint = endpoints.get(sender.groupId());
    boolean accepts =
        endpoint != null
            && !incarnation.isKilled()
            && endpoint.identity.clusterId().equals(sender.clusterId())
            && endpoint.members.contains(sender.nodeId());
    return accepts ? endpoint : null;
  }

  /** A group's endpoint. */
  final class SimEndpoint implements Endpoint {
    private final GroupIdentity identity;
    private final Set<String> members = new LinkedHashSet<>();
    private final Executor context;
    private final Receiver receiver;
    private final EntryCodec codec;
    private boolean open = true;

    private SimEndpoint(
        GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver) {
      this.identity = identity;
      this.context = context;
      this.receiver = receiver;
      this.codec = new EntryCodec(identity.groupId());
      members.forEach(member -> this.members.add(member.nodeId()));
    }

    GroupIdentity identity() {
      return identity;
    }

    int station() {
      return station;
    }

    EntryCodec codec() {
      return codec;
    }

    @Override
    public void send(String to, Message message) {
      if (open && !incarnation.isKilled() && members.contains(to) && !to.equals(nodeId)) {
        network.send(this, to, message);
      }
    }

    void deliver(String from, Message message) {
      context.execute(
          () -> {
            if (open) {
              receiver.receive(from, message);
            }
          });
    }

    @Override
    public Future<Void> close() {
      if (open) {
        open = false;
        endpoints.remove(identity.groupId(), this);
      }
      return completeOn(context);
    }
  }
}
