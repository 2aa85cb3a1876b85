package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.spi.SnapshotFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a state machine may do with the files of a snapshot, and what it may not. */
class SnapshotStreamsTest {
  private static final int MIB = 1024 * 1024;

  private final SnapshotFixture fixture = new SnapshotFixture();
  private final Promise<Void> done = Promise.promise();
  private SnapshotWriter writer;
  private SnapshotReader reader;

  /** A member that saves, and waits for the test to write. */
  private Future<SnapshotResult> saving() {
    fixture.ledger.saving =
        given -> {
          writer = given;
          return done.future();
        };
    fixture.start().commands(1, 3);
    return fixture.save();
  }

  private Map<String, Buffer> saved() {
    return fixture.base.snapshots.published.get(3L).files;
  }

  /** A member that comes up from a snapshot with these files, and waits for the test to read. */
  private void loading(Map<String, Buffer> files) {
    fixture.ledger.loading =
        given -> {
          reader = given;
          return done.future();
        };
    fixture.diskHas(1, 3);
    fixture.base.snapshots.put(fixture.head(3, 1), new LinkedHashMap<>(files));
    fixture.start();
  }

  // --- writing ----------------------------------------------------------------------------------

  @Test
  void severalFilesAreWrittenAtTheSameTimeAndListedInTheOrderInWhichTheyBegan() {
    Future<SnapshotResult> result = saving();
    WriteStream<Buffer> second = writer.file("b/two");
    WriteStream<Buffer> first = writer.file("a");
    writer.file("empty").end();
    first.write(Buffer.buffer("1"));
    second.write(Buffer.buffer("2"));
    first.write(Buffer.buffer("3"));
    first.end();
    second.end(Buffer.buffer("4"));
    done.complete();
    fixture.run();

    assertThat(result.succeeded()).isTrue();
    assertThat(fixture.base.snapshots.published.get(3L).manifest.files())
        .extracting(SnapshotFile::name)
        .containsExactly("b/two", "a", "empty");
    assertThat(saved().get("a")).hasToString("13");
    assertThat(saved().get("b/two")).hasToString("24");
    assertThat(saved().get("empty").length()).isZero();
  }

  @Test
  void aSnapshotMayHaveNoFilesAtAll() {
    Future<SnapshotResult> result = saving();
    done.complete();
    fixture.run();

    assertThat(result.result().getBytes()).isZero();
    assertThat(saved()).isEmpty();
  }

  @Test
  void aFileIsCompleteWhenEndSaysSoAndTheLastPieceIsOnDisk() {
    saving();
    fixture.base.snapshots.fault(Step.APPEND, Fault.HANGS);
    Future<Void> end = writer.write(Buffer.buffer("x"));
    fixture.run();
    assertThat(end.isComplete()).isFalse();

    fixture.base.snapshots.noFaults();
    fixture.base.snapshots.release();
    fixture.run();
    assertThat(end.succeeded()).isTrue();
  }

  @Test
  void aBigBufferGoesToTheDiskInPiecesAndFewAtATime() {
    Buffer big = Buffer.buffer(new byte[5 * MIB + 3]).setByte(5 * MIB, (byte) 7);
    saving();
    Future<Void> written = writer.write("big", big);
    done.complete();
    fixture.run();

    assertThat(written.succeeded()).isTrue();
    assertThat(saved().get("big")).isEqualTo(big);
    assertThat(fixture.base.snapshots.appendsUnderWayMax).isEqualTo(4);
    assertThat(fixture.base.snapshots.appendBytesMax).isEqualTo(MIB / 4);
  }

  @Test
  void tenThousandWritesThatEndAtOnceGoNoDeeper() {
    fixture.base.snapshots.immediate = true;
    saving();
    WriteStream<Buffer> file = writer.file("state");
    for (int i = 0; i < 10_000; i++) {
      file.write(Buffer.buffer("x"));
      writer.file("f" + i).end();
    }
    file.end();
    done.complete();
    fixture.run();

    assertThat(saved()).hasSize(10_001);
    assertThat(saved().get("state").length()).isEqualTo(10_000);
  }

  @Test
  void aWriterIsToldWhenToWaitForTheDiskAndWhenToGoOn() {
    saving();
    fixture.run();
    fixture.base.snapshots.fault(Step.APPEND, Fault.HANGS);
    List<String> drained = new ArrayList<>();
    WriteStream<Buffer> file = writer.file("state");
    file.drainHandler(ignored -> drained.add("drained"));
    file.write(Buffer.buffer(new byte[MIB]));
    fixture.run();
    assertThat(file.writeQueueFull()).as("the maximum itself is allowed").isFalse();
    file.write(Buffer.buffer("x"));
    fixture.run();
    assertThat(file.writeQueueFull()).isTrue();
    assertThat(drained).isEmpty();

    fixture.base.snapshots.noFaults();
    fixture.base.snapshots.release();
    fixture.run();
    assertThat(file.writeQueueFull()).isFalse();
    assertThat(drained).hasSize(1);

    file.setWriteQueueMaxSize(3);
    file.write(Buffer.buffer("four"));
    assertThat(file.writeQueueFull()).isTrue();
  }

  @Test
  void whatIsWrittenAfterTheEndIsRefusedAndHarmsNothing() {
    Future<SnapshotResult> result = saving();
    WriteStream<Buffer> file = writer.file("state");
    file.end(Buffer.buffer("x"));

    assertThat(file.write(Buffer.buffer("y")).cause()).hasMessageContaining("has ended already");
    assertThat(file.end().cause()).hasMessageContaining("'state' has ended already");
    done.complete();
    fixture.run();
    assertThat(result.succeeded()).isTrue();
    assertThat(saved().get("state")).hasToString("x");
  }

  @Test
  void aNameIsGivenOnceWhateverItsCaseAndNeverLeavesTheDirectory() {
    saving();
    writer.file("State");

    assertThatThrownBy(() -> writer.file("state")).hasMessageContaining("a file 'state' already");
    for (String name : List.of("../x", "/etc/passwd", "a//b", "", ".hidden", "a/../b", "c:\\d")) {
      assertThatThrownBy(() -> writer.file(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is no name for a file of a snapshot");
    }
  }

  @Test
  void onceTheSnapshotIsGivenUpEveryStreamFailsWithTheReason() {
    fixture.with(o -> o.setSaveTimeoutMs(100));
    saving();
    fixture.base.snapshots.fault(Step.APPEND, Fault.HANGS);
    List<String> told = new ArrayList<>();
    WriteStream<Buffer> file = writer.file("state");
    file.exceptionHandler(cause -> told.add(cause.getMessage()));
    writer.givenUp().onFailure(cause -> told.add(cause.getMessage()));
    Future<Void> underWay = file.write(Buffer.buffer("x"));
    Future<Void> end = file.end();
    fixture.advanceMs(101);

    assertThat(told).hasSize(1).allMatch(text -> text.contains("saveTimeoutMs = 100"));
    assertThat(end.cause()).hasMessageContaining("saveTimeoutMs");
    assertThat(underWay.isComplete()).as("whatever the disk does").isTrue();
    assertThat(writer.file("other").write(Buffer.buffer("y")).cause())
        .hasMessageContaining("saveTimeoutMs");
  }

  // --- reading ----------------------------------------------------------------------------------

  @Test
  void theFilesAreThereByNameLengthAndContent() {
    Buffer big = Buffer.buffer(new byte[2 * MIB + 5]).setByte(2 * MIB, (byte) 7);
    Map<String, Buffer> files = new LinkedHashMap<>();
    files.put("b", Buffer.buffer("two"));
    files.put("empty", Buffer.buffer());
    files.put("big", big);
    loading(files);

    assertThat(reader.lastIndex()).isEqualTo(3);
    assertThat(reader.lastTerm()).isEqualTo(1);
    assertThat(reader.files()).containsExactly("b", "empty", "big");
    assertThat(reader.bytes("big")).isEqualTo(2 * MIB + 5);
    Future<Buffer> whole = reader.read("big");
    Future<Buffer> empty = reader.read("empty");
    fixture.run();
    assertThat(whole.result()).isEqualTo(big);
    assertThat(empty.result().length()).isZero();
    assertThatThrownBy(() -> reader.bytes("none")).hasMessageContaining("no file 'none', but [b,");
    assertThatThrownBy(() -> reader.file("none")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFileComesInPiecesAsTheReaderWantsThem() {
    Buffer big = Buffer.buffer(new byte[MIB + 5]).setByte(MIB, (byte) 7);
    loading(Map.of("big", big));
    ReadStream<Buffer> stream = reader.file("big");
    fixture.run();
    Buffer got = Buffer.buffer();
    List<String> ended = new ArrayList<>();
    stream.pause().handler(got::appendBuffer).endHandler(ignored -> ended.add("ended"));
    fixture.run();
    assertThat(got.length()).as("paused").isZero();

    stream.fetch(1);
    fixture.run();
    assertThat(got.length()).isEqualTo(MIB / 2);
    stream.resume();
    fixture.run();

    assertThat(got).isEqualTo(big);
    assertThat(ended).hasSize(1);
  }

  @Test
  void anEmptyFileEndsAtOnceButNotBeforeItsHandlersAreSet() {
    loading(Map.of("empty", Buffer.buffer()));
    List<String> seen = new ArrayList<>();
    ReadStream<Buffer> stream = reader.file("empty");
    stream.handler(piece -> seen.add("piece"));
    stream.endHandler(ignored -> seen.add("end"));
    fixture.run();

    assertThat(seen).containsExactly("end");
  }

  @Test
  void aFileIsPipedAsAnyStreamIs() {
    loading(Map.of("a", Buffer.buffer("content")));
    Buffer into = Buffer.buffer();
    Future<Void> piped = reader.file("a").pipeTo(new Collector(into));
    fixture.run();

    assertThat(piped.succeeded()).isTrue();
    assertThat(into).hasToString("content");
  }

  @Test
  void aDiskThatFailsTellsTheReader() {
    fixture.base.snapshots.fault(Step.READ, Fault.FAILS);
    loading(Map.of("a", Buffer.buffer("content")));
    List<String> told = new ArrayList<>();
    reader.file("a").exceptionHandler(cause -> told.add(cause.getMessage())).handler(piece -> {});
    Future<Buffer> whole = reader.read("a");
    fixture.run();

    assertThat(told).containsExactly("disk is full");
    assertThat(whole.cause()).hasMessage("disk is full");
  }

  @Test
  void aReaderThatThrowsIsToldOfItAndGetsNothingMore() {
    loading(Map.of("big", Buffer.buffer(new byte[2 * MIB])));
    List<String> told = new ArrayList<>();
    reader
        .file("big")
        .exceptionHandler(cause -> told.add(cause.getMessage()))
        .handler(
            piece -> {
              throw new IllegalStateException("cannot parse");
            });
    fixture.run();

    assertThat(told).containsExactly("cannot parse");
  }

  // --- reading what the disk has damaged since it was verified ----------------------------------

  /** Two pieces and five bytes; the first byte is turned when damaged. */
  private void loadingThreePieces(boolean damaged) {
    loading(Map.of("big", Buffer.buffer(new byte[MIB + 5])));
    if (damaged) {
      fixture.base.snapshots.damage(3);
    }
  }

  private String failure() {
    return fixture.status().getFailure();
  }

  @Test
  void theLastPieceOfADamagedFileIsNotGivenOutAndTheMemberFailsWithoutWaitingForTheStateMachine() {
    loadingThreePieces(true);
    List<Integer> pieces = new ArrayList<>();
    List<String> told = new ArrayList<>();
    reader
        .file("big")
        .exceptionHandler(cause -> told.add(cause.getMessage()))
        .endHandler(ignored -> told.add("ended"))
        .handler(piece -> pieces.add(piece.length()));
    fixture.run();

    assertThat(pieces).containsExactly(MIB / 2, MIB / 2);
    assertThat(told).hasSize(1).first().asString().contains("'big'", "is not what the manifest");
    assertThat(failure()).isEqualTo(told.get(0));
  }

  @Test
  void aDamagedFileIsNotGivenOutAsAWhole() {
    loadingThreePieces(true);
    Future<Buffer> whole = reader.read("big");
    fixture.run();

    assertThat(whole.cause()).hasMessageContaining("is not what the manifest says");
    done.complete();
    fixture.run();
    assertThat(fixture.node.core().appliedIndex()).as("whatever the state machine says").isZero();
    assertThat(failure()).contains("is not what the manifest says");
  }

  @ParameterizedTest(name = "damaged: {0}")
  @ValueSource(booleans = {true, false})
  void ofAFileThatIsReadInPartTheRestIsCheckedBeforeTheLoadCounts(boolean damaged) {
    loadingThreePieces(damaged);
    List<Integer> pieces = new ArrayList<>();
    reader.file("big").pause().handler(piece -> pieces.add(piece.length())).fetch(1);
    fixture.run();
    assertThat(pieces).containsExactly(MIB / 2);
    assertThat(failure()).as("nobody can know yet").isNull();

    done.complete();
    fixture.run();
    assertThat(pieces).as("nothing more of it is given out").hasSize(1);
    assertThat(fixture.node.hasFailed()).isEqualTo(damaged);
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(damaged ? 0 : 3);
  }

  @Test
  void aStateMachineThatCannotMakeSenseOfDamagedBytesIsNotToBlame() {
    loadingThreePieces(true);
    reader.file("big").pause().handler(piece -> {}).fetch(1);
    fixture.run();
    done.fail("cannot parse");
    fixture.run();

    assertThat(failure()).contains("is not what the manifest says");
  }

  @Test
  void aStateMachineThatCannotMakeSenseOfTheRightBytesIs() {
    loadingThreePieces(false);
    reader.file("big").pause().handler(piece -> {}).fetch(1);
    fixture.run();
    done.fail("cannot parse");
    fixture.run();

    assertThat(failure()).isEqualTo("cannot parse");
  }

  @Test
  void damageInAFileThatNobodyReadsIsLeftToTheNextVerification() {
    Map<String, Buffer> files = new LinkedHashMap<>();
    files.put("damaged", Buffer.buffer("unread"));
    files.put("whole", Buffer.buffer("content"));
    loading(files);
    fixture.base.snapshots.damage(3);
    Future<Buffer> whole = reader.read("whole");
    fixture.run();
    done.complete();
    fixture.run();

    assertThat(whole.result()).hasToString("content");
    assertThat(fixture.node.core().appliedIndex()).isEqualTo(3);
  }

  @Test
  void aFileThatHasBecomeShorterIsDamaged() {
    loadingThreePieces(false);
    fixture.base.snapshots.published.get(3L).files.put("big", Buffer.buffer(new byte[7]));
    Future<Buffer> whole = reader.read("big");
    fixture.run();

    assertThat(whole.cause()).hasMessageContaining("ends at byte 7, before its end");
    assertThat(fixture.node.hasFailed()).isTrue();
  }

  @Test
  void onceTheStateIsLoadedTheSnapshotIsClosed() {
    loading(Map.of("a", Buffer.buffer("content")));
    assertThat(fixture.base.snapshots.openReaders()).isEqualTo(1);
    done.complete();
    fixture.run();
    Future<Buffer> late = reader.read("a");
    fixture.run();

    assertThat(fixture.base.snapshots.openReaders()).isZero();
    assertThat(late.cause()).hasMessageContaining("is closed");
  }

  /** Takes everything. */
  private record Collector(Buffer into) implements WriteStream<Buffer> {
    @Override
    public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
      return this;
    }

    @Override
    public Future<Void> write(Buffer data) {
      into.appendBuffer(data);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return false;
    }

    @Override
    public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
      return this;
    }
  }
}
