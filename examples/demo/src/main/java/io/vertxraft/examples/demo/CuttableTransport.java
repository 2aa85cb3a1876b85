package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * A transport with switches: while cut, it drops every message in both directions, as a network
 * does when the cable is pulled; single peers can be cut one way, so that what is said to them is
 * lost. May be switched from any thread, with effect on the next message.
 */
final class CuttableTransport implements Transport {
  private final Transport delegate;
  private final LongAdder dropped = new LongAdder();
  private final Set<String> deafPeers = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  /** Wraps a transport; not cut at first. */
  CuttableTransport(Transport delegate) {
    this.delegate = delegate;
  }

  /** Drops everything from now on. */
  void cut() {
    cut = true;
  }

  /** Drops what is sent to one peer from now on; what comes from it still arrives. */
  void cutTo(String peer) {
    deafPeers.add(peer);
  }

  /** Lets messages pass again; what was dropped stays lost. */
  void heal() {
    cut = false;
    deafPeers.clear();
  }

  /** Whether anything is dropped. */
  boolean isImpaired() {
    return cut || !deafPeers.isEmpty();
  }

  /** Whether messages are dropped. */
  boolean isCut() {
    return cut;
  }

  /** Messages dropped so far, both directions. */
  long dropped() {
    return dropped.sum();
  }

  @Override
  public Future<Endpoint> join(
      GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver) {
    return delegate
        .join(identity, members, context, new SwitchedReceiver(receiver))
        .map(SwitchedEndpoint::new);
  }

  @Override
  public Future<Void> close() {
    return delegate.close();
  }

  private boolean passes(boolean open) {
    if (cut || !open) {
      dropped.increment();
      return false;
    }
    return true;
  }

  /** The way in, behind the switch; clients keep their way. */
  private final class SwitchedReceiver implements Receiver {
    private final Receiver receiver;

    SwitchedReceiver(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void receive(String from, Message message) {
      if (passes(true)) {
        receiver.receive(from, message);
      }
    }

    @Override
    public Future<ClientReply> serve(ClientRequest request) {
      return receiver.serve(request);
    }
  }

  /** The way out, behind the same switch. */
  private final class SwitchedEndpoint implements Endpoint {
    private final Endpoint endpoint;

    SwitchedEndpoint(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void send(String to, Message message) {
      if (passes(!deafPeers.contains(to))) {
        endpoint.send(to, message);
      }
    }

    @Override
    public Future<Void> close() {
      return endpoint.close();
    }
  }
}
