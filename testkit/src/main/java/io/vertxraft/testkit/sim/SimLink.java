package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.sim.Packet.Passage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One direction between two nodes, with its own character. Setters return this and may be called at
 * any time. They hold for messages sent from now on, except that a cut also loses what is on its
 * way, and that a new bandwidth holds for what is queued, too.
 */
public final class SimLink {
  private static final double NANOS_PER_SECOND = 1e9;

  private final SimNetwork network;
  private final SimLoop loop;
  private final SimRandom random;
  private LinkMode mode = LinkMode.DATAGRAM;
  private long delayNanos = 500_000;
  private long jitterNanos = 250_000;
  private double dropProbability;
  private double duplicateProbability;
  private double lateProbability;
  private long lateNanosMax = 60_000_000_000L;
  private long bytesPerSecond;
  private boolean cut;

  private long cloggedUntil;
  private final ArrayDeque<Packet> backlog = new ArrayDeque<>();

  private final ArrayDeque<Packet> queue = new ArrayDeque<>();
  private Transmission transmission;

  private long lateGeneration;
  private long connection;
  private int inFlight;
  private final long[] lastArrival = new long[MessageKind.LANES];
  private final long[] lastDelivered = new long[MessageKind.LANES];

  SimLink(SimNetwork network, SimLoop loop, SimRandom random) {
    this.network = network;
    this.loop = loop;
    this.random = random;
  }

  /** Sets what the link promises; {@link LinkMode#DATAGRAM} at first. */
  public SimLink mode(LinkMode mode) {
    this.mode = mode;
    return this;
  }

  /** {@link LinkMode#CONNECTION} or {@link LinkMode#DATAGRAM}. */
  public SimLink ordered(boolean ordered) {
    return mode(ordered ? LinkMode.CONNECTION : LinkMode.DATAGRAM);
  }

  /** What the link promises. */
  public LinkMode mode() {
    return mode;
  }

  /** Least time a message takes. */
  public SimLink delay(long nanos) {
    this.delayNanos = nanos;
    return this;
  }

  /** Mean of the exponentially distributed time that is added to the delay. */
  public SimLink jitter(long nanosMean) {
    this.jitterNanos = nanosMean;
    return this;
  }

  /** Probability that a message is lost; on a connection, that it breaks at a message. */
  public SimLink dropProbability(double probability) {
    this.dropProbability = probability;
    return this;
  }

  /** Probability that a message arrives twice; a connection repeats nothing. */
  public SimLink duplicateProbability(double probability) {
    this.duplicateProbability = probability;
    return this;
  }

  /**
   * Probability that a copy of a message arrives once more, much later: uniformly within {@code
   * nanosMax}, perhaps in another life of the receiver. A connection gives late copies, too, as if
   * a middlebox had kept the old one open.
   */
  public SimLink lateReplay(double probability, long nanosMax) {
    this.lateProbability = probability;
    this.lateNanosMax = nanosMax;
    return this;
  }

  /**
   * Bandwidth for bulk data, which queues up when it is used up; small messages are slowed down but
   * do not queue. 0, the default, means unlimited.
   */
  public SimLink bytesPerSecond(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("bytesPerSecond " + bytesPerSecond + " is negative");
    }
    if (bytesPerSecond != this.bytesPerSecond) {
      double left = transmission == null ? 0 : transmission.bytesLeft();
      this.bytesPerSecond = bytesPerSecond;
      if (!queue.isEmpty()) {
        transmitHead(left);
      }
    }
    return this;
  }

  /** Cuts or heals this direction. */
  public SimLink cut(boolean cut) {
    this.cut = cut;
    return this;
  }

  /** Whether this direction is cut. */
  public boolean isCut() {
    return cut;
  }

  /** Whether this direction is clogged. */
  public boolean isClogged() {
    return cloggedUntil > loop.nowNanos();
  }

  /** Messages under way: held back by a clog, queued for bandwidth, or in flight. */
  public int underWay() {
    return backlog.size() + queue.size() + inFlight;
  }

  /** Holds back everything sent from now on until {@code timeNanos} of virtual time. */
  void clogUntil(long timeNanos) {
    if (timeNanos > cloggedUntil) {
      cloggedUntil = timeNanos;
      loop.after(timeNanos - loop.nowNanos(), this::unclog);
    }
  }

  /** Sends what was held back on its way, unless the link is clogged again. */
  private void unclog() {
    while (!isClogged() && !backlog.isEmpty()) {
      transmit(backlog.poll());
    }
  }

  /** Ends cut and clog. */
  void heal() {
    cut = false;
    cloggedUntil = 0;
    unclog();
  }

  /** Late copies that have not arrived yet never will. */
  void forgetLate() {
    lateGeneration++;
  }

  /** Everything under way is lost. */
  void reset() {
    loop.reached(WorldMark.CONNECTION_RESET);
    connection++;
    List<Packet> waiting = new ArrayList<>(backlog);
    waiting.addAll(queue);
    backlog.clear();
    queue.clear();
    transmission = null;
    inFlight = 0;
    Arrays.fill(lastArrival, 0);
    waiting.forEach(network::lose);
  }

  /** Decides the fate of a message. */
  void send(Packet packet) {
    if (random.chance(lateProbability)) {
      long late = loop.nowNanos() + 1 + random.below(lateNanosMax);
      loop.schedule(late, new Arrival(packet.again(Passage.LATE)));
    }
    if (cut || random.chance(dropProbability)) {
      loseAtSending(packet);
      return;
    }
    carry(packet);
    if (mode == LinkMode.DATAGRAM && random.chance(duplicateProbability)) {
      carry(packet.again(Passage.DUPLICATE));
    }
  }

  private void loseAtSending(Packet packet) {
    // A connection that is cut breaks once; while it is cut there is nothing to break.
    if (mode == LinkMode.CONNECTION && (!cut || underWay() > 0)) {
      reset();
    }
    network.lose(packet);
  }

  private void carry(Packet packet) {
    if (isClogged()) {
      loop.reached(WorldMark.CLOGGED);
      backlog.add(packet);
    } else {
      transmit(packet);
    }
  }

  private void transmit(Packet packet) {
    if (bytesPerSecond == 0) {
      depart(packet, 0);
    } else if (packet.lane() == 0) {
      depart(packet, nanosFor(packet.bytes().length));
    } else {
      queue.add(packet);
      if (queue.size() == 1) {
        transmitHead(packet.bytes().length);
      } else {
        loop.reached(WorldMark.BANDWIDTH_QUEUED);
      }
    }
  }

  private long nanosFor(double bytes) {
    return (long) Math.ceil(bytes * NANOS_PER_SECOND / bytesPerSecond);
  }

  /** Starts or goes on with the transmission of the first message of the queue. */
  private void transmitHead(double bytesLeft) {
    if (bytesPerSecond == 0) {
      transmission = null;
      while (!queue.isEmpty()) {
        depart(queue.poll(), 0);
      }
    } else {
      transmission = new Transmission(bytesLeft);
      loop.schedule(loop.nowNanos() + nanosFor(bytesLeft), transmission);
    }
  }

  private void depart(Packet packet, long transmissionNanos) {
    long arrival =
        loop.nowNanos() + transmissionNanos + delayNanos + random.exponential(jitterNanos);
    if (mode == LinkMode.CONNECTION) {
      arrival = Math.max(arrival, lastArrival[packet.lane()]);
      lastArrival[packet.lane()] = arrival;
    }
    inFlight++;
    loop.schedule(arrival, new Arrival(packet));
  }

  /** The first message of the queue on its way into the line. */
  private final class Transmission extends SimEvent {
    private final double bytes;
    private final long rate = bytesPerSecond;
    private final long startedAt = loop.nowNanos();

    Transmission(double bytes) {
      this.bytes = bytes;
    }

    double bytesLeft() {
      return Math.max(0, bytes - (loop.nowNanos() - startedAt) / NANOS_PER_SECOND * rate);
    }

    @Override
    boolean cancelled() {
      return transmission != this;
    }

    @Override
    TraceKind kind() {
      return null;
    }

    @Override
    void run() {
      transmission = null;
      depart(queue.poll(), 0);
      if (!queue.isEmpty()) {
        transmitHead(queue.peek().bytes().length);
      }
    }
  }

  /** A message reaching the other end. */
  private final class Arrival extends SimEvent {
    private final Packet packet;
    private final long sentOn = connection;
    private final boolean onConnection = mode == LinkMode.CONNECTION;
    private final long generation = lateGeneration;

    Arrival(Packet packet) {
      this.packet = packet;
    }

    @Override
    TraceKind kind() {
      return null;
    }

    @Override
    void run() {
      boolean late = packet.passage() == Passage.LATE;
      boolean broken = late ? generation != lateGeneration : sentOn != connection;
      if (!late && !broken) {
        inFlight--;
      }
      if (broken || cut) {
        network.lose(packet);
        if (cut && onConnection && !late && underWay() > 0) {
          reset();
        }
        return;
      }
      if (network.deliver(packet, onConnection && !late)) {
        noteOrder();
      }
    }

    private void noteOrder() {
      switch (packet.passage()) {
        case LATE -> {
          loop.reached(WorldMark.LATE_REPLAY_DELIVERED);
          if (network.livesOf(packet.to()) != packet.receiverLife()) {
            loop.reached(WorldMark.LATE_REPLAY_TO_ANOTHER_LIFE);
          }
        }
        case DUPLICATE -> loop.reached(WorldMark.DUPLICATE_DELIVERED);
        case FIRST -> {
          int lane = packet.lane();
          if (packet.sequence() < lastDelivered[lane]) {
            loop.reached(WorldMark.REORDERED);
          }
          lastDelivered[lane] = Math.max(lastDelivered[lane], packet.sequence());
        }
      }
    }
  }
}
