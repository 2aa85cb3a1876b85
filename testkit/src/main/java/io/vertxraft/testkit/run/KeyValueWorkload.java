package io.vertxraft.testkit.run;

import io.vertxraft.testkit.linearizability.CheckResult;
import io.vertxraft.testkit.oracle.CommitLedger;
import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.sim.ClientOperation;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import io.vertxraft.testkit.sim.Linearizability;
import io.vertxraft.testkit.sim.SimLoop;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The simulator's own clients and their key-value machine; what they see must be linearizable. */
final class KeyValueWorkload implements Workload {
  private final SimCluster cluster;

  KeyValueWorkload(SimCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void start(double commandsPerSecond) {
    cluster.clients().start(commandsPerSecond);
  }

  @Override
  public void send(String nodeId, int commands) {
    cluster.clients().send(nodeId, commands);
  }

  @Override
  public void stop() {
    cluster.clients().stop();
  }

  @Override
  public long count(Outcome outcome) {
    return cluster.clients().count(outcome);
  }

  @Override
  public void finish() {
    List<ClientOperation> history = cluster.clients().history();
    checkOutcomes(history);
    CheckResult result = Linearizability.check(history, Linearizability.notIn(cluster.ledger()));
    if (!result.ok()) {
      throw violation("L1", "the clients' history is " + result.verdict() + ": " + result.report());
    }
  }

  /**
   * a rejected command is not in the log, ever; no command is there twice; and once its
   * deadline has passed every command has an outcome.
   */
  private void checkOutcomes(List<ClientOperation> history) {
    Map<Long, Long> indexByPayload = new TreeMap<>();
    CommitLedger ledger = cluster.ledger();
    for (long index = 1; index <= ledger.lastIndex(); index++) {
      if (ledger.isCommand(index)) {
        Long earlier = indexByPayload.put(ledger.payloadHashAt(index), index);
        if (earlier != null) {
          throw violation(
              "R-06", "the same command is committed at %d and at %d".formatted(earlier, index));
        }
      }
    }
    for (ClientOperation operation : history) {
      Long index = indexByPayload.get(operation.command().payloadHash());
      if (operation.outcome() == Outcome.REJECTED && index != null) {
        throw violation("R-06", "%s is committed at %d".formatted(operation, index));
      }
    }
  }

  private Violation violation(String rule, String text) {
    SimLoop loop = cluster.world().loop();
    return new Violation(rule, text, loop.seed(), loop.nowNanos(), null);
  }
}
