package io.vertxraft.testkit.bugs;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftOptions;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.testkit.run.SimCluster;
import io.vertxraft.testkit.run.SimNode;
import io.vertxraft.testkit.sim.SimCommand;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import io.vertxraft.testkit.snapshot.SnapshotDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Three members that take snapshots when they are told to: where stories of snapshots are set. */
final class SnapshotStage {
  private static final long PATIENCE_MS = 60_000;
  private static final int REGISTERS = 20;

  /** Every third key is a register. */
  private static final int REGISTER_STEP = 3;

  final SimCluster cluster;
  final SimNode n1;
  final SimNode n2;
  final SimNode n3;
  private long sequence;

  /** A stage on which nobody is up yet. */
  SnapshotStage(RaftOptions options) {
    cluster = Stories.watched(options);
    n1 = cluster.node("n1");
    n2 = cluster.node("n2");
    n3 = cluster.node("n3");
  }

  /** Snapshots by hand only, of which two are kept, and nothing of the log for anybody. */
  static RaftOptions options() {
    return Stories.options()
        .setSnapshots(
            new SnapshotOptions()
                .setEntries(0)
                .setLogBytes(0)
                .setIntervalMs(0)
                .setRetainEntries(0)
                .setRetainBytes(0)
                .setRetainForFollowersBytesMax(0)
                .setChunkBytes(64)
                .setChunksInFlightMax(2)
                .setChunkTimeoutMs(500));
  }

  /** A stage on which all are up, {@code leader} leads, and everybody has the same. */
  static SnapshotStage ledBy(String leader) {
    return new SnapshotStage(options()).begin(leader);
  }

  /** All come up, {@code leader} leads, and everybody has the same few entries. */
  SnapshotStage begin(String leader) {
    cluster.bootAll();
    Stories.letLead(cluster, leader);
    put(cluster.node(leader), 5);
    converge();
    return this;
  }

  /** Commands to a member, of which nobody waits for the end. */
  List<Future<Buffer>> submit(SimNode node, int count) {
    List<Future<Buffer>> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequence++;
      int key = REGISTER_STEP * (int) (sequence % REGISTERS);
      SimCommand command = new SimCommand(Operation.PUT, 9, sequence, key, sequence, 0, 0);
      replies.add(node.runtime().apply(command.encode()));
    }
    return replies;
  }

  /** Commands to a member, all of which are applied in the end. */
  void put(SimNode node, int count) {
    List<Future<Buffer>> replies = submit(node, count);
    until(() -> replies.stream().allMatch(Future::isComplete), "commands have no outcome");
    Stories.require(
        replies.stream().allMatch(Future::succeeded), Stories.LIVENESS, "commands are refused");
  }

  /** A member takes a snapshot; where it ends. */
  long snapshot(SimNode node) {
    Future<SnapshotResult> result = node.runtime().snapshot();
    until(result::isComplete, "a snapshot is never saved");
    Stories.require(
        result.succeeded() && result.result().getOutcome() == SnapshotOutcome.TAKEN,
        Stories.LIVENESS,
        node.nodeId() + " takes no snapshot: " + result);
    return result.result().getLastIndex();
  }

  /**
   * Two snapshots of a member, and so its log is cut off up to the first.
   *
   * @return where the second ends
   */
  long cutLogOf(SimNode node) {
    SimNode leader = cluster.leader();
    put(leader, 20);
    snapshot(node);
    put(leader, 20);
    return snapshot(node);
  }

  /**
   * While n3 is cut off, the others go on, and the log of n1 begins after what n3 has.
   *
   * @return where n1's newest snapshot ends
   */
  long leaveBehind() {
    cluster.network().isolate(n3.nodeId());
    long newest = cutLogOf(n1);
    cluster.run(100);
    return newest;
  }

  /** n3 is reached again. */
  void comeBack() {
    cluster.network().healAll();
  }

  /** Runs until n3 has all bytes of a snapshot that is not published yet. */
  void untilFetched() {
    until(
        () -> {
          SnapshotDirectory draft = n3.snapshots().received();
          return draft != null && draft.bytes() == draft.manifest().bytes();
        },
        "n3 never has all of a snapshot");
    cluster.run(1);
  }

  /** Runs until a snapshot at {@code index} or later survives a power cut on n3. */
  void untilPublished(long index) {
    until(() -> n3.snapshots().newestIndex() >= index, "n3 never has a snapshot");
  }

  /** Power cut on n3, and it comes up again. */
  void crashAndRestart() {
    n3.machine().crash();
    cluster.run(300);
    cluster.boot(n3);
  }

  /** Runs until all have the same, and everything is applied. */
  void converge() {
    until(cluster::hasConverged, "the members do not come to the same log");
  }

  /** Runs until something is so. */
  void until(BooleanSupplier condition, String otherwise) {
    Stories.require(cluster.runUntil(condition, PATIENCE_MS), Stories.LIVENESS, otherwise);
  }
}
