package io.vertxraft.testkit.bugs;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftOptions;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.testkit.oracle.SnapshotContent;
import io.vertxraft.testkit.sim.MessageRule;
import io.vertxraft.testkit.sim.SimStateMachine;
import io.vertxraft.testkit.sim.SnapshotFault;
import io.vertxraft.testkit.snapshot.SnapshotDirectory;
import java.util.ArrayList;
import java.util.List;

/** The stories of {@link SnapshotBugs}. */
final class SnapshotStories {
  private static final long MS = 1_000_000;
  private static final int SAVES = 3;

  private SnapshotStories() {}

  // --- what an installed snapshot does to the log -----------------------------------------------

  /**
   * n3 has all of a snapshot, and its slow disk is at it, when n2, which has all entries, leads.
   */
  static void aDownloadIsOvertakenByEntries() {
    SnapshotStage stage = SnapshotStage.ledBy("n1");
    long newest = stage.leaveBehind();
    stage.n3.machine().disk().nanosPerSnapshotByte(MS);
    stage.comeBack();
    stage.untilFetched();
    stage.n1.machine().crash();
    Stories.letLead(stage.cluster, "n2");
    stage.until(() -> stage.n3.commitIndex() > newest, "n3 never gets the entries");
    stage.untilPublished(newest);
    stage.cluster.run(5_000);
    stage.cluster.boot(stage.n1);
    stage.put(stage.n2, 5);
    stage.converge();
  }

  /**
   * n3 has led and been cut off with many entries that nobody else saw; the others have gone on in
   * a later term, and n1 has no entry of that time any more.
   */
  private static SnapshotStage anOldLeaderIsBack() {
    SnapshotStage stage = SnapshotStage.ledBy("n3");
    stage.cluster.network().isolate("n3");
    stage.submit(stage.n3, 60);
    stage.cluster.run(50);
    Stories.letLead(stage.cluster, "n1");
    long newest = stage.cutLogOf(stage.n1);
    Stories.require(
        stage.n3.lastIndex() > newest, Stories.LIVENESS, "n3 did not append what it was given");
    stage.n3.machine().disk().nanosPerSnapshotByte(MS / 10);
    stage.comeBack();
    return stage;
  }

  static void anOldLeaderWithEntriesOfItsOwnGetsASnapshot() {
    SnapshotStage stage = anOldLeaderIsBack();
    stage.converge();
  }

  static void anOldLeaderCrashesBeforeItsLogIsReplaced() {
    SnapshotStage stage = anOldLeaderIsBack();
    stage.untilPublished(1);
    stage.crashAndRestart();
    stage.converge();
  }

  static void aMemberCrashesBeforeItsLogIsReplaced() {
    SnapshotStage stage = SnapshotStage.ledBy("n1");
    long newest = stage.leaveBehind();
    stage.n3.machine().disk().nanosPerSnapshotByte(MS / 10);
    stage.comeBack();
    stage.untilPublished(newest);
    stage.crashAndRestart();
    stage.converge();
  }

  /** n3 gets an entry in another way, has snapshots, and no log from that time any more. */
  static void anAppendFromBeforeTheLogComesLate() {
    SnapshotStage stage = SnapshotStage.ledBy("n1");
    MessageRule late =
        stage
            .cluster
            .network()
            .hold(AppendEntries.class)
            .from("n1")
            .to("n3")
            .when(message -> !((AppendEntries) message).entries().isEmpty())
            .times(1);
    stage.put(stage.n1, 1);
    stage.converge();
    stage.cutLogOf(stage.n3);
    late.release();
    stage.cluster.run(1_000);
    stage.put(stage.n1, 5);
    stage.converge();
  }

  // --- terms ------------------------------------------------------------------------------------

  /** While n3 begins to fetch, n2 comes to lead, and n1 has a newer snapshot, of that term. */
  static void aSnapshotOfALaterTermComes() {
    SnapshotStage stage = SnapshotStage.ledBy("n1");
    stage.leaveBehind();
    MessageRule questions = stage.cluster.network().hold(SnapshotRequest.class).from("n3");
    stage.comeBack();
    stage.until(() -> questions.heldCount() > 0, "n3 never asks for a snapshot");
    List<MessageRule> unheard = n3HearsOfNoTerm(stage);
    stage.n1.runtime().transferLeadership("n2");
    stage.until(() -> stage.n2.isRunning() && stage.n2.isLeader(), "n2 does not come to lead");
    stage.put(stage.n2, 5);
    stage.cluster.run(200);
    long newest = stage.snapshot(stage.n1);
    questions.release();
    stage.untilPublished(newest);
    stage.cluster.run(100);
    unheard.forEach(MessageRule::stop);
    stage.put(stage.n2, 5);
    stage.converge();
  }

  private static List<MessageRule> n3HearsOfNoTerm(SnapshotStage stage) {
    List<MessageRule> rules = new ArrayList<>();
    for (Class<? extends Message> type :
        List.of(
            AppendEntries.class,
            Heartbeat.class,
            InstallSnapshot.class,
            PreVoteRequest.class,
            VoteRequest.class)) {
      rules.add(stage.cluster.network().drop(type).to("n3"));
    }
    // Nor does it ask, for the answers would tell.
    rules.add(stage.cluster.network().drop(PreVoteRequest.class).from("n3"));
    return rules;
  }

  // --- applying and loading ---------------------------------------------------------------------

  /** What n3 was given before it was cut off takes effect only after a snapshot is there. */
  static void aBatchIsBeingAppliedWhenASnapshotIsThere() {
    SnapshotStage stage = new SnapshotStage(SnapshotStage.options());
    stage.cluster.stateMachines(
        nodeId ->
            nodeId.equals("n3")
                ? new SlowStateMachine(stage.cluster.world().loop(), 3_000 * MS)
                : new SimStateMachine());
    stage.begin("n1");
    stage.put(stage.n1, 1);
    stage.cluster.run(500);
    long newest = stage.leaveBehind();
    stage.comeBack();
    stage.untilPublished(newest);
    stage.cluster.run(5_000);
    stage.converge();
  }

  /** Nothing durable stays in memory, and n3's disk is slow when it hears of a commit. */
  static void entriesAreBeingReadWhenASnapshotIsThere() {
    SnapshotStage stage =
        new SnapshotStage(SnapshotStage.options().setLogCacheBytesMax(0)).begin("n1");
    MessageRule answers = stage.cluster.network().hold(AppendEntriesReply.class).to("n1");
    List<Future<Buffer>> replies = stage.submit(stage.n1, 10);
    long last = stage.n3.lastIndex();
    stage.until(
        () -> stage.n3.durableIndex() >= last + replies.size(), "n3 never has the entries on disk");
    stage.n3.machine().disk().latency(5_000 * MS, 0);
    answers.release();
    stage.until(() -> stage.n3.commitIndex() > last, "n3 never hears of the commit");
    stage.cluster.run(1);
    stage.n3.machine().disk().latency(MS / 5, MS / 5);
    long newest = stage.leaveBehind();
    stage.comeBack();
    stage.untilPublished(newest);
    stage.cluster.run(6_000);
    stage.converge();
  }

  static void entriesComeWhileASnapshotIsLoaded() {
    SnapshotStage stage = new SnapshotStage(SnapshotStage.options());
    stage.n3.saving(1_000 * MS, 0);
    stage.begin("n1");
    long newest = stage.leaveBehind();
    stage.comeBack();
    stage.untilPublished(newest);
    stage.put(stage.n1, 5);
    stage.converge();
  }

  // --- saving, and cutting the log --------------------------------------------------------------

  static void threeSavesFail() {
    SnapshotStage stage = SnapshotStage.ledBy("n1");
    for (int i = 0; i < SAVES; i++) {
      stage.put(stage.n1, 10);
      stage.n2.machine().disk().failNextSnapshotStep(SnapshotFault.NO_ROOM);
      Future<?> failed = stage.n2.runtime().snapshot();
      stage.until(failed::isComplete, "a snapshot neither succeeds nor fails");
      Stories.require(failed.failed(), Stories.LIVENESS, "there was no room for the snapshot");
    }
    stage.n2.machine().crash();
    stage.cluster.boot(stage.n2);
    stage.converge();
  }

  static void aSecondSnapshotIsTaken() {
    SnapshotStage stage = SnapshotStage.ledBy("n1");
    stage.cutLogOf(stage.n2);
    stage.converge();
  }

  /** A batch takes a while and there is one entry in each, so that committed ones have to wait. */
  static void aSnapshotIsTakenWhileEntriesWaitToBeApplied() {
    SnapshotStage stage = new SnapshotStage(SnapshotStage.options().setApplyEntriesMax(1));
    stage.cluster.stateMachines(
        nodeId -> new SlowStateMachine(stage.cluster.world().loop(), 20 * MS));
    stage.begin("n1");
    stage.submit(stage.n1, 20);
    stage.cluster.run(100);
    stage.snapshot(stage.n1);
    stage.converge();
  }

  // --- fetching ---------------------------------------------------------------------------------

  /** Each piece takes a round trip, and the others take a snapshot at every fifth entry. */
  static void writesGoOnFasterThanAnInstall() {
    RaftOptions options = SnapshotStage.options();
    options.getSnapshots().setEntries(5).setChunksInFlightMax(1);
    SnapshotStage stage = new SnapshotStage(options).begin("n1");
    stage.cluster.network().eachLink(link -> link.delay(4 * MS));
    stage.cluster.network().isolate("n3");
    keepWriting(stage, 50);
    stage.comeBack();
    keepWriting(stage, 600);
    stage.converge();
  }

  private static void keepWriting(SnapshotStage stage, int commands) {
    for (int i = 0; i < commands; i++) {
      stage.submit(stage.n1, 1);
      stage.cluster.run(10);
    }
  }

  /** What n1 has verified and holds open is damaged before all of it is read. */
  static void aSnapshotIsDamagedWhileItIsFetched() {
    SnapshotStage stage = SnapshotStage.ledBy("n1");
    long newest = stage.leaveBehind();
    MessageRule questions =
        stage
            .cluster
            .network()
            .hold(SnapshotRequest.class)
            .from("n3")
            .when(message -> !((SnapshotRequest) message).file().isEmpty());
    stage.comeBack();
    stage.until(() -> questions.heldCount() > 0, "n3 never asks for a piece");
    SnapshotDirectory files = stage.n1.snapshots().get(newest);
    files.flip(SnapshotContent.HASH_FILE, 0);
    stage.n1.snapshots().noteDamage();
    questions.release();
    stage.cluster.run(5_000);
    stage.put(stage.n1, 20);
    stage.snapshot(stage.n1);
    stage.converge();
  }
}
