package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.RaftOptions;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.testkit.oracle.CommitLedger;
import io.vertxraft.testkit.sim.ClientOperation;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import io.vertxraft.testkit.sim.SimClients;
import io.vertxraft.testkit.sim.SimCommand;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import io.vertxraft.testkit.sim.SimRandom;
import io.vertxraft.testkit.sim.SimReply;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fifty clients that send again what is not answered, through kills, pauses and partitions, to
 * members that take snapshots meanwhile: a counter holds each acknowledged addition once, each that
 * ended unknown once or not at all, and none that was rejected.
 */
class ExactlyOnceTest {
  private static final int CLIENTS = 50;
  private static final int ROUNDS = 40;
  private static final long ROUND_MS = 700;

  private static RaftOptions options() {
    return new RaftOptions()
        .setGroupId("sim")
        .setElectionTimeoutMs(300)
        .setHeartbeatIntervalMs(50)
        .setApplyTimeoutMs(3_000)
        .setSnapshots(new SnapshotOptions().setEntries(100).setEntriesMin(50).setRetainEntries(10));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eachIncrementCountsOnce(long seed) {
    SimCluster cluster = new SimCluster(seed, 3, options());
    SimClients clients = new SimClients(cluster.world(), CLIENTS, cluster::target).readThroughLog();
    clients.useSessions(
        nodeId -> cluster.target(nodeId) == null ? null : cluster.node(nodeId).runtime());
    cluster.bootAll();
    clients.start(200);
    SimRandom chance = cluster.world().loop().random("exactly once");
    for (int round = 0; round < ROUNDS; round++) {
      harm(cluster, chance);
      cluster.run(ROUND_MS);
    }
    cluster.network().healAll();
    cluster.bootAll();
    clients.stop();
    assertThat(cluster.runUntil(cluster::hasConverged, 60_000)).isTrue();
    cluster.run(10_000);
    cluster.finish();

    assertThat(clients.count(Outcome.APPLIED)).as("acknowledged").isGreaterThan(1_000);
    assertThat(clients.count(Outcome.PENDING)).isZero();
    Map<Integer, Long> expected = totals(clients.history(), cluster.ledger());
    expected.forEach((key, total) -> assertThat(read(cluster, key)).isEqualTo(total));
  }

  private static void harm(SimCluster cluster, SimRandom chance) {
    List<SimNode> nodes = cluster.nodes();
    SimNode victim = nodes.get((int) chance.below(nodes.size()));
    cluster.network().healAll();
    switch ((int) chance.below(5)) {
      case 0 -> {
        if (victim.machine().isUp()) {
          victim.machine().crash();
        }
      }
      case 1 -> {
        if (victim.machine().isUp()) {
          victim.machine().freeze(chance.between(100, 2_000) * 1_000_000);
        }
      }
      case 2 -> cluster.network().partition(new TreeSet<>(Set.of(victim.nodeId())));
      default -> cluster.bootAll();
    }
  }

  /** What the counters must hold by what the clients were told, and the log where that is open. */
  private static Map<Integer, Long> totals(List<ClientOperation> history, CommitLedger ledger) {
    Set<Long> effective = new TreeSet<>();
    for (long index = 1; index <= ledger.lastIndex(); index++) {
      if (ledger.isCommand(index)) {
        effective.add(ledger.payloadHashAt(index));
      }
    }
    Map<Integer, Long> totals = new TreeMap<>();
    for (ClientOperation operation : history) {
      SimCommand command = operation.command();
      boolean counts = effective.contains(command.payloadHash());
      assertThat(counts)
          .as("%s", operation)
          .isIn(
              switch (operation.outcome()) {
                case APPLIED -> List.of(true);
                case REJECTED -> List.of(false);
                default -> List.of(true, false);
              });
      if (counts && command.operation() == Operation.ADD) {
        totals.merge(command.key(), command.value(), Long::sum);
      }
    }
    return totals;
  }

  private static long read(SimCluster cluster, int key) {
    Buffer query = new SimCommand(Operation.GET, 0, 0, key, 0, 0, 0).encode();
    Future<Buffer> answer = cluster.leader().runtime().read(Consistency.LINEARIZABLE, query);
    cluster.runUntil(answer::isComplete, 10_000);
    return SimReply.decode(answer.result()).value();
  }
}
