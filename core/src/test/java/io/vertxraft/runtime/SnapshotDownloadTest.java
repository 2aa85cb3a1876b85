package io.vertxraft.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.Member;
import io.vertxraft.RaftEventType;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.runtime.NodeFixture.Sent;
import io.vertxraft.spi.SnapshotChunk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stories of a follower that fetches a snapshot over a network that does what it likes. */
class SnapshotDownloadTest extends DownloadStories {
  // --- the way it goes --------------------------------------------------------------------------

  @Test
  void aSnapshotIsFetchedPieceByPieceWithFewUnderWay() {
    List<Sent> pieces = firstPieces();
    assertThat(pieces).extracting(Sent::to).containsOnly("n2");
    int mostUnderWay = pieces.size();
    List<Sent> open = new ArrayList<>(pieces);
    while (!open.isEmpty()) {
      fixture.answer(open.remove(0));
      open.addAll(fixture.questions());
      mostUnderWay = Math.max(mostUnderWay, open.size());
    }

    assertThat(mostUnderWay).as("chunksInFlightMax").isEqualTo(2);
    installed(10);
    assertThat(fixture.snapshotStatus().getReceivedBytes()).isGreaterThan(BYTES);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_DOWNLOADING))
        .containsExactly("index 10, 30 bytes, of which 0 are here");
  }

  @Test
  void piecesMayArriveInAnyOrderAndTwice() {
    fixture.with(o -> o.setChunksInFlightMax(8));
    List<Sent> pieces = new ArrayList<>(firstPieces());
    assertThat(pieces).hasSize(8);
    Collections.reverse(pieces);
    pieces.forEach(fixture::answer);
    pieces.forEach(fixture::answer);

    installed(10);
  }

  @Test
  void severalFilesComeInOrderAndEmptyOnesToo() {
    Map<String, Buffer> files = new LinkedHashMap<>();
    files.put("z", Buffer.buffer());
    files.put("state", Ledger.stateAt(10));
    files.put("a/b", Buffer.buffer("other"));
    files.put("y", Buffer.buffer());
    fixture.remote.put(10L, files);
    fixture.start().offer(10, 10);
    fixture.answerAll();

    installed(10);
    assertThat(fixture.base.snapshots.published.get(10L).files).containsExactlyEntriesOf(files);
  }

  @Test
  void fiveThousandPiecesGoNoDeeperThanOne() {
    fixture.base.snapshots.immediate = true;
    Map<String, Buffer> files = SnapshotFixture.stateFile(10);
    files.put("big", Buffer.buffer(new byte[20_000]));
    for (int i = 0; i < 3_000; i++) {
      files.put("f" + i, Buffer.buffer());
    }
    fixture.remote.put(10L, files);
    fixture.start().offer(10, 10);
    fixture.answerAll();

    installed(10);
  }

  @Test
  void piecesMayComeDeflated() {
    fixture.with(o -> o.setCompressed(true).setChunkBytes(1_000));
    fixture.remote.put(10L, new LinkedHashMap<>(SnapshotFixture.stateFile(10)));
    fixture.remote.get(10L).put("zeros", Buffer.buffer(new byte[900]));
    fixture.start().offer(10, 10);
    fixture.questions().forEach(fixture::answer);
    for (Sent question : fixture.questions()) {
      SnapshotRequest request = request(question);
      assertThat(request.deflate()).isTrue();
      SnapshotChunk chunk = SnapshotChunk.deflate(Buffer.buffer(fixture.answerTo(request).data()));
      fixture.base.receiver.receive(
          "n2",
          new SnapshotReply(
              request.requestId(),
              SnapshotReply.Outcome.OK,
              chunk.data().getBytes(),
              chunk.deflated(),
              chunk.length()));
      fixture.run();
    }

    installed(10);
    assertThat(fixture.snapshotStatus().getReceivedBytes()).isLessThan(900);
  }

  @Test
  void aMemberThatGivesLessAtATimeIsAskedForTheRest() {
    firstPieces()
        .forEach(
            question -> {
              byte[] one = {fixture.answerTo(request(question)).data()[0]};
              fixture.base.receiver.receive(
                  "n2",
                  new SnapshotReply(
                      request(question).requestId(), SnapshotReply.Outcome.OK, one, false, 1));
            });
    fixture.run();
    fixture.answerAll();

    installed(10);
  }

  /** What the leader hears keeps it from cutting what comes after. */
  @Test
  void theLeaderHearsHowFarItIs() {
    List<Sent> pieces = firstPieces();
    pieces.forEach(fixture::answer);
    fixture.base.sent.clear();
    fixture.offer(12, 10);

    assertThat(fixture.base.sent).contains(InstallSnapshotReply.underWay(1, 10, 8, BYTES));
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.DOWNLOADING);
    assertThat(fixture.snapshotStatus().getActivityIndex()).isEqualTo(10);
    assertThat(fixture.snapshotStatus().getSource()).isEqualTo("n2");
    assertThat(fixture.snapshotStatus().getBytesDone()).isEqualTo(8);
    assertThat(fixture.snapshotStatus().getBytesTotal()).isEqualTo(BYTES);
  }

  /** Camunda 6092: a late offer must take nothing away. */
  @Test
  void anOfferOfWhatIsCommittedHereChangesNothing() {
    fixture.start().commands(1, 12);
    fixture.leaderHas(10).offer(10, 10);

    assertThat(fixture.questions()).isEmpty();
    assertThat(fixture.base.sent).contains(InstallSnapshotReply.installed(1, 12));
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(12));
  }

  @Test
  void aSnapshotThatTheEntriesHaveOvertakenIsKeptAndNotLoaded() {
    List<Sent> pieces = firstPieces();
    fixture.commands(1, 12);
    pieces.forEach(fixture::answer);
    fixture.answerAll();

    assertThat(fixture.ledger.calls).containsExactly("apply 1..12");
    assertThat(fixture.snapshotStatus().getKept()).containsExactly(10L);
    assertThat(fixture.snapshotStatus().getInstalled()).isZero();
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
  }

  @Test
  void entriesThatFollowTheSnapshotStayIfTheyBelongToIt() {
    fixture.start().commands(1, 12, 3);
    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();
    assertThat(fixture.base.diskLast()).isEqualTo(12);
    fixture.base.receiver.receive("n2", new AppendEntries(1, 12, 1, 12, List.of()));
    fixture.run();

    assertThat(fixture.ledger.calls).containsExactly("apply 1..3", "load 10", "apply 11..12");
  }

  // --- what gets lost ---------------------------------------------------------------------------

  @Test
  void whatDoesNotArriveIsAskedForAgainAndALateAnswerIsAsGood() {
    fixture.with(o -> o.setChunkTimeoutMs(100));
    List<Sent> lost = firstPieces();
    fixture.advanceMs(99);
    assertThat(fixture.questions()).isEmpty();
    fixture.advanceMs(2);
    List<Sent> again = fixture.questions();
    assertThat(again).hasSameSizeAs(lost);
    assertThat(request(again.get(0)).offset()).isEqualTo(request(lost.get(0)).offset());

    fixture.answer(lost.get(0));
    fixture.answer(again.get(1));
    fixture.answerAll();
    installed(10);
  }

  /** The time a command may take says nothing about pieces of a snapshot. */
  @Test
  void anAnswerMayTakeLongerThanACommandMay() {
    fixture.options.setApplyTimeoutMs(10);
    List<Sent> open = new ArrayList<>(firstPieces());
    while (!open.isEmpty()) {
      fixture.advanceMs(100);
      fixture.answer(open.remove(0));
      open.addAll(fixture.questions());
    }

    installed(10);
  }

  /** The first answer may have been cut short, and its rest been asked for already. */
  @Test
  void aPieceThatWasAskedForTwiceIsTakenOnce() {
    fixture.with(o -> o.setChunkTimeoutMs(100));
    List<Sent> late = firstPieces();
    fixture.advanceMs(101);
    List<Sent> again = fixture.questions();
    SnapshotRequest second = request(late.get(1));
    byte[] one = {fixture.answerTo(second).data()[0]};
    fixture.base.receiver.receive(
        "n2", new SnapshotReply(second.requestId(), SnapshotReply.Outcome.OK, one, false, 1));
    fixture.run();
    fixture.answer(again.get(1));
    fixture.answer(late.get(0));
    fixture.answerAll();

    installed(10);
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED)).isEmpty();
  }

  @Test
  void aManifestThatDoesNotArriveIsAskedForAgain() {
    fixture.with(o -> o.setChunkTimeoutMs(100)).start();
    fixture.leaderHas(10).offer(10, 10);
    fixture.questions();
    fixture.advanceMs(101);
    fixture.answerAll();

    installed(10);
  }

  @Test
  void anArrivalNowAndThenKeepsItGoing() {
    fixture.with(o -> o.setChunkTimeoutMs(100));
    List<Sent> open = new ArrayList<>(firstPieces());
    for (int i = 0; i < 7; i++) {
      fixture.advanceMs(90);
      fixture.answer(open.remove(0));
      open.addAll(fixture.questions());
    }

    assertThat(open).as("none was asked for twice").hasSize(1);
  }

  @Test
  void aSourceThatIsSilentIsGivenUpAndWhatIsHereStaysForTheNextAttempt() {
    fixture.with(o -> o.setChunkTimeoutMs(100));
    firstPieces().forEach(fixture::answer);
    fixture.advanceMs(101);
    for (int i = 0; i < 10; i++) {
      fixture.advanceMs(101);
    }
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .hasSize(1)
        .first()
        .asString()
        .contains("n2 has sent nothing for 6 times snapshots.chunkTimeoutMs = 100");
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    fixture.questions();
    fixture.advanceMs(1_000);
    fixture.offer(10, 10);

    assertThat(answerAndCount()).isEqualTo(BYTES - 8);
    installed(10);
  }

  /** In which seconds of offers an attempt begins that then fails. */
  private List<Integer> attempts(int seconds) {
    List<Integer> attempts = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      fixture.offer(10, 10);
      fixture.offer(10, 10);
      if (!fixture.base.outbox.stream().filter(s -> isQuestion(s)).toList().isEmpty()) {
        attempts.add(second);
      }
      fixture.answerAll();
      fixture.advanceMs(1_000);
    }
    return attempts;
  }

  private static boolean isQuestion(Sent sent) {
    return sent.message() instanceof SnapshotRequest;
  }

  /** Whoever cannot be reached now may be in a moment, and then every second counts. */
  @Test
  void afterAnAttemptThatTheOthersFailedTheNextOneWaitsUpToFiveSeconds() {
    fixture.start();

    assertThat(attempts(20)).containsExactly(0, 1, 3, 7, 12, 17);
  }

  @Test
  void afterAnAttemptThatTheDiskFailedTheNextOneWaitsUpToHalfAMinute() {
    fixture.base.snapshots.fault(Step.RECEIVE, Fault.FAILS);
    fixture.start();
    fixture.leaderHas(10);

    assertThat(attempts(95)).containsExactly(0, 1, 3, 7, 15, 31, 61, 91);
  }

  @Test
  void aSnapshotThatIsGoneOverThereIsReplacedByTheNewerOne() {
    List<Sent> pieces = firstPieces();
    fixture.remote.clear();
    fixture.leaderHas(12);
    pieces.forEach(fixture::answer);
    fixture.answerAll();

    installed(12);
  }

  @Test
  void aSourceThatLosesItsSnapshotsAgainAndAgainIsGivenUp() {
    fixture.start();
    fixture.leaderHas(10).offer(10, 10);
    for (int i = 0; i < 20; i++) {
      for (Sent question : fixture.questions()) {
        SnapshotRequest request = request(question);
        fixture.base.receiver.receive(
            "n2",
            request.file().isEmpty()
                ? fixture.answerTo(request)
                : SnapshotFixture.refusal(request, SnapshotReply.Outcome.NOT_FOUND));
        fixture.run();
      }
    }

    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("no snapshot was fetched: n2 cannot read its snapshot: refused");
  }

  // --- what does not fit ------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "group, is of group 'other' of cluster",
    "members, 'was taken by the members [n1, n9], and this member was started with [n1, n2, n3]'",
    "index, n2 has no snapshot that ends at index 10 or later",
    "garbage, n2 has sent no manifest: this is no manifest of a snapshot"
  })
  void aSnapshotThatIsNotForThisMemberIsRefusedWithTheReason(String what, String why) {
    fixture.start();
    fixture.leaderHas("index".equals(what) ? 9 : 10).offer(10, 10);
    SnapshotFixture other = new SnapshotFixture();
    other.leaderHas(10);
    if ("group".equals(what)) {
      other.options.setGroupId("other");
    } else if ("members".equals(what)) {
      other.options.setMembers(
          List.of(new Member("n1", "host1", 7_101), new Member("n9", "host9", 7_109)));
    }
    SnapshotRequest request = request(fixture.questions().get(0));
    byte[] data =
        switch (what) {
          case "garbage" -> "garbage".getBytes(UTF_8);
          case "index" -> new byte[0];
          default -> other.manifest(10).encode().getBytes();
        };
    fixture.base.receiver.receive(
        "n2",
        "index".equals(what)
            ? fixture.answerTo(request)
            : new SnapshotReply(
                request.requestId(), SnapshotReply.Outcome.OK, data, false, data.length));
    fixture.run();

    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .hasSize(1)
        .first()
        .asString()
        .contains(why);
    assertThat(fixture.base.snapshots.calls).doesNotContainKey(Step.RECEIVE);
    assertThat(fixture.questions()).isEmpty();
  }

  @Test
  void bytesThatAreNotTheAnnouncedOnesAreThrownAwayAndFetchedAnew() {
    List<Sent> pieces = firstPieces();
    SnapshotRequest first = request(pieces.get(0));
    fixture.base.receiver.receive(
        "n2",
        new SnapshotReply(
            first.requestId(), SnapshotReply.Outcome.OK, "cxxx".getBytes(UTF_8), false, 4));
    fixture.answer(pieces.get(1));
    fixture.answerAll();
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("no snapshot was fetched: other bytes than announced");
    assertThat(fixture.node.core().commitIndex()).isZero();

    fixture.advanceMs(1_001);
    fixture.offer(10, 10);
    assertThat(answerAndCount()).as("nothing of it can be trusted").isEqualTo(BYTES);
    installed(10);
  }

  @Test
  void moreBytesThanWereAskedForAreNotTaken() {
    SnapshotRequest first = request(firstPieces().get(0));
    fixture.base.receiver.receive(
        "n2",
        new SnapshotReply(first.requestId(), SnapshotReply.Outcome.OK, new byte[5], false, 5));
    fixture.run();

    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("no snapshot was fetched: n2 was asked for 4 bytes of 'state' and sent 5");
  }

  // --- the disk ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"RECEIVE", "APPEND", "SYNC", "RENAME", "VERIFY"})
  void aDiskThatFailsAtAnyStepFailsTheAttemptAndTheNextOneGoesOn(Step step) {
    fixture.base.snapshots.fault(step, Fault.FAILS);
    fixture.start().commands(1, 3);
    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();
    assertThat(fixture.causes(RaftEventType.SNAPSHOT_FAILED))
        .containsExactly("no snapshot was fetched: disk is full");
    assertThat(fixture.node.core().commitIndex()).isEqualTo(3);
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(3));

    fixture.base.snapshots.noFaults();
    fixture.advanceMs(1_001);
    fixture.offer(10, 10);
    fixture.answerAll();
    installed(10);
  }

  @Test
  void aDamagedSnapshotThatEndsWhereTheNewOneEndsMakesPlace() {
    fixture.diskHas(1, 3);
    fixture.diskHasSnapshot(10);
    fixture.base.snapshots.damage(10);
    fixture.start();
    fixture.leaderHas(10).offer(10, 10);
    fixture.answerAll();

    installed(10);
  }

  @Test
  void aRestartAnywhereGoesOnFromWhatIsHere() {
    long asked = 0;
    fixture.start();
    fixture.leaderHas(10);
    for (int life = 0; life < 4; life++) {
      fixture.offer(10, 10);
      fixture.questions().forEach(fixture::answer);
      for (Sent piece : fixture.questions()) {
        asked += fixture.answerTo(request(piece)).length();
        fixture.answer(piece);
      }
      fixture.questions();
      fixture.restart();
    }

    assertThat(asked).as("everything once").isEqualTo(BYTES);
    fixture.offer(10, 10);
    assertThat(answerAndCount()).isZero();
    installed(10);
  }
}
