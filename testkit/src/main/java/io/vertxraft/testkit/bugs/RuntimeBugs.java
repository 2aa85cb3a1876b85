package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.runtime;

import io.vertxraft.NodeState;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.spi.StorageException;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.run.SimCluster;
import io.vertxraft.testkit.run.SimNode;
import io.vertxraft.testkit.sim.ClientOperation;
import io.vertxraft.testkit.sim.MessageRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Bugs of the runtime: the order of disk and network, applying, and what clients are told. */
final class RuntimeBugs {
  private static final long MS = 1_000_000;

  private static final PlantedBug REPLY_BEFORE_DURABLE =
      new PlantedBug(
          "reply-before-durable",
          "#8",
          "Messages that promise something leave when their write is issued, not when it is done.",
          List.of(
              runtime(
                  "LogWriter",
                  "      inFlight.add(persist);\n",
                  """
                          inFlight.add(persist);
                          persist.messages().forEach(sender);
                          persist.messages().clear();
                    """)),
          RuntimeBugs::followersDisksAreSlow,
          "R-16");

  private static final PlantedBug REPEATED_APPEND_CONFIRMED_EARLY =
      new PlantedBug(
          "repeated-append-confirmed-early",
          "#8",
          "The answer to a repeated AppendEntries overtakes the write of the first.",
          List.of(runtime("LogWriter", "} else if (inFlight.isEmpty()) {", "} else if (true) {")),
          RuntimeBugs::followersDisksAreSlow,
          "R-16");

  private static final PlantedBug SYNC_ERROR_IGNORED =
      new PlantedBug(
          "sync-error-ignored",
          "classic",
          "A write whose sync has failed counts as done.",
          List.of(
              runtime("LogWriter", "if (failure != null) {", "if (failure instanceof Error) {")),
          RuntimeBugs::aSyncFails,
          "R-16");

  private static final PlantedBug APPLIER_READS_BEYOND_DURABLE =
      new PlantedBug(
          "applier-reads-beyond-durable",
          "classic",
          "Committed entries to apply are read from the disk before they are on it.",
          List.of(
              runtime(
                  "Applier",
                  "from, Math.min(from + entriesMax - 1, log.durableIndex()), options",
                  "from, from + entriesMax - 1, options")),
          RuntimeBugs::anEntryIsCommittedBeforeItsFollowersDiskHasIt,
          Stories.RUNS_ON);

  private static final PlantedBug REJECTED_BUT_APPLIED =
      new PlantedBug(
          "rejected-but-applied",
          "#25",
          "A leader that loses its office tells of pending commands that it is not the leader.",
          List.of(
              runtime(
                  "Proposals",
                  "fail(proposal, leadershipLost(proposal, leaderId));",
                  """
                    fail(
                            proposal,
                            new Rejected(Rejected.Reason.NOT_LEADER, "does not lead", leaderId));
                    """)),
          RuntimeBugs::aLeaderIsCutOffWithCommandsThatOthersHave,
          Stories.REJECTED_IS_ABSENT);

  private static final PlantedBug FORWARD_APPLIED_TWICE =
      new PlantedBug(
          "forward-applied-twice",
          "#25",
          "A forwarded command that the network repeats is appended again.",
          List.of(runtime("PeerCalls", "if (request.requestId() <= newest) {", "if (false) {")),
          RuntimeBugs::everyForwardArrivesTwice,
          Stories.APPLIED_ONCE);

  private static final PlantedBug REPLY_TO_THE_WRONG_PROPOSAL =
      new PlantedBug(
          "reply-to-the-wrong-proposal",
          "#25",
          "A reply of the state machine goes to the oldest proposal, whatever its index.",
          List.of(
              runtime(
                  "Proposals", "if (head == null || head.index != index) {", "if (head == null) {"),
              runtime("Proposals", "if (head.term == term) {", "if (true) {")),
          RuntimeBugs::aNewLeaderAppliesWhatItsPredecessorLeft,
          "I8");

  private RuntimeBugs() {}

  static List<PlantedBug> all() {
    return List.of(
        REPLY_BEFORE_DURABLE,
        REPEATED_APPEND_CONFIRMED_EARLY,
        SYNC_ERROR_IGNORED,
        APPLIER_READS_BEYOND_DURABLE,
        REJECTED_BUT_APPLIED,
        FORWARD_APPLIED_TWICE,
        REPLY_TO_THE_WRONG_PROPOSAL);
  }

  /** Every message arrives twice, and the copies find the first one's write under way. */
  private static void followersDisksAreSlow() {
    SimCluster cluster = Stories.ledByFirst(Stories.options());
    cluster.network().eachLink(link -> link.duplicateProbability(1));
    for (String follower : List.of("n2", "n3")) {
      cluster.node(follower).machine().disk().latency(20 * MS, 0);
    }
    cluster.clients().start(20);
    cluster.run(2_000);
  }

  private static void aSyncFails() {
    SimCluster cluster = Stories.ledByFirst(Stories.options());
    cluster.clients().start(50);
    cluster.run(500);
    cluster.node("n2").machine().disk().failNextSync(StorageException.Kind.IO_ERROR);
    cluster.run(2_000);
  }

  /**
   * Nothing durable stays in memory. n3 has entries it does not know as committed on its disk, and
   * when it hears of the commit, a later entry that its stalled disk does not have yet.
   */
  private static void anEntryIsCommittedBeforeItsFollowersDiskHasIt() {
    SimCluster cluster =
        Stories.ledByFirst(Stories.options().setLogCacheBytesMax(0).setApplyEntriesMax(100));
    SimNode n3 = cluster.node("n3");
    MessageRule answers = cluster.network().hold(AppendEntriesReply.class).from("n2").to("n1");
    MessageRule others = cluster.network().hold(AppendEntriesReply.class).from("n3").to("n1");
    cluster.clients().start(100);
    cluster.run(100);
    n3.machine().disk().stall(500 * MS);
    cluster.run(50);
    others.release();
    answers.release();
    cluster.run(400);
    cluster.clients().stop();
    cluster.run(5_000);
    requireRunning(cluster);
  }

  private static void requireRunning(SimCluster cluster) {
    for (SimNode node : cluster.nodes()) {
      List<NodeState> states = new ArrayList<>();
      node.runtime().status().onSuccess(status -> states.add(status.getState()));
      cluster.run(100);
      Stories.require(
          states.equals(List.of(NodeState.RUNNING)),
          Stories.RUNS_ON,
          node.nodeId() + " has stopped, and nothing was broken");
    }
  }

  /** n1's entries reach the others, their answers do not reach n1; one of them leads next. */
  private static void aLeaderIsCutOffWithCommandsThatOthersHave() {
    SimCluster cluster = Stories.ledByFirst(Stories.options().setForwardToLeader(false));
    MessageRule answers = cluster.network().drop(AppendEntriesReply.class).to("n1");
    MessageRule contacts = cluster.network().drop(HeartbeatReply.class).to("n1");
    cluster.clients().start(100);
    cluster.run(150);
    cluster.clients().stop();
    cluster.run(2_000);
    answers.stop();
    contacts.stop();
    cluster.network().healAll();
    cluster.run(5_000);
    LogChain log = cluster.leader().log();
    Set<Long> inLog = new TreeSet<>();
    for (long index = 1; index <= log.lastIndex(); index++) {
      inLog.add(ChainHash.payload(log.entryAt(index)));
    }
    for (ClientOperation operation : cluster.clients().history()) {
      Stories.require(
          operation.outcome() != ClientOperation.Outcome.REJECTED
              || !inLog.contains(operation.command().payloadHash()),
          Stories.REJECTED_IS_ABSENT,
          "a client was told of a rejection, and the log holds its command: " + operation);
    }
  }

  private static void everyForwardArrivesTwice() {
    SimCluster cluster = Stories.ledByFirst(Stories.options());
    cluster.network().eachLink(link -> link.duplicateProbability(1));
    cluster.clients().start(50);
    cluster.run(1_000);
    LogChain log = cluster.node("n1").log();
    Set<Long> seen = new TreeSet<>();
    for (long index = 1; index <= log.lastIndex(); index++) {
      Stories.require(
          log.entryAt(index).type() != EntryType.COMMAND
              || seen.add(ChainHash.payload(log.entryAt(index))),
          Stories.APPLIED_ONCE,
          "the command at index " + index + " stands in the log before");
    }
  }

  /** n1 dies with commands that the others have; its successor gets new ones at once. */
  private static void aNewLeaderAppliesWhatItsPredecessorLeft() {
    SimCluster cluster = Stories.ledByFirst(Stories.options());
    cluster.clients().start(500);
    cluster.run(300);
    MessageRule answers = cluster.network().drop(AppendEntriesReply.class).to("n1");
    cluster.run(50);
    cluster.node("n1").machine().crash();
    answers.stop();
    MessageRule slow = cluster.network().hold(AppendEntriesReply.class);
    cluster.runUntil(() -> cluster.leader() != null, 5_000);
    cluster.run(50);
    slow.release();
    cluster.run(2_000);
  }
}
