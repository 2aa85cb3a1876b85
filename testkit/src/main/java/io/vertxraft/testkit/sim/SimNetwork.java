package io.vertxraft.testkit.sim;

import io.vertxraft.peer.ProtocolException;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The network between the nodes: a {@link SimLink} in each direction between any two, on which
 * messages are delayed, lost, repeated, reordered and cut as configured.
 *
 * <p>Messages travel as the bytes that the gRPC transport sends. Sender and receiver share nothing.
 */
public final class SimNetwork {
  /** Sees every message at the moment a node hands it to the network. */
  @FunctionalInterface
  public interface SendListener {
    /** Called before the network decides what becomes of the message. */
    void sent(String from, String to, Message message);
  }

  private final SimLoop loop;
  private final SimRandom random;
  private final List<Station> stations = new ArrayList<>();
  private final List<MessageRule> rules = new ArrayList<>();
  private final NetworkStatistics statistics = new NetworkStatistics();
  private final Wire wire = new Wire();
  private SendListener sendListener;
  private long sent;
  private long healings;

  SimNetwork(SimLoop loop) {
    this.loop = loop;
    this.random = loop.random("network");
  }

  /** A node's place in the network. */
  private static final class Station {
    final String nodeId;
    final int owner;
    final List<SimLink> links = new ArrayList<>();
    SimTransport transport;
    long lives;

    Station(String nodeId, int owner) {
      this.nodeId = nodeId;
      this.owner = owner;
    }
  }

  /** Adds a node, linked to all others. */
  void addNode(String nodeId, int owner) {
    Station added = new Station(nodeId, owner);
    stations.add(added);
    for (Station station : stations) {
      while (station.links.size() < stations.size()) {
        station.links.add(new SimLink(this, loop, random));
      }
    }
  }

  int indexOf(String nodeId) {
    for (int i = 0; i < stations.size(); i++) {
      if (stations.get(i).nodeId.equals(nodeId)) {
        return i;
      }
    }
    throw new IllegalArgumentException("there is no node '" + nodeId + "' in the network");
  }

  /**
   * The transport of a new life of a node. Messages reach the newest life only.
   *
   * @param incarnation the life's context; when it is killed, the transport is dead
   */
  public Transport transportOf(String nodeId, SimContext incarnation) {
    int index = indexOf(nodeId);
    Station station = stations.get(index);
    station.lives++;
    station.transport = new SimTransport(this, loop, nodeId, index, incarnation);
    return station.transport;
  }

  /** The direction from one node to another. */
  public SimLink link(String from, String to) {
    return stations.get(indexOf(from)).links.get(indexOf(to));
  }

  /** Configures every link. */
  public void eachLink(Consumer<SimLink> configuration) {
    for (Station station : stations) {
      station.links.forEach(configuration);
    }
  }

  /** Cuts one direction: {@code to} no longer hears {@code from}. */
  public void cutOneWay(String from, String to) {
    link(from, to).cut(true);
    fault("cut " + from + " -> " + to);
  }

  /** Cuts both directions between two nodes. */
  public void cut(String a, String b) {
    cutOneWay(a, b);
    cutOneWay(b, a);
  }

  /** Cuts a node off from all others. */
  public void isolate(String nodeId) {
    partition(Set.of(nodeId));
  }

  /** Cuts all links between the nodes of {@code side} and the others, in both directions. */
  public void partition(Set<String> side) {
    for (Station a : stations) {
      for (Station b : stations) {
        if (side.contains(a.nodeId) && !side.contains(b.nodeId)) {
          cut(a.nodeId, b.nodeId);
        }
      }
    }
  }

  /** Copies of messages that were to arrive much later are lost. */
  public void forgetLate() {
    eachLink(SimLink::forgetLate);
    fault("forget late messages");
  }

  /** Heals both directions between two nodes. */
  public void heal(String a, String b) {
    link(a, b).heal();
    link(b, a).heal();
    fault("heal " + a + " <-> " + b);
  }

  /** Heals all cuts and clogs, swizzling included. Probabilities, delays and rules stay. */
  public void healAll() {
    healings++;
    eachLink(SimLink::heal);
    fault("heal all");
  }

  /**
   * Only {@code nodeId} reaches all others: these are split into two halves, by the order of their
   * addition, that do not reach each other.
   */
  public void bridge(String nodeId) {
    Set<String> half = new TreeSet<>();
    int others = stations.size() - 1;
    int bridge = indexOf(nodeId);
    for (int i = 0; i < stations.size(); i++) {
      if (i != bridge && half.size() < (others + 1) / 2) {
        half.add(stations.get(i).nodeId);
      }
    }
    Set<String> bridged = new TreeSet<>(half);
    bridged.add(nodeId);
    for (String a : half) {
      for (Station b : stations) {
        if (!bridged.contains(b.nodeId)) {
          cut(a, b.nodeId);
        }
      }
    }
  }

  /** Half-isolates a node: it hears the others and is not heard. */
  public void mute(String nodeId) {
    for (Station other : stations) {
      if (!other.nodeId.equals(nodeId)) {
        cutOneWay(nodeId, other.nodeId);
      }
    }
  }

  /** Half-isolates a node the other way round: it is heard and hears nobody. */
  public void deafen(String nodeId) {
    for (Station other : stations) {
      if (!other.nodeId.equals(nodeId)) {
        cutOneWay(other.nodeId, nodeId);
      }
    }
  }

  /** Breaks the connections between two nodes: everything on its way between them is lost. */
  public void reset(String a, String b) {
    fault("reset " + a + " <-> " + b);
    link(a, b).reset();
    link(b, a).reset();
  }

  /** Holds back what is sent from one node to another for {@code nanos} from now. */
  public void clog(String from, String to, long nanos) {
    fault("clog " + from + " -> " + to);
    link(from, to).clogUntil(loop.nowNanos() + nanos);
  }

  /** Holds back what is sent from and to a node for {@code nanos} from now. */
  public void clogNode(String nodeId, long nanos) {
    fault("clog " + nodeId);
    long until = loop.nowNanos() + nanos;
    for (Station other : stations) {
      if (!other.nodeId.equals(nodeId)) {
        link(nodeId, other.nodeId).clogUntil(until);
        link(other.nodeId, nodeId).clogUntil(until);
      }
    }
  }

  /**
   * Clogs a random subset of the nodes one by one, in the first half of {@code nanos} from now, and
   * lets them go one by one, in another random order, in the second half. {@link #healAll} ends it.
   *
   * @param draw picks nodes and instants
   */
  public void swizzleClog(SimRandom draw, long nanos) {
    List<Station> victims = new ArrayList<>();
    for (Station station : stations) {
      if (draw.chance(0.5)) {
        victims.add(station);
      }
    }
    if (victims.isEmpty()) {
      victims.add(stations.get((int) draw.below(stations.size())));
    }
    long half = Math.max(1, nanos / 2);
    long healingsBefore = healings;
    for (Station victim : victims) {
      long start = draw.below(half);
      long end = half + draw.below(half);
      loop.after(
          start,
          () -> {
            if (healings == healingsBefore) {
              clogNode(victim.nodeId, end - start);
            }
          });
    }
  }

  /** Drops messages of a type until the rule is stopped. */
  public MessageRule drop(Class<? extends Message> type) {
    return add(new MessageRule(this, type, false));
  }

  /** Holds back messages of a type until the rule is released or stopped. */
  public MessageRule hold(Class<? extends Message> type) {
    return add(new MessageRule(this, type, true));
  }

  private MessageRule add(MessageRule rule) {
    rules.add(rule);
    return rule;
  }

  void remove(MessageRule rule) {
    rules.remove(rule);
  }

  /** Ends all rules; messages held back are lost. */
  public void stopRules() {
    List.copyOf(rules).forEach(MessageRule::stop);
  }

  /** Sets who sees every message; replaces an earlier one. */
  public void onSend(SendListener listener) {
    this.sendListener = listener;
  }

  /** Counts of messages. */
  public NetworkStatistics statistics() {
    return statistics;
  }

  void send(SimTransport.SimEndpoint endpoint, String to, Message message) {
    Station sender = stations.get(endpoint.station());
    if (sendListener != null) {
      sendListener.sent(sender.nodeId, to, message);
    }
    int toIndex = indexOf(to);
    MessageKind kind = MessageKind.of(message);
    byte[] bytes = wire.encode(endpoint.identity().groupId(), message, loop.executedEvents());
    Packet packet =
        new Packet(
            endpoint.station(),
            toIndex,
            endpoint.identity(),
            kind,
            message,
            bytes,
            stations.get(toIndex).lives,
            sent++,
            Packet.Passage.FIRST);
    statistics.countSent(kind, bytes.length);
    record(TraceKind.SEND, packet, Wire.hash(bytes));
    for (int i = 0; i < rules.size(); i++) {
      MessageRule rule = rules.get(i);
      if (rule.catches(packet)) {
        if (rule.holds()) {
          record(TraceKind.HOLD, packet, 0);
          rule.keep(packet);
        } else {
          lose(packet);
        }
        return;
      }
    }
    dispatch(packet);
  }

  /** Puts a message on its link. */
  void dispatch(Packet packet) {
    stations.get(packet.from()).links.get(packet.to()).send(packet);
  }

  void lose(Packet packet) {
    statistics.countDropped(packet.kind());
    record(TraceKind.DROP, packet, 0);
  }

  /** How many lives the node with a number has had. */
  long livesOf(int station) {
    return stations.get(station).lives;
  }

  /**
   * Hands a message that has arrived to its receiver.
   *
   * @param sameLifeOnly whether only the life it was sent to may get it
   * @return false if there is no receiver: the message is lost
   */
  boolean deliver(Packet packet, boolean sameLifeOnly) {
    Station receiver = stations.get(packet.to());
    SimTransport.SimEndpoint endpoint =
        receiver.transport == null ? null : receiver.transport.endpointFor(packet.identity());
    if (endpoint == null || (sameLifeOnly && receiver.lives != packet.receiverLife())) {
      lose(packet);
      return false;
    }
    statistics.countDelivered(packet.kind());
    record(TraceKind.DELIVER, packet, 0);
    try {
      Message message = Wire.decode(packet.bytes(), endpoint.codec());
      endpoint.deliver(packet.identity().nodeId(), message);
    } catch (ProtocolException e) {
      loop.fail("CODEC", packet.message() + " does not survive the wire: " + e.getMessage(), e);
    }
    return true;
  }

  private void record(TraceKind kind, Packet packet, long hash) {
    int to = stations.get(packet.to()).owner;
    loop.record(kind, stations.get(packet.from()).owner, to, hash, packet.message());
  }

  private void fault(String text) {
    loop.record(TraceKind.FAULT, -1, 0, 0, text);
  }
}
