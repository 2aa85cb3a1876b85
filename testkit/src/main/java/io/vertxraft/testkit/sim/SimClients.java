package io.vertxraft.testkit.sim;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftException;
import io.vertxraft.RaftNode;
import io.vertxraft.SessionOptions;
import io.vertxraft.client.NetworkClient;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Clients that send unique commands to random nodes at random instants and keep a history of what
 * they learn. They wait for no answer before they send the next command.
 *
 * <p>The commands are spread over so many keys that few of them overlap on one, and a key that had
 * its share is left for a new one: {@link Linearizability} must be able to judge each.
 */
public final class SimClients {
  /** Takes commands and queries for a node. */
  public interface Target {
    /** See {@link io.vertxraft.RaftNode#apply(Buffer)}. */
    Future<Buffer> apply(Buffer command);

    /** See {@link io.vertxraft.RaftNode#read}. */
    Future<Buffer> read(Consistency consistency, Buffer query);
  }

  /** Sends commands through a session, and asks the member itself. */
  private record SessionTarget(RaftClient session, Target member) implements Target {
    @Override
    public Future<Buffer> apply(Buffer command) {
      return session.apply(command);
    }

    @Override
    public Future<Buffer> read(Consistency consistency, Buffer query) {
      return member.read(consistency, query);
    }
  }

  /** Hears of each command that a client knows to be applied. */
  @FunctionalInterface
  public interface AckListener {
    /** Called on the client's context, at the instant the client learns it. */
    void acknowledged(long index, long payloadHash);
  }

  private static final int KEYS_MIN = 50;
  private static final int KEYS_PER_CLIENT = 5;
  private static final int COMMANDS_PER_KEY = 100;
  private static final long ADDEND_MAX = 1_000_000;

  private final SimWorld world;
  private final SimRandom random;
  private final Function<String, Target> targets;
  private final List<SimContext> contexts = new ArrayList<>();
  private final List<RaftClient> sessions = new ArrayList<>();
  private final List<Long> sequences = new ArrayList<>();
  private final List<ClientOperation> history = new ArrayList<>();
  private final long[] outcomes = new long[Outcome.values().length];
  private final Freshness freshness = new Freshness();
  private AckListener ackListener = (index, payloadHash) -> {};
  private long gapNanosMean;
  private Slot[] slots = {};
  private long lastValue;
  private int paddingMax;
  private boolean running;
  private boolean readsThroughLog;

  /** A place for one key at a time. */
  private static final class Slot {
    private int key;
    private int commands;
    private long lastSeen;

    private Slot(int key) {
      this.key = key;
    }

    /** The key of the next command. */
    private int nextKey(int slots) {
      if (commands++ == COMMANDS_PER_KEY) {
        commands = 1;
        key += slots;
        lastSeen = 0;
      }
      return key;
    }
  }

  /**
   * Creates idle clients.
   *
   * @param world where they live
   * @param count how many
   * @param targets gives the node to talk to by its id, or null if it is down
   */
  public SimClients(SimWorld world, int count, Function<String, Target> targets) {
    this.world = world;
    this.targets = targets;
    this.random = world.loop().random("clients");
    for (int i = 0; i < count; i++) {
      contexts.add(world.clientContext("client" + i));
      sequences.add(0L);
    }
    keys(Math.max(KEYS_MIN, KEYS_PER_CLIENT * count));
  }

  /**
   * Sets how many keys the commands are spread over at any time; the larger of 50 and five per
   * client at first.
   */
  public SimClients keys(int count) {
    slots = new Slot[count];
    for (int key = 0; key < count; key++) {
      slots[key] = new Slot(key);
    }
    return this;
  }

  /** Makes commands larger by a random number of bytes up to this; 0 at first. */
  public SimClients paddingMax(int bytes) {
    this.paddingMax = bytes;
    return this;
  }

  /** Sets who hears of applied commands; replaces an earlier one. */
  public SimClients onAcknowledged(AckListener listener) {
    this.ackListener = listener;
    return this;
  }

  /**
   * Starts sending, or changes the rate: commands per second of virtual time, all clients together.
   */
  public void start(double commandsPerSecond) {
    gapNanosMean = (long) (1_000_000_000L * contexts.size() / commandsPerSecond);
    if (!running) {
      running = true;
      for (int client = 0; client < contexts.size(); client++) {
        scheduleNext(client);
      }
    }
  }

  /**
   * From now on commands go through a session per client, over a network that loses and repeats
   * them.
   *
   * @param members gives a member by its id, or null if it is down
   */
  public void useSessions(Function<String, RaftNode> members) {
    SimRandom chance = world.loop().random("sessions");
    SessionOptions options =
        new SessionOptions()
            .setKeptMs(chance.between(2_000, 30_000))
            .setApplyTimeoutMs(chance.between(1_000, 5_000))
            .setAttemptTimeoutMs(chance.between(100, 2_000))
            .setRetryDelayMs(chance.between(1, 100));
    for (SimContext context : contexts) {
      sessions.add(
          new NetworkClient(
              new ClientScheduler(context, chance),
              options,
              new SimChannel(world, context, chance, members)));
    }
  }

  /** Lets one client after the other send a command to a node, all at this instant. */
  public void send(String nodeId, int commands) {
    for (int i = 0; i < commands; i++) {
      int client = i % contexts.size();
      contexts.get(client).after(1, () -> write(client, nodeId));
    }
  }

  private void write(int client, String nodeId) {
    SimCommand command = draw(client);
    Target target = targets.apply(nodeId);
    if (target != null && command.operation() != Operation.GET) {
      submit(client, nodeId, target, command, null);
    }
  }

  /** Sends no new commands; answers are still recorded. Sessions end. */
  public void stop() {
    running = false;
    sessions.forEach(RaftClient::close);
  }

  private void scheduleNext(int client) {
    contexts.get(client).after(1 + random.exponential(gapNanosMean), () -> send(client));
  }

  private void send(int client) {
    if (!running) {
      return;
    }
    List<SimMachine> machines = world.machines();
    String nodeId = machines.get((int) random.below(machines.size())).nodeId();
    SimCommand command = draw(client);
    Consistency consistency = command.operation() == Operation.GET ? drawConsistency() : null;
    Target target = targets.apply(nodeId);
    if (target != null) {
      Target way = sessions.isEmpty() ? target : new SessionTarget(sessions.get(client), target);
      submit(client, nodeId, way, command, consistency);
    }
    scheduleNext(client);
  }

  /** Reads go through the log only, as commands do; otherwise they do so now and then. */
  public SimClients readThroughLog() {
    readsThroughLog = true;
    return this;
  }

  /** How a key is read; null for through the log. */
  private Consistency drawConsistency() {
    if (readsThroughLog) {
      return null;
    }
    return switch ((int) random.below(8)) {
      case 0, 1, 2 -> Consistency.LINEARIZABLE;
      case 3, 4 -> Consistency.LEASE;
      case 5 -> Consistency.bounded(1 + random.below(2_000));
      case 6 -> Consistency.LOCAL;
      default -> null;
    };
  }

  private SimCommand draw(int client) {
    long sequence = sequences.get(client) + 1;
    sequences.set(client, sequence);
    Slot slot = slots[(int) random.below(slots.length)];
    int key = slot.nextKey(slots.length);
    List<Operation> operations = KeyModel.of(key).operations();
    Operation operation = operations.get((int) random.below(operations.size()));
    long value = operation == Operation.ADD ? 1 + random.below(ADDEND_MAX) : ++lastValue;
    // Mostly what the key may well hold, so that some succeed.
    long expected = operation == Operation.CAS && random.chance(0.8) ? slot.lastSeen : 0;
    int padding = paddingMax == 0 ? 0 : (int) random.below(paddingMax + 1L);
    return new SimCommand(operation, client, sequence, key, value, expected, padding);
  }

  /** Remembers what a register holds, as far as known, for the next compare-and-set. */
  private void learn(SimCommand command, SimReply reply) {
    Slot slot = slots[command.key() % slots.length];
    if (slot.key == command.key()) {
      boolean sets =
          command.operation() == Operation.PUT
              || (command.operation() == Operation.CAS && reply.value() == command.expected());
      slot.lastSeen = sets ? command.value() : reply.value();
    }
  }

  private void submit(
      int client, String nodeId, Target target, SimCommand command, Consistency consistency) {
    SimLoop loop = world.loop();
    ClientOperation operation = new ClientOperation(command, consistency, nodeId, loop.nowNanos());
    history.add(operation);
    outcomes[Outcome.PENDING.ordinal()]++;
    SimContext context = contexts.get(client);
    loop.record(TraceKind.CLIENT, context.owner(), command.sequence(), command.value(), command);
    Future<Buffer> result =
        consistency == null
            ? target.apply(command.encode())
            : target.read(consistency, command.encode());
    result.onComplete(done -> completed(context, operation, done));
  }

  private void completed(SimContext context, ClientOperation operation, AsyncResult<Buffer> done) {
    SimLoop loop = world.loop();
    if (!context.inContext()) {
      loop.fail("R-01", "a reply to " + operation + " came on another context", null);
    }
    if (operation.outcome() != Outcome.PENDING) {
      loop.fail("R-06", "a second outcome for " + operation, done.cause());
    }
    SimReply reply = done.succeeded() ? SimReply.decode(done.result()) : null;
    Outcome outcome = outcomeOf(done.cause());
    outcomes[Outcome.PENDING.ordinal()]--;
    outcomes[outcome.ordinal()]++;
    operation.complete(outcome, reasonOf(done.cause()), reply, loop.nowNanos());
    loop.record(
        TraceKind.CLIENT,
        context.owner(),
        operation.command().sequence(),
        outcome.ordinal(),
        operation);
    if (operation.consistency() != null && outcome == Outcome.UNKNOWN) {
      loop.fail("R-39", "a read was left undecided: " + operation, done.cause());
    }
    if (reply == null) {
      return;
    }
    if (operation.consistency() == null) {
      learn(operation.command(), reply);
      freshness.acknowledged(reply.index(), loop.nowNanos());
      ackListener.acknowledged(reply.index(), operation.command().payloadHash());
    } else if (freshness.isStale(operation)) {
      loop.fail("R-39", "a read is older than it may be: " + operation, null);
    }
  }

  private Outcome outcomeOf(Throwable cause) {
    if (cause == null) {
      return Outcome.APPLIED;
    }
    if (cause instanceof RaftException.Rejected) {
      return Outcome.REJECTED;
    }
    if (cause instanceof RaftException.Unknown) {
      return Outcome.UNKNOWN;
    }
    if (!(cause instanceof RaftException)) {
      world.loop().fail("R-06", "apply failed with something else than RaftException", cause);
    }
    return Outcome.FATAL;
  }

  private static String reasonOf(Throwable cause) {
    return cause instanceof RaftException failure ? failure.reasonName() : "";
  }

  /** All commands sent so far, in order. */
  public List<ClientOperation> history() {
    return Collections.unmodifiableList(history);
  }

  /** Commands with this outcome so far. */
  public long count(Outcome outcome) {
    return outcomes[outcome.ordinal()];
  }
}
