package io.vertxraft.testkit.trace;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.runtime.NodeRuntime;
import io.vertxraft.runtime.StateMachineContext;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.sim.SimMachine;
import io.vertxraft.testkit.sim.SimWorld;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Real nodes on simulated machines, all of them traced. */
final class TracedGroup {
  private static final String GROUP = "sim";
  private static final long NANOS_PER_MS = 1_000_000;

  private final SimWorld world;
  private final RaftOptions options;
  private final ProtocolTrace trace;
  private final Map<String, NodeRuntime> nodes = new LinkedHashMap<>();

  TracedGroup(long seed, int size, RaftOptions options, Consumer<TraceEvent> sink) {
    List<String> ids = new ArrayList<>();
    this.options = new RaftOptions(options).setGroupId(GROUP).setMembers(List.of());
    for (int i = 1; i <= size; i++) {
      ids.add("n" + i);
      this.options.addMember(new Member("n" + i, "sim", i));
    }
    world = new SimWorld(seed, ids);
    trace =
        new ProtocolTrace(
            world.loop()::nowNanos, (nodeId, index) -> disk(nodeId).entryAt(index), sink);
    world.machines().forEach(machine -> boot(machine.nodeId()));
  }

  SimWorld world() {
    return world;
  }

  ProtocolTrace trace() {
    return trace;
  }

  /** What a node's disk holds for certain. */
  LogChain disk(String nodeId) {
    return world.machine(nodeId).disk().image(GROUP).log();
  }

  void boot(String nodeId) {
    SimMachine.Life life = world.machine(nodeId).boot();
    NodeRuntime node =
        new NodeRuntime(
            new RaftOptions(options).setNodeId(nodeId),
            new Echo(),
            StateMachineContext.of(life.scheduler()),
            life.storage(),
            life.transport(),
            life.scheduler(),
            trace.probeOf(nodeId, life.number()));
    nodes.put(nodeId, node);
    node.start();
  }

  void crash(String nodeId) {
    world.machine(nodeId).crash();
    trace.stop(nodeId, "power cut");
  }

  void kill(String nodeId) {
    world.machine(nodeId).kill();
    trace.stop(nodeId, "process ended");
  }

  boolean isUp(String nodeId) {
    return world.machine(nodeId).isUp();
  }

  Future<Buffer> apply(String nodeId, String command) {
    return nodes.get(nodeId).apply(Buffer.buffer(command.getBytes(StandardCharsets.UTF_8)));
  }

  /** Runs until a node leads and serves. */
  String awaitLeader() {
    return awaitLeaderBut(null);
  }

  /** Runs until another node than {@code old} leads and serves. */
  String awaitLeaderBut(String old) {
    if (!world.loop().runUntil(() -> leaderBut(old) != null, 10_000 * NANOS_PER_MS)) {
      throw new AssertionError("no leader within ten seconds");
    }
    return leaderBut(old);
  }

  private String leaderBut(String old) {
    for (NodeRuntime node : nodes.values()) {
      String id = node.nodeId();
      if (!id.equals(old) && isUp(id) && node.core() != null && node.core().isReady()) {
        return id;
      }
    }
    return null;
  }

  void runMs(long ms) {
    world.loop().runFor(ms * NANOS_PER_MS);
  }

  /** Replies with the command. */
  private static final class Echo implements StateMachine {
    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      return Future.succeededFuture(batch.stream().map(Command::payload).toList());
    }
  }
}
