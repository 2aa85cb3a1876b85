package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.CoreCluster.Node;
import io.vertxraft.consensus.CoreCluster.Packet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cores among themselves, with messages lost, repeated, reordered and hoarded for very late, and
 * crashes that lose any suffix of the writes on their way. Safety after every step, convergence in
 * the end.
 */
class CoreFuzzTest {
  static LongStream seeds() {
    long first = Long.getLong("fuzz.first", 1);
    return LongStream.range(first, first + Integer.getInteger("fuzz.seeds", 150));
  }

  private final SafetyRules safety = new SafetyRules();
  private final List<Packet> hoard = new ArrayList<>();

  @ParameterizedTest
  @MethodSource("seeds")
  void safetyHoldsAndTheGroupConverges(long seed) {
    Random random = new Random(seed);
    String[] ids = random.nextBoolean() ? ids(3) : ids(5);
    CoreCluster cluster =
        new CoreCluster(ids)
            .appendEntriesMax(1 + random.nextInt(4))
            .inflightMessagesMax(1 + random.nextInt(4));
    if (random.nextInt(3) == 0) {
      cluster.cacheMax(0);
    }
    Weights weights = new Weights(random);
    int steps = 400 + random.nextInt(1_200);
    for (int i = 0; i < steps; i++) {
      step(cluster, cluster.node(ids[random.nextInt(ids.length)]), random, weights, i);
      safety.check(cluster);
    }
    converge(cluster, random);
  }

  /** How often what happens in this run. */
  private static final class Weights {
    final int time;
    final int crash;
    final int drop;
    final int hoard;
    final int sync;
    final int snapshots;

    Weights(Random random) {
      time = 1 + random.nextInt(10);
      crash = random.nextInt(3);
      drop = random.nextInt(6);
      hoard = random.nextInt(6);
      sync = 5 + random.nextInt(30);
      snapshots = random.nextInt(8);
    }
  }

  private void step(CoreCluster cluster, Node node, Random random, Weights weights, int number) {
    int dice = random.nextInt(100);
    if (random.nextInt(100) < weights.snapshots) {
      snapshotStep(cluster, node, random);
    } else if (dice < weights.time) {
      if (node.core != null) {
        cluster.timeOut(node.id);
      }
    } else if (dice < 10) {
      tickAll(cluster, 20 + random.nextInt(100));
    } else if (dice < 10 + weights.crash) {
      crashOrRestart(node, random);
    } else if (dice < 20) {
      if (node.core != null && node.core.isLeader()) {
        node.propose("c" + number);
      }
    } else if (dice < 20 + weights.sync) {
      node.syncOne();
    } else if (!cluster.network().isEmpty()) {
      deliverOne(cluster, random, weights);
    }
  }

  /**
   * A member takes a snapshot and cuts its log, or a fetched one of any member is durable at it.
   */
  private static void snapshotStep(CoreCluster cluster, Node node, Random random) {
    if (node.core == null) {
      return;
    }
    int applied = node.applied.size();
    if (random.nextInt(3) > 0 && applied > 0) {
      if (applied > node.snapshot.size()) {
        node.takeSnapshot();
      }
      long durable = Math.min(node.snapshot.size(), node.core.log().durableIndex());
      node.compactTo(Math.max(1, durable + 1 - random.nextInt(4)));
    } else {
      List<Node> members = List.copyOf(cluster.all());
      fetch(node, members.get(random.nextInt(members.size())));
    }
  }

  private static void fetch(Node node, Node source) {
    if (!source.snapshot.isEmpty()) {
      node.installFrom(source);
    }
  }

  private static void fetchWhatIsOffered(CoreCluster cluster) {
    for (Node node : cluster.all()) {
      if (node.offer != null) {
        fetch(node, cluster.node(node.offer.leader()));
        node.offer = null;
      }
    }
  }

  private static void crashOrRestart(Node node, Random random) {
    if (node.core == null) {
      node.restart();
      return;
    }
    node.crashAfter(random.nextInt(node.writesInFlight() + 1));
    if (random.nextBoolean()) {
      node.restart();
    }
  }

  private void deliverOne(CoreCluster cluster, Random random, Weights weights) {
    List<Packet> network = cluster.network();
    Packet packet = network.remove(random.nextInt(100) < 60 ? 0 : random.nextInt(network.size()));
    int fate = random.nextInt(100);
    if (fate < weights.hoard) {
      hoard.add(packet);
    } else if (fate < weights.hoard + weights.drop) {
      return;
    } else if (fate < weights.hoard + weights.drop + 3) {
      network.add(packet);
    }
    boolean late = random.nextInt(40) == 0 && !hoard.isEmpty();
    Packet delivered = late ? hoard.get(random.nextInt(hoard.size())) : packet;
    cluster.node(delivered.to()).receive(delivered);
  }

  /** Everybody is back, and everything that was ever hoarded arrives at once. */
  private void converge(CoreCluster cluster, Random random) {
    for (Node node : cluster.all()) {
      if (node.core == null) {
        node.restart();
      }
    }
    cluster.network().addAll(hoard);
    Collections.shuffle(cluster.network(), random);
    for (int i = 0; i < 300; i++) {
      tickAll(cluster, 50);
      cluster.settle();
      fetchWhatIsOffered(cluster);
      cluster.settle();
      safety.check(cluster);
    }
    Node leader = cluster.all().stream().filter(n -> n.core.isLeader()).findFirst().orElseThrow();
    for (Node node : cluster.all()) {
      assertThat(node.diskLog()).as(node.id).isEqualTo(leader.diskLog());
      assertThat(node.core.commitIndex()).as(node.id).isEqualTo(leader.core.commitIndex());
    }
  }

  private static void tickAll(CoreCluster cluster, long duration) {
    cluster.advance(duration);
    for (Node node : cluster.all()) {
      if (node.core != null && cluster.now() - node.core.deadline() >= 0) {
        node.core.tick(cluster.now());
        node.endTurn();
      }
    }
  }

  private static String[] ids(int count) {
    String[] ids = new String[count];
    for (int i = 0; i < count; i++) {
      ids[i] = "n" + (i + 1);
    }
    return ids;
  }
}
