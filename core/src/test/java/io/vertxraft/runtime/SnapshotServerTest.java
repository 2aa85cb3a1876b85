package io.vertxraft.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftEventType;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotReply.Outcome;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stories of a member that gives its snapshots to another one, n3. */
class SnapshotServerTest {
  private static final int ALL = 1_000_000;

  private final SnapshotFixture fixture = new SnapshotFixture();
  private long requestId = 77;

  /** Two snapshots, at 3 and at 5. */
  @BeforeEach
  void twoSnapshots() {
    fixture.start().commands(1, 3);
    fixture.save();
    fixture.commands(4, 5);
    fixture.save();
  }

  private void ask(long lastIndex, String file, long offset, int bytesMax) {
    fixture.base.receiver.receive(
        "n3", new SnapshotRequest(requestId++, lastIndex, file, offset, bytesMax, false));
  }

  private SnapshotReply answer(long lastIndex, String file, long offset, int bytesMax) {
    int before = replies().size();
    ask(lastIndex, file, offset, bytesMax);
    fixture.run();
    assertThat(replies()).hasSize(before + 1);
    return replies().get(before);
  }

  private List<SnapshotReply> replies() {
    return fixture.base.outbox.stream()
        .filter(sent -> sent.to().equals("n3") && sent.message() instanceof SnapshotReply)
        .map(sent -> (SnapshotReply) sent.message())
        .toList();
  }

  private SnapshotManifest manifest(long minIndex) {
    return SnapshotManifest.decode(Buffer.buffer(answer(minIndex, "", 0, ALL).data()));
  }

  private static String text(SnapshotReply reply) {
    return new String(reply.data(), UTF_8);
  }

  @Test
  void theNewestSnapshotThatHelpsIsGivenPieceByPiece() {
    assertThat(manifest(3).lastIndex()).isEqualTo(5);

    SnapshotReply piece = answer(5, "state", 3, 5);
    assertThat(piece.outcome()).isEqualTo(Outcome.OK);
    assertThat(text(piece)).isEqualTo("c2,c3");
    assertThat(piece.length()).isEqualTo(5);
    assertThat(text(answer(5, "state", 12, ALL))).as("up to the end of the file").isEqualTo("c5");
    assertThat(text(answer(3, "state", 0, ALL))).as("an older one").isEqualTo("c1,c2,c3");
    assertThat(fixture.snapshotStatus().getSentBytes()).isGreaterThan(15);
  }

  @Test
  void aLongManifestIsGivenInPiecesToo() {
    byte[] whole = answer(0, "", 0, ALL).data();
    Buffer pieces = Buffer.buffer();
    while (pieces.length() < whole.length) {
      pieces.appendBytes(answer(0, "", pieces.length(), 50).data());
    }

    assertThat(pieces.getBytes()).isEqualTo(whole);
    assertThat(answer(0, "", pieces.length(), 50).length()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "6, '', 0, the newest here ends at index 5",
    "4, state, 0, there is no snapshot that ends at index 4",
    "5, other, 0, there is no byte 0 of 'other'",
    "5, state, 15, there is no byte 15 of 'state'",
    "5, state, -1, there is no byte -1 of 'state'"
  })
  void whatIsNotThereIsRefusedWithTheReason(long index, String file, long offset, String why) {
    SnapshotReply reply = answer(index, file, offset, ALL);

    assertThat(reply.outcome()).isEqualTo(Outcome.NOT_FOUND);
    assertThat(text(reply)).isEqualTo(why);
  }

  @Test
  void aStrangerIsNotAnswered() {
    fixture.base.receiver.receive("n9", new SnapshotRequest(1, 5, "", 0, ALL, false));
    fixture.run();

    assertThat(fixture.base.outbox).noneMatch(sent -> sent.message() instanceof SnapshotReply);
    assertThat(fixture.base.snapshots.openReaders()).isZero();
  }

  @Test
  void aSnapshotThatIsBeingFetchedIsNotDeletedUntilNobodyHasAskedForAMinute() {
    assertThat(manifest(5).lastIndex()).isEqualTo(5);
    answer(3, "state", 0, 1);
    fixture.commands(6, 6);
    fixture.save();
    fixture.commands(7, 7);
    fixture.save();
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(7L, 6L);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L, 5L, 6L, 7L);
    fixture.advanceMs(40_000);
    assertThat(text(answer(5, "state", 0, 2))).as("still there").isEqualTo("c1");

    fixture.advanceMs(20_001);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(5L, 6L, 7L);
    fixture.advanceMs(40_000);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(6L, 7L);
    assertThat(fixture.base.snapshots.openReaders()).isZero();
  }

  @Test
  void onlySoMuchIsReadAtATimeAndSoMuchWaits() {
    manifest(5);
    fixture.base.snapshots.fault(Step.READ, Fault.HANGS);
    for (int i = 0; i < 100; i++) {
      ask(5, "state", 0, 2);
    }
    fixture.run();
    assertThat(fixture.base.snapshots.calls.get(Step.READ)).isEqualTo(4);

    fixture.base.snapshots.noFaults();
    fixture.base.snapshots.release();
    fixture.run();
    assertThat(replies()).as("a manifest, 4 pieces, and 64 that waited").hasSize(1 + 4 + 64);
  }

  @Test
  void manyQuestionsThatWaitForAnOpeningHaveItVerifiedOnce() {
    int before = fixture.base.snapshots.calls.getOrDefault(Step.OPEN, 0);
    fixture.base.snapshots.fault(Step.OPEN, Fault.HANGS);
    ask(5, "", 0, ALL);
    ask(5, "", 0, ALL);
    ask(5, "state", 0, 2);
    fixture.run();
    fixture.base.snapshots.noFaults();
    fixture.base.snapshots.release();
    fixture.run();

    assertThat(replies()).hasSize(3).allMatch(reply -> reply.outcome() == Outcome.OK);
    assertThat(fixture.base.snapshots.calls.get(Step.OPEN)).isEqualTo(before + 1);
  }

  // --- damage -----------------------------------------------------------------------------------

  /** Hashicorp 522: a leader whose snapshots cannot be read must not offer them for ever. */
  @Test
  void aSnapshotThatTurnsOutDamagedIsOfferedNoMoreAndANewOneIsTakenAtOnce() {
    fixture.base.snapshots.damage(5);
    fixture.commands(6, 6);

    assertThat(manifest(3).lastIndex()).as("the next one").isEqualTo(3);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("the snapshot that ends at index 5 cannot be read: snapshot 5 is damaged");
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(6L, 3L);
    assertThat(manifest(3).lastIndex()).isEqualTo(6);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(3L, 6L);
  }

  /** Verified once, it stays open as long as somebody asks: nobody else would ever look again. */
  @Test
  void oneThatIsDamagedWhileItIsOpenIsFoundOutWhenSomebodyWhoHadItAllAsksForItAgain() {
    manifest(5);
    assertThat(text(answer(5, "state", 0, 8))).isEqualTo("c1,c2,c3");
    fixture.base.snapshots.damage(5);
    int before = fixture.base.snapshots.calls.get(Step.OPEN);
    assertThat(manifest(3).lastIndex()).as("only a part has been given").isEqualTo(5);
    assertThat(fixture.base.snapshots.calls.get(Step.OPEN)).isEqualTo(before);

    answer(5, "state", 8, ALL);
    assertThat(manifest(3).lastIndex()).as("the next one").isEqualTo(3);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("the snapshot that ends at index 5 cannot be read: snapshot 5 is damaged");
    assertThat(fixture.base.snapshots.isGood(5)).as("and a new one was taken").isTrue();
  }

  @Test
  void whoAsksAgainAndAgainForAWholeOneGetsItAgainAndAgain() {
    for (int i = 0; i < 3; i++) {
      assertThat(manifest(5).lastIndex()).isEqualTo(5);
      assertThat(text(answer(5, "state", 0, ALL))).isEqualTo("c1,c2,c3,c4,c5");
    }

    assertThat(fixture.base.snapshots.openReaders()).isEqualTo(1);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
  }

  @Test
  void ifNothingIsNewTheNewOneTakesThePlaceOfTheDamagedOne() {
    fixture.base.snapshots.damage(5);
    assertThat(answer(5, "", 0, ALL).outcome()).isEqualTo(Outcome.NOT_FOUND);

    assertThat(fixture.base.snapshots.isGood(5)).isTrue();
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(5L, 3L);
    assertThat(manifest(5).lastIndex()).isEqualTo(5);
  }

  /** It may be the only one that the log goes on from. */
  @Test
  void oneThatCannotBeReadNowIsNotDeletedToMakePlaceForOneThatEndsThere() {
    manifest(5);
    fixture.base.snapshots.failure =
        new StorageException(StorageException.Kind.IO_ERROR, "bad sector");
    fixture.base.snapshots.faultOnce(Step.READ, Fault.FAILS, 0);
    MemorySnapshots.Published first = fixture.base.snapshots.published.get(5L);

    assertThat(answer(5, "state", 0, 2).outcome()).isEqualTo(Outcome.NOT_FOUND);

    assertThat(fixture.base.snapshots.published.get(5L)).isSameAs(first);
    assertThat(first.deleted).isFalse();
    assertThat(fixture.snapshotStatus().getKept()).as("read again").containsExactly(5L, 3L);
  }

  @Test
  void aReadThatFailsUnderWayTellsTheOtherToLookAnew() {
    manifest(5);
    fixture.commands(6, 6);
    fixture.base.snapshots.failure =
        new StorageException(StorageException.Kind.IO_ERROR, "bad sector");
    fixture.base.snapshots.fault(Step.READ, Fault.FAILS);

    assertThat(answer(5, "state", 0, 2).outcome()).isEqualTo(Outcome.NOT_FOUND);
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(6L, 3L);
    assertThat(fixture.base.snapshots.openReaders()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"OPEN", "READ"})
  void troubleThatIsNotTheSnapshotsIsToldAndChangesNothing(Step step) {
    fixture.base.snapshots.fault(step, Fault.FAILS);
    SnapshotReply reply = answer(5, "state", 0, 2);

    assertThat(reply.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(text(reply)).isEqualTo("disk is full");
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(5L, 3L);
    fixture.base.snapshots.noFaults();
    assertThat(text(answer(5, "state", 0, 2))).isEqualTo("c1");
  }

  @Test
  void closingClosesWhatIsOpenAndAnswersNothingMore() {
    manifest(5);
    fixture.base.snapshots.fault(Step.READ, Fault.HANGS);
    ask(5, "state", 0, 2);
    fixture.run();
    int before = replies().size();
    fixture.node.close();
    fixture.run();
    assertThat(fixture.base.snapshots.openReaders()).isZero();

    fixture.base.snapshots.noFaults();
    fixture.base.snapshots.release();
    ask(5, "", 0, ALL);
    fixture.run();
    assertThat(replies()).hasSize(before);
  }
}
