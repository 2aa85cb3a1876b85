package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.testkit.sim.MessageRule;
import io.vertxraft.testkit.sim.SimLoop;
import io.vertxraft.testkit.snapshot.SnapshotDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Three members n1, n2, n3 with large states, which take snapshots when they are told to. */
final class SnapshotGroup {
  static final long T = 500;
  static final long MS = 1_000_000;
  private static final long PATIENCE_MS = 60_000;

  final SimCluster cluster;
  final SimNode n1;
  final SimNode n2;
  final SimNode n3;
  private final Map<String, BlobStateMachine> states = new HashMap<>();

  /** A group of which nobody is up. */
  SnapshotGroup(SnapshotOptions snapshots) {
    RaftOptions options =
        new RaftOptions()
            .setGroupId("sim")
            .setElectionTimeoutMs(T)
            .setHeartbeatIntervalMs(50)
            .setSnapshots(snapshots);
    cluster = new SimCluster(11, 3, options);
    n1 = cluster.node("n1");
    n2 = cluster.node("n2");
    n3 = cluster.node("n3");
    cluster.probes(node -> new SelfWatch(cluster.world().loop()));
    cluster.stateMachines(nodeId -> remembered(nodeId, new BlobStateMachine()));
  }

  /** By hand only; two are kept, and nothing of the log for anybody. */
  static SnapshotOptions byHand() {
    return new SnapshotOptions()
        .setEntries(0)
        .setLogBytes(0)
        .setIntervalMs(0)
        .setRetainEntries(0)
        .setRetainBytes(0)
        .setRetainForFollowersBytesMax(0)
        .setChunkBytes(1_000)
        .setChunksInFlightMax(2)
        .setChunkTimeoutMs(300);
  }

  /** Disks may fail; for anything else a member must not. */
  private record SelfWatch(SimLoop loop) implements Probe {
    @Override
    public boolean failed(Throwable cause) {
      if (!(cause instanceof StorageException)) {
        loop.fail("SELF", "a member failed by itself: " + cause, cause);
      }
      return true;
    }
  }

  BlobStateMachine remembered(String nodeId, BlobStateMachine state) {
    states.put(nodeId, state);
    return state;
  }

  /** What the state machine of the member's present life holds. */
  Buffer contentOf(SimNode node) {
    return states.get(node.nodeId()).content();
  }

  /** All come up, n1 leads, and everybody has the same. */
  SnapshotGroup begin() {
    cluster.bootAll();
    letLead(n1);
    put(3, 100);
    converge();
    return this;
  }

  /** The member comes to lead, and has applied the first entry of its term. */
  void letLead(SimNode next) {
    elect(next);
    until(() -> next.runtime().core().isReady());
  }

  /** The member comes to lead, for no other one campaigns meanwhile. */
  void elect(SimNode next) {
    List<MessageRule> quiet = new ArrayList<>();
    for (SimNode node : cluster.nodes()) {
      if (node != next) {
        quiet.add(cluster.network().drop(PreVoteRequest.class).from(node.nodeId()));
      }
    }
    until(() -> next.isRunning() && next.isLeader());
    quiet.forEach(MessageRule::stop);
  }

  /** Commands of so many bytes to whoever leads, all of which are applied. */
  void put(int count, int bytes) {
    List<Future<Buffer>> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = new byte[bytes];
      payload[0] = (byte) i;
      replies.add(cluster.leader().runtime().apply(Buffer.buffer(payload)));
    }
    until(() -> replies.stream().allMatch(Future::isComplete));
    assertThat(replies).allMatch(Future::succeeded);
  }

  /** A member takes a snapshot. */
  SnapshotResult snapshot(SimNode node) {
    Future<SnapshotResult> result = node.runtime().snapshot();
    until(result::isComplete);
    assertThat(result.succeeded()).as("%s", result.cause()).isTrue();
    assertThat(result.result().getOutcome()).isEqualTo(SnapshotOutcome.TAKEN);
    return result.result();
  }

  /**
   * Two snapshots at each of the members, and so their logs are cut off up to the first.
   *
   * @param bytes of the state that comes in between
   * @return the second snapshot of the first of them
   */
  SnapshotResult cutLogsOf(int bytes, SimNode... members) {
    put(10, bytes / 20);
    cluster.run(200);
    for (SimNode member : members) {
      snapshot(member);
    }
    put(10, bytes / 20);
    cluster.run(200);
    List<SnapshotResult> second = new ArrayList<>();
    for (SimNode member : members) {
      second.add(snapshot(member));
    }
    return second.get(0);
  }

  /** While n3 is cut off, the others go on, and have logs that begin after what n3 has. */
  SnapshotResult leaveBehind(int bytes) {
    cluster.network().isolate("n3");
    SnapshotResult newest = cutLogsOf(bytes, n1, n2);
    cluster.run(T);
    return newest;
  }

  /** n3 is reached again. */
  void comeBack() {
    cluster.network().healAll();
  }

  void crashAndRestart(SimNode node) {
    node.machine().crash();
    cluster.run(100);
    cluster.boot(node);
  }

  /** One bit of a published snapshot turns. */
  static void damage(SimNode node, long index) {
    SnapshotDirectory files = node.snapshots().get(index);
    files.flip(files.names().get(0), 5);
    node.snapshots().noteDamage();
  }

  /** Bytes of a snapshot that n3 has so far and has not published. */
  long bytesFetched() {
    SnapshotDirectory draft = n3.snapshots().received();
    return draft == null ? 0 : draft.bytes();
  }

  /** Runs until n3 has so many bytes of a snapshot. */
  void untilFetched(long bytes) {
    until(() -> bytesFetched() >= bytes);
  }

  RaftStatus status(SimNode node) {
    Future<RaftStatus> status = node.runtime().status();
    cluster.run(1);
    return status.result();
  }

  SnapshotStatus snapshots(SimNode node) {
    return status(node).getSnapshots();
  }

  void until(BooleanSupplier condition) {
    assertThat(cluster.runUntil(condition, PATIENCE_MS)).as("it happens in time").isTrue();
  }

  /** All come to the same log and the same state, and every rule holds. */
  void converge() {
    until(cluster::hasConverged);
    cluster.run(10);
    for (SimNode node : cluster.nodes()) {
      assertThat(contentOf(node)).as("state of %s", node.nodeId()).isEqualTo(contentOf(n1));
    }
    cluster.finish();
  }
}
