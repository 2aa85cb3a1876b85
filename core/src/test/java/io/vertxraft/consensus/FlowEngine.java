package io.vertxraft.consensus;

import io.vertxraft.consensus.CoreCluster.Node;
import io.vertxraft.consensus.CoreCluster.Packet;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Carries out the commands of a flow on real cores, with a network and disks that move only when a
 * command says so, and prints what happens. After each command the safety rules are checked.
 */
final class FlowEngine {
  private static final String COMMANDS =
      "nodes, log, elect, tick, wait, propose, read, lease, transfer, deliver, drop, duplicate, hold, release, cut,"
          + " isolate, heal, sync, settle, snapshot, compact, fetch, crash, restart, state, expect, and quietly before any";
  private static final int SETTLE_ROUNDS_MAX = 100;

  private final FlowPrinter printer = new FlowPrinter(this::node);
  private final SafetyRules safety = new SafetyRules();
  private final List<Packet> held = new ArrayList<>();
  private CoreCluster cluster;
  private boolean moved;

  /** Carries out one command; what it printed. */
  List<String> run(String command) {
    List<String> words = List.of(command.split(" +"));
    boolean quiet = words.get(0).equals("quietly") && words.size() > 1;
    run(quiet ? words.subList(1, words.size()) : words);
    List<String> printed = printer.take();
    return quiet ? List.of() : printed;
  }

  private void run(List<String> words) {
    String verb = words.get(0);
    List<String> arguments = words.subList(1, words.size());
    if (verb.equals("nodes")) {
      create(arguments);
    } else if (cluster == null) {
      throw new IllegalArgumentException("begin with 'nodes 3' or another number of members");
    } else if (verb.equals("log")) {
      restore(arguments);
    } else {
      moved = true;
      carryOut(verb, arguments);
    }
    safety.check(cluster);
  }

  private void carryOut(String verb, List<String> arguments) {
    switch (verb) {
      case "elect" -> elect(one(arguments));
      case "tick" -> cluster.timeOut(up(arguments).id);
      case "wait" -> pass(arguments);
      case "propose" -> propose(up(arguments), arguments.subList(1, arguments.size()));
      case "read" -> read(up(arguments), arguments);
      case "lease" -> lease(up(arguments));
      case "transfer" -> transfer(up(arguments), arguments);
      case "deliver" -> take(arguments).forEach(this::deliver);
      case "drop" -> take(arguments).forEach(packet -> lost(packet, "dropped"));
      case "duplicate" -> duplicate(arguments);
      case "hold" -> held.addAll(take(arguments));
      case "release" -> release(filter(arguments));
      case "cut" -> cluster.cut(wholeLink(arguments)::matches);
      case "isolate" -> cluster.isolate(node(one(arguments)).id);
      case "heal" -> {
        requireCount(arguments, 0);
        cluster.heal();
      }
      case "sync" -> sync(arguments);
      case "settle" -> {
        requireCount(arguments, 0);
        settle();
      }
      case "snapshot", "compact", "fetch", "lose-snapshots" ->
          snapshots(verb, up(arguments), arguments);
      case "crash" -> crash(up(arguments));
      case "restart" -> restart(node(one(arguments)));
      case "state" -> state(arguments);
      case "expect" -> expect(arguments);
      default ->
          throw new IllegalArgumentException(
              "'%s' is no command; there are %s".formatted(verb, COMMANDS));
    }
  }

  // --- how a flow begins ----------------------------------------------------------------------

  /** {@code nodes 5 appendEntriesMax=1}: members n1 to n5, all up, with nothing on disk. */
  private void create(List<String> arguments) {
    if (cluster != null || arguments.isEmpty()) {
      throw new IllegalArgumentException("a flow has one line 'nodes 3', its first");
    }
    int count = FlowText.number(arguments.get(0));
    String[] ids = IntStream.rangeClosed(1, count).mapToObj(i -> "n" + i).toArray(String[]::new);
    cluster = new CoreCluster(ids);
    for (String option : arguments.subList(1, arguments.size())) {
      cluster.appendEntriesMax(FlowText.number(valueOf("appendEntriesMax", option)));
    }
    cluster.probe(printer);
  }

  /** {@code log n1 t3 vote=n2 1:a 2:b}: what stands on a member's disk when the flow begins. */
  private void restore(List<String> arguments) {
    if (moved) {
      throw new IllegalArgumentException("say what is on disk before anything happens");
    }
    Node node = node(arguments.isEmpty() ? "" : arguments.get(0));
    List<String> rest = new ArrayList<>(arguments.subList(1, arguments.size()));
    long term = 0;
    String vote = null;
    if (!rest.isEmpty() && rest.get(0).matches("t\\d+")) {
      term = FlowText.number(rest.remove(0).substring(1));
    }
    if (!rest.isEmpty() && rest.get(0).startsWith("vote=")) {
      vote = node(valueOf("vote", rest.remove(0))).id;
    }
    List<LogEntry> log = FlowText.parseLog(rest);
    long lastTerm = log.isEmpty() ? 0 : log.get(log.size() - 1).term();
    node.restore(new HardState(Math.max(term, lastTerm), vote), log);
  }

  private static String valueOf(String key, String option) {
    if (!option.startsWith(key + "=")) {
      throw new IllegalArgumentException("'%s' should be %s=...".formatted(option, key));
    }
    return option.substring(key.length() + 1);
  }

  /** What leads up to the story: only the outcome is printed. */
  private void elect(String id) {
    up(List.of(id));
    for (int tries = 0; tries < 3 && !node(id).core.isLeader(); tries++) {
      cluster.timeOut(id);
      settle();
    }
    printer.take();
    state(List.of());
    if (!node(id).core.isLeader()) {
      throw new AssertionError(id + " was not elected:\n" + String.join("\n", printer.take()));
    }
  }

  // --- time and clients -----------------------------------------------------------------------

  /** {@code wait heartbeat 8}: time passes, and nobody notices before its next tick. */
  private void pass(List<String> arguments) {
    int times = arguments.size() == 2 ? FlowText.number(arguments.get(1)) : 1;
    String unit = arguments.isEmpty() ? "" : arguments.get(0);
    switch (unit) {
      case "heartbeat" -> cluster.advance(times * CoreCluster.HEARTBEAT);
      case "election-timeout" -> cluster.advance(times * CoreCluster.ELECTION_TIMEOUT);
      default ->
          throw new IllegalArgumentException(
              "'%s' is no time; wait for a heartbeat or an election-timeout".formatted(unit));
    }
  }

  private void propose(Node node, List<String> commands) {
    if (node.propose(commands.toArray(String[]::new)) == 0) {
      printer.line(node.id + " refuses: it does not lead");
    }
    flush(node);
  }

  /**
   * {@code read n1 r1} asks for a read index, {@code read n1 r1 lease} by the lease if it holds.
   */
  private void read(Node node, List<String> arguments) {
    boolean byLease = arguments.size() == 3 && arguments.get(2).equals("lease");
    if (arguments.size() != 2 && !byLease) {
      throw new IllegalArgumentException("write 'read n1 r1' or 'read n1 r1 lease'");
    }
    node.core.leadership().read(printer.readId(arguments.get(1)), byLease, cluster.now());
    node.endTurn();
    flush(node);
  }

  private void lease(Node node) {
    LeaseState lease = node.core.leadership().lease(cluster.now());
    String left =
        lease.kind() == LeaseState.Kind.VALID ? " for " + (lease.untilNanos() - cluster.now()) : "";
    printer.line("%s lease %s%s".formatted(node.id, lease.kind(), left));
  }

  /** {@code transfer n1 n2}, or {@code transfer n1} to whoever is fittest. */
  private void transfer(Node node, List<String> arguments) {
    String target = arguments.size() > 1 ? node(arguments.get(1)).id : null;
    String obstacle = node.core.leadership().transfer(target, cluster.now());
    if (obstacle != null) {
      printer.line(node.id + " does not hand over: " + obstacle);
    }
    node.endTurn();
    flush(node);
  }

  // --- the network ----------------------------------------------------------------------------

  private PacketFilter filter(List<String> arguments) {
    PacketFilter filter = PacketFilter.parse(arguments);
    for (String end : List.of(filter.from(), filter.to())) {
      if (!end.equals("*")) {
        node(end);
      }
    }
    return filter;
  }

  /** For commands that mean all such messages, whether they are on their way or not. */
  private PacketFilter wholeLink(List<String> arguments) {
    PacketFilter filter = filter(arguments);
    if (filter.number() != 0) {
      throw new IllegalArgumentException("leave out #%d; all are meant".formatted(filter.number()));
    }
    return filter;
  }

  /** The messages meant, which must exist: a script that names none is wrong. */
  private List<Packet> take(List<String> arguments) {
    PacketFilter filter = filter(arguments);
    List<Packet> taken = filter.takeFrom(cluster.network());
    if (taken.isEmpty()) {
      throw new AssertionError("no message %s is on its way".formatted(filter));
    }
    return taken;
  }

  private void deliver(Packet packet) {
    Node receiver = node(packet.to());
    if (cluster.isCut(packet)) {
      lost(packet, "lost");
    } else if (receiver.core == null) {
      lost(packet, "lost, %s is down".formatted(receiver.id));
    } else {
      printer.event(arrival(packet));
      receiver.receive(packet);
      flush(receiver);
    }
  }

  private void lost(Packet packet, String how) {
    printer.event(arrival(packet) + " " + how);
  }

  private static String arrival(Packet packet) {
    return "%s <- %s %s".formatted(packet.to(), packet.from(), FlowText.brief(packet.message()));
  }

  /** The copies go to the end of the queue, the originals stay where they are. */
  private void duplicate(List<String> arguments) {
    List<Packet> before = List.copyOf(cluster.network());
    List<Packet> copies = take(arguments);
    cluster.network().clear();
    cluster.network().addAll(before);
    cluster.network().addAll(copies);
  }

  private void release(PacketFilter filter) {
    List<Packet> released = filter.takeFrom(held);
    if (released.isEmpty()) {
      throw new AssertionError("no message %s is held".formatted(filter));
    }
    cluster.network().addAll(released);
  }

  // --- disks ----------------------------------------------------------------------------------

  /** {@code sync n1} completes all writes, {@code sync n1 1} only the first. */
  private void sync(List<String> arguments) {
    Node node = up(arguments);
    if (node.writesInFlight() == 0) {
      throw new AssertionError(node.id + " writes nothing");
    }
    sync(node, arguments.size() > 1 ? FlowText.number(arguments.get(1)) : Integer.MAX_VALUE);
  }

  /** Completes the oldest writes of those in flight now; whether there were any. */
  private boolean sync(Node node, int countMax) {
    long inFlight = node.writes().stream().filter(write -> !write.nothingToWrite()).count();
    for (int i = 0; i < Math.min(countMax, inFlight); i++) {
      Effects.Persist write = node.writes().iterator().next();
      printer.event("%s persists %s".formatted(node.id, FlowText.write(write)));
      complete(node, write);
      flush(node);
    }
    return inFlight > 0;
  }

  /** Answers that wait for no write leave at once, as those of a running member do. */
  private void flush(Node node) {
    while (node.writesInFlight() > 0 && node.writes().iterator().next().nothingToWrite()) {
      complete(node, node.writes().iterator().next());
    }
    safety.check(cluster);
  }

  private void complete(Node node, Effects.Persist write) {
    write.messages().forEach(out -> printer.sent(node.id, out));
    node.syncOne();
  }

  /** Delivers messages and completes writes until nothing moves. */
  private void settle() {
    for (int round = 0; round < SETTLE_ROUNDS_MAX; round++) {
      List<Packet> due = List.copyOf(cluster.network());
      cluster.network().clear();
      due.forEach(this::deliver);
      boolean wrote = false;
      for (Node node : cluster.all()) {
        wrote |= sync(node, Integer.MAX_VALUE);
      }
      if (due.isEmpty() && !wrote) {
        return;
      }
    }
    throw new AssertionError("members still talk after %d rounds".formatted(SETTLE_ROUNDS_MAX));
  }

  // --- snapshots ------------------------------------------------------------------------------

  private final Map<String, Fetched> fetched = new TreeMap<>();

  private record Fetched(List<LogEntry> content, long term) {}

  /**
   * {@code snapshot n1} takes one of what is applied; {@code compact n1} one and removes what it
   * holds from the log, {@code compact n1 5} removes what is before 5; {@code fetch n3 n1} brings
   * n1's newest snapshot to n3, {@code fetch n3} the same one once more, late; after {@code
   * lose-snapshots n1} that member cannot read its own.
   */
  private void snapshots(String verb, Node node, List<String> arguments) {
    switch (verb) {
      case "snapshot" -> node.takeSnapshot();
      case "lose-snapshots" -> node.core.snapshots().available(0, 0);
      case "compact" -> {
        if (arguments.size() > 1) {
          node.compactTo(FlowText.number(arguments.get(1)));
        } else {
          node.compact();
        }
      }
      default -> fetch(node, arguments);
    }
    flush(node);
  }

  private void fetch(Node node, List<String> arguments) {
    if (arguments.size() > 1) {
      Node source = node(arguments.get(1));
      fetched.put(node.id, new Fetched(source.snapshot, source.snapshotTerm));
    }
    Fetched snapshot = fetched.getOrDefault(node.id, new Fetched(List.of(), 0));
    if (snapshot.content().isEmpty()) {
      throw new AssertionError("there is no snapshot for " + node.id);
    }
    if (!node.install(snapshot.content(), snapshot.term())) {
      printer.line(
          "%s does not need the snapshot ..%d".formatted(node.id, snapshot.content().size()));
    }
  }

  // --- members --------------------------------------------------------------------------------

  /** Everything that is not on disk is lost, and everything that is on its way to the member. */
  private void crash(Node node) {
    for (Effects.Persist write : node.writes()) {
      if (write.nothingToWrite()) {
        continue;
      }
      printer.line("%s loses %s".formatted(node.id, FlowText.write(write)));
    }
    node.crash();
    printer.abandon(node.id);
  }

  private void restart(Node node) {
    if (node.core != null) {
      throw new AssertionError(node.id + " is up");
    }
    node.restart();
    state(List.of(node.id));
  }

  private void state(List<String> ids) {
    Consumer<Node> print =
        node -> printer.line(node.id + " " + String.join(" ", FlowText.state(node)));
    if (ids.isEmpty()) {
      cluster.all().forEach(print);
    } else {
      ids.stream().map(this::node).forEach(print);
    }
  }

  /**
   * {@code expect n1 LEADER commit=2}: words of the member's state; {@code expect none n1->n2}: no
   * such message on its way. Unlike printed lines, this is not rewritten when flows are updated.
   */
  private void expect(List<String> arguments) {
    if (arguments.size() < 2) {
      throw new IllegalArgumentException("write 'expect n1 LEADER t2' or 'expect none n1->n2'");
    }
    List<String> rest = arguments.subList(1, arguments.size());
    if (arguments.get(0).equals("none")) {
      PacketFilter filter = wholeLink(rest);
      if (cluster.network().stream().anyMatch(filter::matches)) {
        throw new AssertionError("a message %s is on its way".formatted(filter));
      }
      return;
    }
    List<String> state = FlowText.state(node(arguments.get(0)));
    List<String> missing = rest.stream().filter(word -> !state.contains(word)).toList();
    if (!missing.isEmpty()) {
      throw new AssertionError(
          "%s is %s, not %s"
              .formatted(arguments.get(0), String.join(" ", state), String.join(" ", missing)));
    }
  }

  private Node node(String id) {
    Node node = cluster.node(id);
    if (node == null) {
      throw new IllegalArgumentException(
          "'%s' is no member; they are n1 to n%d".formatted(id, cluster.all().size()));
    }
    return node;
  }

  /** The member named first, which must be up. */
  private Node up(List<String> arguments) {
    Node node = node(arguments.isEmpty() ? "" : arguments.get(0));
    if (node.core == null) {
      throw new AssertionError(node.id + " is down");
    }
    return node;
  }

  private static String one(List<String> arguments) {
    requireCount(arguments, 1);
    return arguments.get(0);
  }

  private static void requireCount(List<String> arguments, int count) {
    if (arguments.size() != count) {
      throw new IllegalArgumentException(
          "takes %d arguments, not %d".formatted(count, arguments.size()));
    }
  }
}
