package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.oracle.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * A world of machines and a network, driven by one seed on one thread. The same seed and the same
 * calls give the same {@link SimLoop#traceHash()}.
 */
public final class SimWorld {
  private final SimLoop loop;
  private final SimNetwork network;
  private final List<SimMachine> machines = new ArrayList<>();

  /** A world with one machine per node id, all down. */
  public SimWorld(long seed, List<String> nodeIds) {
    this.loop = new SimLoop(seed);
    this.network = new SimNetwork(loop);
    nodeIds.forEach(this::addMachine);
  }

  /** Adds a machine, down at first. */
  public SimMachine addMachine(String nodeId) {
    int owner = loop.trace().addOwner(nodeId);
    network.addNode(nodeId, owner);
    SimMachine machine = new SimMachine(this, nodeId, owner);
    machines.add(machine);
    return machine;
  }

  /** Virtual time. */
  public SimLoop loop() {
    return loop;
  }

  /** The network. */
  public SimNetwork network() {
    return network;
  }

  /** All machines in the order of their addition. */
  public List<SimMachine> machines() {
    return List.copyOf(machines);
  }

  /** The machine of a node. */
  public SimMachine machine(String nodeId) {
    for (SimMachine machine : machines) {
      if (machine.nodeId().equals(nodeId)) {
        return machine;
      }
    }
    throw new IllegalArgumentException("there is no node '" + nodeId + "' in the world");
  }

  /** The machine with a number in the trace, or null if the number is not a machine's. */
  public SimMachine machineOf(int owner) {
    for (int i = 0; i < machines.size(); i++) {
      if (machines.get(i).owner() == owner) {
        return machines.get(i);
      }
    }
    return null;
  }

  /** A context for code outside the nodes, such as a client. */
  public SimContext clientContext(String name) {
    return new SimContext(loop, loop.trace().addOwner(name));
  }

  /** A report of a failed run: the violation, how to repeat it, and the last lines of the trace. */
  public String report(Violation violation, int linesMax) {
    StringBuilder report = new StringBuilder(violation.getMessage());
    report.append(System.lineSeparator());
    report.append("events %d, trace hash %s".formatted(loop.executedEvents(), loop.traceHash()));
    for (String line : loop.trace().lastLines(linesMax)) {
      report.append(System.lineSeparator()).append(line);
    }
    return report.toString();
  }
}
