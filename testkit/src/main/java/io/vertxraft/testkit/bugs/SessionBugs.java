package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftOptions;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.testkit.run.Profile;
import io.vertxraft.testkit.run.SimCluster;
import io.vertxraft.testkit.run.SimNode;
import io.vertxraft.testkit.sim.SimCommand;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import java.util.List;
import java.util.stream.Stream;

/** Bugs of sessions: what was sent twice is applied twice. */
final class SessionBugs {
  private static final long PATIENCE_MS = 10_000;
  private static final int COUNTER = 2;

  private static final PlantedBug RETRY_APPLIED_TWICE =
      new PlantedBug(
          "retry-applied-twice",
          "#25",
          "A command of a session that comes again is applied again.",
          List.of(
              runtime(
                  "SessionTable",
                  "Slot known = session.slots.get(sequence);",
                  "Slot known = null;")),
          SessionBugs::aCommandComesAgain,
          "I6");

  private static final PlantedBug SESSIONS_NOT_IN_SNAPSHOT =
      new PlantedBug(
          "sessions-not-in-snapshot",
          "#25",
          "A snapshot holds the state and not who has asked for it.",
          List.of(runtime("SnapshotSave", "applier.sessions().encode(),", "Buffer.buffer(),")),
          SessionBugs::aSessionGoesOnAfterARestartFromASnapshot,
          "I6");

  private static final PlantedBug REPEATED_IN_ONE_BATCH =
      new PlantedBug(
          "repeated-in-one-batch",
          "#25",
          "A command is known as applied only once the state machine has answered its batch.",
          List.of(
              runtime(
                  "SessionTable",
                  "session.slots.put(sequence, admission.slot);",
                  "admission.session = session;"),
              runtime(
                  "SessionTable",
                  "private boolean fresh;",
                  "private boolean fresh; private Session session;"),
              runtime(
                  "SessionTable",
                  "keep(admission.slot, reply);",
                  """
                  admission.session.slots.put(admission.slot.sequence, admission.slot);
                  keep(admission.slot, reply);
                  """)),
          SessionBugs::aCommandComesTwiceAtOnce,
          "I6");

  private SessionBugs() {}

  static List<PlantedBug> all() {
    return Stream.of(RETRY_APPLIED_TWICE, SESSIONS_NOT_IN_SNAPSHOT, REPEATED_IN_ONE_BATCH)
        .map(bug -> bug.among(Profile.SNAPSHOTS))
        .toList();
  }

  private static SimCluster cluster() {
    RaftOptions options =
        Stories.options()
            .setSnapshots(
                new SnapshotOptions()
                    .setEntries(0)
                    .setLogBytes(0)
                    .setIntervalMs(0)
                    .setEntriesMin(1));
    return Stories.ledByFirst(options);
  }

  private static <T> T await(SimCluster cluster, Future<T> future) {
    cluster.runUntil(future::isComplete, PATIENCE_MS);
    return future.result();
  }

  private static long open(SimCluster cluster, SimNode node) {
    ClientReply reply =
        await(cluster, node.runtime().serve(ClientRequest.openSession(PATIENCE_MS, 0)));
    return reply.body().getLong(0);
  }

  private static Future<ClientReply> add(SimNode node, long session, long sequence) {
    return node.runtime()
        .serve(ClientRequest.commands(false, session, sequence, 1, 0, command(sequence)));
  }

  private static Buffer command(long sequence) {
    return new SimCommand(Operation.ADD, 1, sequence, COUNTER, 5, 0, 0).encode();
  }

  private static void aCommandComesAgain() {
    SimCluster cluster = cluster();
    SimNode leader = cluster.node("n1");
    long session = open(cluster, leader);
    await(cluster, add(leader, session, 1));
    await(cluster, add(leader, session, 1));
    cluster.finish();
  }

  private static void aCommandComesTwiceAtOnce() {
    SimCluster cluster = cluster();
    SimNode leader = cluster.node("n1");
    long session = open(cluster, leader);
    Future<ClientReply> first = add(leader, session, 1);
    Future<ClientReply> again = add(leader, session, 1);
    await(cluster, Future.all(first, again));
    cluster.finish();
  }

  private static void aSessionGoesOnAfterARestartFromASnapshot() {
    SimCluster cluster = cluster();
    SimNode leader = cluster.node("n1");
    long session = open(cluster, leader);
    await(cluster, add(leader, session, 1));
    cluster.runUntil(cluster::hasConverged, PATIENCE_MS);
    for (SimNode node : cluster.nodes()) {
      await(cluster, node.runtime().snapshot());
    }
    cluster.nodes().forEach(node -> node.machine().crash());
    cluster.bootAll();
    Stories.letLead(cluster, "n1");
    await(cluster, add(leader, session, 2));
    // What comes after shows that it was left out.
    await(cluster, leader.runtime().apply(command(3)));
    cluster.runUntil(cluster::hasConverged, PATIENCE_MS);
    cluster.finish();
  }
}
