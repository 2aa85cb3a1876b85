package io.vertxraft.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.snapshot.ShelvedSnapshots;
import io.vertxraft.testkit.snapshot.SnapshotMedium;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * The rules of snapshots fire when they are broken by hand, and not in the nearest lawful story.
 */
class SnapshotOraclesTest {
  private static final Configuration MEMBERS = Configuration.of(Set.of("n1", "n2", "n3"));
  private static final long AFTER_TWO = 0xcafe;
  private static final long AFTER_FOUR = 0xbeef;
  private static final int MANY = 21;

  private final FakeNode n1 = new FakeNode("n1");
  private final FakeNode n2 = new FakeNode("n2");
  private final FakeNode n3 = new FakeNode("n3");
  private final OracleSuite suite =
      new OracleSuite(1, () -> 0, List.of(n1, n2, n3), MEMBERS)
          // Here a node leads because the story says so.
          .addAll(oracle -> !(oracle instanceof ElectedByMajority));

  /** n1 leads term 1, and n1 and n2 have committed and applied four commands. */
  SnapshotOraclesTest() {
    n1.leads(1).appends(1, 10, 11, 12, 13);
    n2.follows(1).appends(1, 10, 11, 12, 13);
    step(n1, n2);
    step(n1.commits(4), n2.commits(4));
    applied(n1, 1, 10, 0xa);
    applied(n1, 2, 11, AFTER_TWO);
    applied(n1, 3, 12, 0xb);
    applied(n1, 4, 13, AFTER_FOUR);
  }

  private void step(FakeNode... nodes) {
    for (FakeNode node : nodes) {
      suite.afterStep(node);
    }
  }

  private void applied(FakeNode node, long index, int payload, long stateHash) {
    long hash = ChainHash.bytes(new byte[] {(byte) payload});
    suite.applied(node, index, 1, hash, stateHash);
    step(node);
  }

  private static void breaks(String oracleId, String what, ThrowingCallable story) {
    Violation violation = catchThrowableOfType(Violation.class, story);
    assertThat(violation).as("a violation of " + oracleId).isNotNull();
    assertThat(violation.oracleId()).as(violation.getMessage()).isEqualTo(oracleId);
    assertThat(violation).hasMessageContaining(what);
  }

  private static void lawful(ThrowingCallable story) {
    assertThatCode(story).doesNotThrowAnyException();
  }

  /** A snapshot appears on the node's disk. */
  private void publish(FakeNode node, long index, long term, long stateHash) {
    SnapshotManifest head =
        new SnapshotManifest("c", "g", index, term, term, MEMBERS, Buffer.buffer(), 0, List.of());
    Buffer content = Buffer.buffer().appendLong(stateHash);
    ShelvedSnapshots snapshots = new ShelvedSnapshots(node.shelf, new AtOnce());
    SnapshotDraft draft = snapshots.save(head).result();
    draft.append(SnapshotContent.HASH_FILE, SnapshotChunk.of(content));
    assertThat(draft.publish().succeeded()).isTrue();
    step(node);
  }

  private void delete(FakeNode node, long index) {
    new ShelvedSnapshots(node.shelf, new AtOnce()).delete(index);
    step(node);
  }

  /** A medium that does everything at once. */
  private static final class AtOnce implements SnapshotMedium {
    @Override
    public <T> Future<T> call(Supplier<Future<T>> operation) {
      return operation.get();
    }

    @Override
    public <T> Future<T> carryOut(Step step, long bytes, Work<T> work) {
      return Future.succeededFuture(work.all());
    }

    @Override
    public StorageException refusal() {
      return null;
    }

    @Override
    public boolean keepsUnsure() {
      return true;
    }
  }

  // --- I13: what a snapshot holds ---------------------------------------------------------------

  @Test
  void i13FiresOnASnapshotThatIsSavedWithAnotherStateThanThatAtItsIndex() {
    lawful(
        () -> {
          suite.snapshotSaving(n1, 2, 1, AFTER_TWO);
          step(n1);
          suite.snapshotSaving(n1, 4, 1, AFTER_FOUR);
          step(n1);
        });
    breaks(
        "I13",
        "n1 saves a snapshot at 4 with another state",
        () -> {
          suite.snapshotSaving(n1, 4, 1, AFTER_TWO);
          step(n1);
        });
  }

  @Test
  void i13FiresOnASnapshotOfWhatIsNotCommitted() {
    breaks("I13", "a snapshot at 5 ahead of what is committed", () -> publish(n2, 5, 1, 7));
  }

  @Test
  void i13FiresOnASnapshotThatSaysAnotherTerm() {
    lawful(() -> publish(n1, 4, 1, AFTER_FOUR));
    breaks("I13", "of term 2, which is of 1", () -> publish(n2, 4, 2, AFTER_FOUR));
  }

  @Test
  void i13FiresOnASnapshotThatLeavesAnotherStateWhenItIsLoaded() {
    lawful(
        () -> {
          suite.snapshotLoaded(n3, 2, 1, AFTER_TWO);
          step(n3);
        });
    breaks(
        "I13",
        "n3 has loaded a snapshot at 4 with another state",
        () -> {
          suite.snapshotLoaded(n3, 4, 1, 99);
          step(n3);
        });
  }

  @Test
  void i13LooksAtWhatIsOnTheDiskOfAMemberThatIsDown() {
    n2.running = false;
    breaks("I13", "n2 has on its disk", () -> publish(n2, 4, 1, 99));
  }

  // --- what a disk can give back ----------------------------------------------------------

  @Test
  void r23FiresWhenTheLogIsCutAgainstOneSnapshotOnly() {
    publish(n1, 4, 1, AFTER_FOUR);
    breaks("R-23", "was cut off before 5", () -> step(n1.cutsLogUpTo(4)));
  }

  @Test
  void r23FiresWhenTheLogIsCutWithoutASnapshotThatIsAsNew() {
    publish(n1, 2, 1, AFTER_TWO);
    breaks("R-23", "none is good", () -> step(n1.cutsLogUpTo(3)));
  }

  @Test
  void r23IsQuietWhenTheLogIsCutUpToTheOlderOfTwoSnapshotsAndTheOlderOneGoesLater() {
    publish(n1, 2, 1, AFTER_TWO);
    publish(n1, 4, 1, AFTER_FOUR);
    lawful(() -> step(n1.cutsLogUpTo(2)));
    lawful(() -> delete(n1, 2));
  }

  @Test
  void r23FiresWhenTheLastGoodSnapshotGoesWhileTheLogBeginsAfterIt() {
    publish(n1, 2, 1, AFTER_TWO);
    publish(n1, 4, 1, AFTER_FOUR);
    step(n1.cutsLogUpTo(2));
    delete(n1, 2);
    breaks("R-23", "the log of n1 starts at 3", () -> delete(n1, 4));
  }

  @Test
  void r23CountsNoSnapshotThatIsNotWhole() {
    publish(n1, 2, 1, AFTER_TWO);
    publish(n1, 4, 1, AFTER_FOUR);
    n1.shelf.get(2).flip(SnapshotContent.HASH_FILE, 3);
    n1.shelf.get(4).flip(SnapshotContent.HASH_FILE, 3);
    breaks("R-23", "none is good", () -> step(n1.cutsLogUpTo(2)));
  }

  @Test
  void r23ExcusesADiskThatWasDamaged() {
    publish(n1, 2, 1, AFTER_TWO);
    publish(n1, 4, 1, AFTER_FOUR);
    step(n1.cutsLogUpTo(2));
    n1.shelf.get(4).flip(SnapshotContent.HASH_FILE, 3);
    n1.shelf.noteDamage();
    lawful(() -> step(n1));
    lawful(() -> delete(n1, 2));
  }

  // --- snapshot after snapshot ------------------------------------------------------------

  private void loads(FakeNode node, int times) {
    for (int i = 0; i < times; i++) {
      suite.snapshotLoaded(node, 2, 1, AFTER_TWO);
      step(node);
    }
  }

  /** The member tells its leader of so many snapshots, each newer, that it fetches. */
  private void begins(FakeNode node, long from, int times) {
    for (int i = 0; i < times; i++) {
      suite.sent(node.nodeId(), "n1", InstallSnapshotReply.underWay(1, from + i, 1, 100));
      step(node);
    }
  }

  @Test
  void r28FiresWhenSnapshotAfterSnapshotIsLoadedAndNothingIsApplied() {
    lawful(() -> loads(n3, MANY - 1));
    breaks("R-28", "n3 has loaded 21 snapshots", () -> loads(n3, 1));
  }

  @Test
  void r28CountsAnewWhenACommandIsAppliedAndInEachLife() {
    loads(n3, MANY - 1);
    lawful(() -> applied(n3, 3, 12, 0xb));
    n3.life++;
    lawful(() -> loads(n3, MANY - 1));
  }

  @Test
  void r28LetsAMemberWithoutRoomForEntriesLiveOnSnapshots() {
    n3.shortOfRoom = true;
    lawful(() -> loads(n3, 2 * MANY));
    n3.shortOfRoom = false;
    lawful(() -> loads(n3, MANY - 1));
    breaks("R-28", "n3 has loaded 21 snapshots", () -> loads(n3, 1));
  }

  @Test
  void r28FiresWhenOneSnapshotAfterTheOtherIsBegunAndNoneLoaded() {
    lawful(() -> begins(n3, 10, MANY - 1));
    breaks("R-28", "n3 has begun to fetch 21 snapshots", () -> begins(n3, 10 + MANY, 1));
  }

  @Test
  void r28IsQuietWhileOneSnapshotIsFetchedAndWhenOneIsLoadedInBetween() {
    lawful(
        () -> {
          for (int i = 0; i < MANY; i++) {
            begins(n3, 10, 1);
          }
        });
    begins(n3, 11, MANY - 2);
    lawful(() -> loads(n3, 1));
    lawful(() -> begins(n3, 100, MANY - 1));
  }
}
