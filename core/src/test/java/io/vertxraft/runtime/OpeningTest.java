package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.RaftEventType;
import io.vertxraft.StateMachine;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.HardState;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.spi.RecoveredLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With what a member comes up, whatever the crash before left on its disk. */
class OpeningTest {
  private final SnapshotFixture fixture = new SnapshotFixture();

  private void leaderCommits(long index) {
    fixture.base.receiver.receive("n2", new AppendEntries(1, index, 1, index, List.of()));
    fixture.run();
  }

  @Test
  void theNewestSnapshotIsLoadedAndTheLogAfterItIsApplied() {
    fixture.diskHas(1, 8);
    fixture.diskHasSnapshot(3);
    fixture.diskHasSnapshot(5);
    fixture.start();
    assertThat(fixture.ledger.calls).containsExactly("load 5");
    leaderCommits(8);

    assertThat(fixture.ledger.calls).containsExactly("load 5", "apply 6..8");
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(8));
    assertThat(fixture.base.diskFirst).as("the log stays as it is").isEqualTo(1);
    assertThat(fixture.base.snapshots.calls.get(Step.OPEN)).as("verified once").isEqualTo(1);
  }

  @Test
  void aDamagedNewestSnapshotGivesWayToTheOlderOneAndTheLog() {
    fixture.diskHas(4, 8);
    fixture.diskHasSnapshot(3);
    fixture.diskHasSnapshot(5);
    fixture.base.snapshots.damage(5);
    fixture.start();
    leaderCommits(8);

    assertThat(fixture.ledger.calls).containsExactly("load 3", "apply 4..8");
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("the snapshot that ends at index 5 cannot be read: snapshot 5 is damaged");
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(3L);
    assertThat(fixture.base.snapshots.published).as("it may be readable yet").containsKey(5L);
  }

  @Test
  void aDamagedSnapshotIsDeletedWhenThereIsANewOne() {
    fixture.diskHas(4, 8);
    fixture.diskHasSnapshot(3);
    fixture.diskHasSnapshot(5);
    fixture.base.snapshots.damage(5);
    fixture.start();
    leaderCommits(8);
    fixture.save();

    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L, 8L);
    assertThat(fixture.base.diskFirst).as("back to the oldest good one").isEqualTo(4);
  }

  @Test
  void aSnapshotMayEndWhereADamagedOneEnded() {
    fixture.diskHas(4, 5);
    fixture.diskHasSnapshot(3);
    fixture.diskHasSnapshot(5);
    fixture.base.snapshots.damage(5);
    fixture.start();
    leaderCommits(5);
    fixture.save();

    assertThat(fixture.base.snapshots.isGood(5)).isTrue();
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(5L, 3L);
  }

  /** A crash between the snapshot that was received and the log that it replaces. */
  @Test
  void aLogThatEndsBeforeTheSnapshotIsStartedAnewAfterIt() {
    fixture.diskHas(1, 3);
    fixture.base.snapshots.put(fixture.head(7, 2), SnapshotFixture.stateFile(7));
    fixture.start();

    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(7));
    assertThat(fixture.base.diskFirst).isEqualTo(8);
    assertThat(fixture.base.diskPrevTerm).isEqualTo(2);
    assertThat(fixture.base.disk).isEmpty();
    assertThat(fixture.base.diskHardState)
        .as("no term is ever forgotten")
        .isEqualTo(new HardState(2, null));
    assertThat(fixture.node.core().commitIndex()).isEqualTo(7);
  }

  @Test
  void aLogThatContradictsTheSnapshotIsStartedAnewAfterIt() {
    fixture.diskHas(1, 9);
    fixture.base.snapshots.put(fixture.head(7, 2), SnapshotFixture.stateFile(7));
    fixture.start();

    assertThat(fixture.base.diskFirst).isEqualTo(8);
    assertThat(fixture.base.disk).isEmpty();
    assertThat(fixture.node.core().log().lastTerm()).isEqualTo(2);
  }

  @Test
  void aVoteOfTheSameTermIsNotForgottenWhenTheLogIsStartedAnew() {
    fixture.diskHas(1, 3);
    fixture.base.diskHardState = new HardState(2, "n3");
    fixture.base.recover();
    fixture.base.snapshots.put(fixture.head(7, 2), SnapshotFixture.stateFile(7));
    fixture.start();

    assertThat(fixture.base.diskHardState).isEqualTo(new HardState(2, "n3"));
    assertThat(fixture.node.core().votedFor()).isEqualTo("n3");
  }

  @Test
  void aSnapshotThatTheLogDoesNotGoOnFromIsOfNoUse() {
    fixture.diskHas(7, 9);
    fixture.diskHasSnapshot(3);
    fixture.diskHasSnapshot(6);
    fixture.base.snapshots.damage(6);
    fixture.start();

    assertThat(fixture.base.discarded)
        .contains("the log begins at index 7", "snapshot 6 is damaged");
    assertThat(fixture.ledger.calls).as("there is less to fetch").containsExactly("load 3");
    assertThat(fixture.node.core().fitness().isDamaged()).isTrue();
    assertThat(fixture.base.diskFirst).isEqualTo(4);
    assertThat(fixture.status().getDamage()).contains("has to be fetched again");
  }

  @Test
  void aMemberWithoutAnySnapshotThatFitsIsGivenEverythingByItsLeader() {
    fixture.diskHas(7, 9);
    fixture.start();
    assertThat(fixture.base.discarded).contains("the log begins at index 7");
    assertThat(fixture.node.core().log().lastIndex()).isZero();

    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(10));
  }

  @Test
  void theOnlyMemberOfItsGroupRefusesRatherThanForget() {
    fixture.options.setMembers(fixture.options.getMembers().subList(0, 1));
    fixture.diskHas(7, 9);
    fixture.node = fixture.base.create(fixture.options);
    Future<Void> started = fixture.node.start();
    fixture.run();

    assertThat(started.cause()).hasMessageContaining("'n1' is the only member of its group");
    assertThat(fixture.base.discarded).isNull();
    assertThat(fixture.base.diskLast()).isEqualTo(9);
  }

  /** A disk that is away for a moment must not make all members of a group forget. */
  @Test
  void aLogIsNotGivenUpForASnapshotThatIsNotDamagedButCannotBeReadNow() {
    fixture.diskHas(7, 9);
    fixture.diskHasSnapshot(6);
    fixture.base.snapshots.fault(Step.OPEN, MemorySnapshots.Fault.FAILS);
    fixture.node = fixture.base.create(fixture.options);
    Future<Void> started = fixture.node.start();
    fixture.run();
    assertThat(started.cause())
        .hasMessageContaining("the log begins at index 7 and needs a snapshot")
        .hasMessageContaining("disk is full")
        .hasMessageContaining("mend the disk and start again");
    assertThat(fixture.base.discarded).isNull();

    fixture.restart();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(6));
    assertThat(fixture.base.diskLast()).isEqualTo(9);
  }

  @Test
  void theWholeLogIsEnoughIfNoSnapshotCanBeRead() {
    fixture.diskHas(1, 5);
    fixture.diskHasSnapshot(3);
    fixture.base.snapshots.damage(3);
    fixture.start();
    leaderCommits(5);

    assertThat(fixture.ledger.calls).containsExactly("apply 1..5");
    assertThat(fixture.base.discarded).isNull();
  }

  @Test
  void aSnapshotOfAnotherGroupIsNotLoaded() {
    fixture.diskHas(1, 5);
    fixture.options.setGroupId("other");
    fixture.diskHasSnapshot(3);
    fixture.options.setGroupId("default");
    fixture.start();

    assertThat(fixture.ledger.calls).isEmpty();
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly(
            "the snapshot that ends at index 3 is of group 'other' of cluster '%s'"
                .formatted(fixture.options.getClusterId()));
  }

  // --- a state machine that keeps its state by itself (R-13) ------------------------------------

  @Test
  void aStateThatHasSeenAsMuchAsTheSnapshotIsNotLoadedAndTheSnapshotNotRead() {
    fixture.diskHas(4, 8);
    fixture.diskHasSnapshot(5);
    fixture.ledger.durableIndex = 6;
    fixture.start();
    leaderCommits(8);

    assertThat(fixture.ledger.calls).containsExactly("apply 7..8");
    assertThat(fixture.base.snapshots.calls).doesNotContainKey(Step.OPEN);
  }

  @Test
  void aStateThatIsBehindTheSnapshotLoadsIt() {
    fixture.diskHas(4, 8);
    fixture.diskHasSnapshot(5);
    fixture.ledger.durableIndex = 4;
    fixture.start();
    leaderCommits(8);

    assertThat(fixture.ledger.calls).containsExactly("load 5", "apply 6..8");
  }

  /** The state is whole, but what the group knew of its clients went with the snapshots. */
  @Test
  void aStateThatReachesToTheLogIsGivenTheSessionsThatWentWithTheSnapshots() {
    fixture.diskHas(4, 8);
    fixture.ledger.durableIndex = 3;
    fixture.start();
    assertThat(fixture.base.discarded).contains("the log begins at index 4");

    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();
    assertThat(fixture.ledger.calls).containsExactly("load 10");
  }

  @Test
  void aStateThatHasAllOfTheLogOfTheOnlyMemberNeedsNoSnapshot() {
    fixture.diskHas(4, 8);
    fixture.ledger.durableIndex = 8;
    fixture.lead();

    assertThat(fixture.node.core().isReady()).isTrue();
    assertThat(fixture.ledger.calls).isEmpty();
    assertThat(fixture.base.discarded).isNull();
  }

  /** Whether what it lacks takes effect, only the sessions of before the log could tell. */
  @Test
  void aStateThatLacksSomeOfTheLogOfTheOnlyMemberIsNotGuessed() {
    fixture.options.setMembers(fixture.options.getMembers().subList(0, 1));
    fixture.diskHas(4, 8);
    fixture.ledger.durableIndex = 7;
    fixture.node = fixture.base.create(fixture.options);
    Future<Void> started = fixture.node.start();
    fixture.run();

    assertThat(started.cause()).hasMessageContaining("'n1' is the only member of its group");
    assertThat(fixture.base.diskFirst).as("nothing is changed").isEqualTo(4);
  }

  @Test
  void aStateThatHasTheSnapshotWhileTheLogHasNotIsNotLoadedAgain() {
    fixture.diskHas(1, 3);
    fixture.diskHasSnapshot(7);
    fixture.ledger.durableIndex = 7;
    fixture.start();

    assertThat(fixture.ledger.calls).isEmpty();
    assertThat(fixture.base.diskFirst).isEqualTo(8);
    assertThat(fixture.base.snapshots.openReaders()).isZero();
  }

  @Test
  void aStateThatIsAheadOfSnapshotAndLogBelongsToAnotherMember() {
    fixture.diskHas(1, 3);
    fixture.diskHasSnapshot(5);
    fixture.ledger.durableIndex = 6;
    fixture.node = fixture.base.create(fixture.options);
    Future<Void> started = fixture.node.start();
    fixture.run();

    assertThat(started.cause()).hasMessageContaining("durably applied up to index 6");
    assertThat(fixture.base.snapshots.openReaders()).isZero();
    assertThat(fixture.base.diskFirst).as("nothing is changed").isEqualTo(1);
  }

  /** Its log has lost the end, and a snapshot brings it no further than its state is. */
  @Test
  void aStateThatIsAheadOfADamagedLogIsCaughtUpWith() {
    fixture.diskHas(1, 3);
    fixture.base.recovered =
        new RecoveredLog(
            fixture.base.diskHardState,
            1,
            3,
            0,
            List.of(new RecoveredLog.TermRun(1, 1)),
            new RecoveredLog.Health(RecoveredLog.Health.State.DAMAGED, "the end is lost"));
    fixture.ledger.durableIndex = 12;
    fixture.ledger.commands.addAll(List.of(Ledger.stateAt(12).toString().split(",")));
    fixture.start();
    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();
    fixture.commands(11, 14);

    assertThat(fixture.ledger.calls).containsExactly("apply 13..14");
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(14));
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(14);
  }

  // --- closing ----------------------------------------------------------------------------------

  @Test
  void closingDoesNotWaitForAStateMachineThatDoesNotSayWhereItIs() {
    fixture.base.stateMachine =
        new StateMachine() {
          @Override
          public Future<List<Buffer>> apply(List<Command> batch) {
            throw new AssertionError("not started");
          }

          @Override
          public Future<Long> durableAppliedIndex() {
            return Promise.<Long>promise().future();
          }
        };
    fixture.node = fixture.base.create(fixture.options);
    Future<Void> started = fixture.node.start();
    fixture.run();
    Future<Void> closed = fixture.node.close();
    fixture.run();

    assertThat(closed.succeeded()).isTrue();
    assertThat(started.failed()).isTrue();
  }

  @Test
  void closingWhileASnapshotIsVerifiedClosesItToo() {
    fixture.diskHas(1, 8);
    fixture.diskHasSnapshot(5);
    fixture.base.snapshots.fault(Step.OPEN, MemorySnapshots.Fault.HANGS);
    fixture.node = fixture.base.create(fixture.options);
    Future<Void> started = fixture.node.start();
    fixture.run();
    Future<Void> closed = fixture.node.close();
    fixture.run();
    fixture.base.snapshots.release();
    fixture.run();

    assertThat(closed.succeeded()).isTrue();
    assertThat(started.cause()).hasMessageContaining("was closed while it started");
    assertThat(fixture.base.snapshots.openReaders()).isZero();
  }
}
