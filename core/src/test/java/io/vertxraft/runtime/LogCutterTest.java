package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertxraft.RaftEventType;
import io.vertxraft.consensus.RoleKind;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.spi.StorageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much of the log goes when a snapshot is there, and how many snapshots stay. */
class LogCutterTest {
  private final SnapshotFixture fixture = new SnapshotFixture();

  private void saveAt(long... indexes) {
    long from = fixture.node.core().commitIndex() + 1;
    for (long index : indexes) {
      fixture.commands(from, index);
      fixture.save();
      from = index + 1;
    }
  }

  @Test
  void nothingIsCutAgainstTheOnlySnapshot() {
    fixture.start();
    saveAt(10);

    assertThat(fixture.base.diskFirst).isEqualTo(1);
  }

  @Test
  void theLogIsCutToTheOldestOfTheSnapshotsThatAreKept() {
    fixture.start();
    saveAt(10, 20);
    assertThat(fixture.base.diskFirst).isEqualTo(11);
    assertThat(fixture.causes(RaftEventType.LOG_COMPACTED))
        .containsExactly("the log begins at index 11");

    saveAt(30);
    assertThat(fixture.base.diskFirst).isEqualTo(21);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(20L, 30L);
    assertThat(fixture.status().getFirstIndex()).isEqualTo(21);
  }

  @Test
  void asManySnapshotsAreKeptAsWanted() {
    fixture.with(o -> o.setKept(3)).start();
    saveAt(10, 20);
    assertThat(fixture.base.diskFirst).isEqualTo(11);
    saveAt(30, 40, 50);

    assertThat(fixture.base.snapshots.published).containsOnlyKeys(30L, 40L, 50L);
    assertThat(fixture.base.diskFirst).isEqualTo(31);
  }

  @Test
  void aMarginOfEntriesStays() {
    fixture.with(o -> o.setRetainEntries(4)).start();
    saveAt(10, 20);

    assertThat(fixture.base.diskFirst).isEqualTo(7);
  }

  @Test
  void theMarginIsWithinBothLimits() {
    int bytes = fixture.command(5, 1).encodedBytes();
    fixture.with(o -> o.setRetainEntries(100).setRetainBytes(3L * bytes)).start();
    saveAt(9, 20);

    assertThat(fixture.base.diskFirst).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"SAVE", "APPEND", "SYNC", "RENAME", "VERIFY"})
  void aSaveThatFailsCutsNothing(Step step) {
    fixture.start();
    saveAt(10, 20);
    fixture.base.snapshots.fault(step, Fault.FAILS);
    saveAt(30, 40, 50);

    assertThat(fixture.base.diskFirst).isEqualTo(11);
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(20L, 10L);
  }

  /** It may be on the disk under its name, but only who has read it again knows what is in it. */
  @Test
  void aSnapshotThatNobodyHasVerifiedYetDoesNotCountThoughItIsListed() {
    fixture.with(o -> o.setSaveTimeoutMs(500)).start();
    saveAt(10);
    fixture.base.snapshots.faultOnce(Step.VERIFY, Fault.HANGS, 0);
    saveAt(20);
    fixture.advanceMs(501);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(10L, 20L);
    saveAt(30);
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(30L, 10L);
    assertThat(fixture.base.diskFirst).as("back to the older of those that count").isEqualTo(11);

    fixture.base.snapshots.release();
    fixture.run();
    assertThat(fixture.snapshotStatus().getKept()).as("verified at last").contains(30L, 20L);
    assertThat(fixture.base.diskFirst).isEqualTo(21);
  }

  @Test
  void aSnapshotThatCannotBeDeletedIsToldAndDeletedWithTheNextOne() {
    fixture.start();
    fixture.base.snapshots.fault(Step.DELETE, Fault.FAILS);
    saveAt(10, 20, 30);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("an old snapshot could not be deleted: disk is full");
    assertThat(fixture.base.diskFirst).as("back to the oldest that counts").isEqualTo(21);

    fixture.base.snapshots.noFaults();
    saveAt(40);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(30L, 40L);
  }

  /** Entries may be committed, applied and in a snapshot before they are durable here. */
  @Test
  void nothingIsCutThatIsNotDurableHere() {
    fixture.start();
    saveAt(10);
    fixture.base.diskIsStuck = true;
    saveAt(15, 20);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(15L, 20L);
    assertThat(fixture.status().getFirstIndex()).isEqualTo(11);
    fixture.base.diskIsStuck = false;
    fixture.base.sync();
    fixture.run();
    saveAt(30);

    assertThat(fixture.base.diskFirst).isEqualTo(21);
  }

  @Test
  void afterAnInstallTheOlderSnapshotsGoForTheLogDoesNotGoOnFromThem() {
    fixture.start();
    saveAt(10, 20);
    fixture.leaderHas(40).offer(40, 40);
    fixture.answerAll();

    assertThat(fixture.base.snapshots.published).containsOnlyKeys(40L);
    assertThat(fixture.base.diskFirst).isEqualTo(41);
    saveAt(50);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(40L, 50L);
    assertThat(fixture.base.diskFirst).isEqualTo(41);
  }

  @Test
  void aDiskThatCannotCutTheLogIsFatalAsForEveryChangeOfTheLog() {
    fixture.start();
    saveAt(10);
    fixture.commands(11, 20);
    fixture.base.diskFailure = new StorageException(StorageException.Kind.IO_ERROR, "bad sector");
    fixture.save();

    assertThat(fixture.node.hasFailed()).isTrue();
  }

  // --- what a leader keeps for others -----------------------------------------------------------

  private void receive(String from, Message message) {
    fixture.base.receiver.receive(from, message);
    fixture.run();
  }

  /** What the leader reads for n3 waits for it, if set. */
  private Promise<List<LogEntry>> heldRead;

  /** n1 leads term 2; n2 holds everything up to 21, and n3 has not answered yet. */
  private void lead() {
    fixture.start().commands(1, 20);
    for (int i = 0; i < 30 && fixture.node.core().roleKind() != RoleKind.PRE_CANDIDATE; i++) {
      fixture.advanceMs(100);
    }
    receive("n2", new PreVoteReply(1, 2, true));
    receive("n2", new VoteReply(2, true));
    assertThat(fixture.node.core().isLeader()).isTrue();
    receive("n2", AppendEntriesReply.accepted(2, 21));
    assertThat(fixture.node.core().isReady()).isTrue();
  }

  /** The same, and n3 holds everything up to 5. */
  private void leadWithALaggingFollower() {
    lead();
    fixture.base.heldRead = heldRead;
    receive("n3", AppendEntriesReply.accepted(2, 5));
    fixture.base.heldRead = null;
    heartbeats();
  }

  /** Both followers answer the leader's newest heartbeats. */
  private void heartbeats() {
    for (NodeFixture.Sent sent : List.copyOf(fixture.base.outbox)) {
      if (sent.message() instanceof Heartbeat heartbeat) {
        receive(sent.to(), new HeartbeatReply(2, heartbeat.sentAtNanos(), 0, 0));
      }
    }
    fixture.base.outbox.clear();
  }

  private void applyTo(long index) {
    while (fixture.node.core().log().lastIndex() < index) {
      fixture.base.apply(fixture.node, "x");
      receive("n2", AppendEntriesReply.accepted(2, fixture.node.core().log().lastIndex()));
    }
  }

  @Test
  void whatAFollowerThatAnswersStillNeedsStaysUntilItHasIt() {
    leadWithALaggingFollower();
    fixture.save();
    applyTo(30);
    fixture.save();
    assertThat(fixture.base.diskFirst).isEqualTo(6);

    receive("n3", AppendEntriesReply.accepted(2, 12));
    fixture.advanceMs(100);
    heartbeats();
    fixture.advanceMs(9_950);
    assertThat(fixture.node.core().isLeader()).isFalse();
    assertThat(fixture.base.diskFirst).as("led no more, nobody is waited for").isEqualTo(22);
  }

  @Test
  void onlySoMuchIsKeptForThem() {
    int bytes = fixture.command(9, 1).encodedBytes();
    fixture.with(o -> o.setRetainForFollowersBytesMax(6L * bytes));
    leadWithALaggingFollower();
    fixture.save();
    applyTo(30);
    fixture.save();

    assertThat(fixture.base.diskFirst).isBetween(15L, 17L);
  }

  // --- what a leader keeps for who fetches a snapshot (R-28) ------------------------------------

  /** The leader has snapshots at 21 and 30, and n3 has to get one; nothing is kept for others. */
  private void leadWhileAFollowerNeedsASnapshot() {
    fixture.with(o -> o.setRetainForFollowersBytesMax(0));
    lead();
    fixture.save();
    applyTo(30);
    fixture.save();
    assertThat(fixture.base.diskFirst).isEqualTo(22);
    receive("n3", AppendEntriesReply.refused(2, 20, 0, 1));
    assertThat(fixture.status().getFollowers())
        .anyMatch(f -> f.getNodeId().equals("n3") && f.getReplication().equals("SNAPSHOT"));
  }

  /** Time passes, in which some of the followers answer every heartbeat. */
  private void tenSecondsInWhichAnswer(String... followers) {
    for (int i = 0; i < 101; i++) {
      fixture.advanceMs(100);
      for (NodeFixture.Sent sent : List.copyOf(fixture.base.outbox)) {
        if (sent.message() instanceof Heartbeat heartbeat
            && List.of(followers).contains(sent.to())) {
          receive(sent.to(), new HeartbeatReply(2, heartbeat.sentAtNanos(), 0, 0));
        }
      }
      fixture.base.outbox.clear();
    }
    assertThat(fixture.node.core().isLeader()).isTrue();
  }

  @Test
  void whatFollowsASnapshotThatIsBeingFetchedStaysWhateverTheLimitUntilItIsInstalled() {
    leadWhileAFollowerNeedsASnapshot();
    receive("n3", InstallSnapshotReply.underWay(2, 25, 4, 100));
    applyTo(40);
    fixture.save();
    assertThat(fixture.base.diskFirst).as("not 31, though 30 and 40 are kept").isEqualTo(26);
    tenSecondsInWhichAnswer("n2", "n3");
    assertThat(fixture.base.diskFirst).isEqualTo(26);

    receive("n3", InstallSnapshotReply.installed(2, 25));
    tenSecondsInWhichAnswer("n2", "n3");
    assertThat(fixture.base.diskFirst).isEqualTo(31);
  }

  @Test
  void asLongAsNobodyKnowsWhichSnapshotIsFetchedNothingIsCut() {
    leadWhileAFollowerNeedsASnapshot();
    applyTo(40);
    fixture.save();

    assertThat(fixture.base.diskFirst).isEqualTo(22);
  }

  @Test
  void whoFetchesOneAndIsNotHeardAnyMoreIsNotWaitedForForEver() {
    leadWhileAFollowerNeedsASnapshot();
    receive("n3", InstallSnapshotReply.underWay(2, 25, 4, 100));
    applyTo(40);
    fixture.save();
    assertThat(fixture.base.diskFirst).isEqualTo(26);

    tenSecondsInWhichAnswer("n2");
    assertThat(fixture.base.diskFirst).isEqualTo(31);
  }

  /** The stored log is cut only when nobody reads what is to go. */
  @Test
  void whatIsBeingReadForAFollowerIsCutWhenItHasBeenRead() {
    fixture.options.setLogCacheBytesMax(0);
    fixture.with(o -> o.setRetainForFollowersBytesMax(0));
    heldRead = Promise.promise();
    leadWithALaggingFollower();
    fixture.save();
    applyTo(30);
    fixture.save();
    assertThat(fixture.status().getFirstIndex()).isEqualTo(22);
    assertThat(fixture.base.diskFirst).isEqualTo(1);

    heldRead.complete(List.copyOf(fixture.base.disk.subList(5, 20)));
    fixture.run();
    assertThat(fixture.base.diskFirst).isEqualTo(22);
    assertThat(fixture.node.hasFailed()).isFalse();
  }

  /** n1 leads, and its only snapshot turns out to be damaged when n3 fetches it. */
  private void leadWithoutASnapshot() {
    fixture.diskHas(8, 20);
    fixture.diskHasSnapshot(7);
    fixture.base.snapshots.damage(7);
    fixture.ledger.durableIndex = 20;
    fixture.start();
    for (int i = 0; i < 30 && fixture.node.core().roleKind() != RoleKind.PRE_CANDIDATE; i++) {
      fixture.advanceMs(100);
    }
    receive("n2", new PreVoteReply(1, 2, true));
    receive("n2", new VoteReply(2, true));
    receive("n2", AppendEntriesReply.accepted(2, 21));
    receive("n3", AppendEntriesReply.refused(2, 20, 0, 1));
    assertThat(fixture.base.outbox).anyMatch(sent -> offers(sent.message(), 7));
    receive("n3", new SnapshotRequest(1, 7, "", 0, 1_000, false));
  }

  @Test
  void aLeaderWithoutASnapshotTakesOneWhenAFollowerNeedsIt() {
    fixture.with(o -> o.setEntriesMin(1_000));
    leadWithoutASnapshot();
    fixture.advanceMs(100);
    fixture.advanceMs(100);

    assertThat(fixture.base.snapshots.published).containsKey(21L);
    assertThat(fixture.base.outbox)
        .anyMatch(sent -> sent.to().equals("n3") && offers(sent.message(), 21));
  }

  private static boolean offers(Message message, long lastIndex) {
    return message instanceof InstallSnapshot offer && offer.lastIndex() == lastIndex;
  }

  /** The disk is not written to without end, but who waits may be needed for a majority. */
  @Test
  void whileAFollowerWaitsALeaderThatCannotSaveTriesEveryHalfMinuteAndNotEveryFiveMinutes() {
    fixture.base.snapshots.fault(Step.SAVE, Fault.FAILS);
    leadWithoutASnapshot();
    for (int i = 0; i < 16; i++) {
      tenSecondsInWhichAnswer("n2", "n3");
    }

    assertThat(fixture.base.snapshots.calls.get(Step.SAVE))
        .as("after 1, 2, 4, 8 and 16 seconds, and then at 61, 91, 121 and 151")
        .isEqualTo(10);
  }
}
