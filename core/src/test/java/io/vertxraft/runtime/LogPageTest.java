package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.LogCompactedException;
import io.vertxraft.LogRecord;
import io.vertxraft.RaftException;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.LogEntry;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R-46: looking at a member's log")
class LogPageTest {
  private static final int PLENTY = 1_000_000;
  private final SnapshotFixture fixture = new SnapshotFixture();

  private Future<List<LogRecord>> read(long from, int entries, int bytes) {
    Future<List<LogRecord>> page = fixture.node.readLog(from, entries, bytes);
    fixture.run();
    return page;
  }

  @ParameterizedTest(name = "with {0} bytes of cache")
  @ValueSource(ints = {0, PLENTY})
  void entriesAreReadFromAnIndexOnAsFarAsTheyAreWanted(int cacheBytes) {
    fixture.options.setLogCacheBytesMax(cacheBytes);
    fixture.start().commands(1, 6);
    assertThat(read(2, 3, PLENTY).result())
        .extracting(r -> r.index() + " " + r.kind() + " " + r.commands().get(0))
        .containsExactly("2 COMMAND c2", "3 COMMAND c3", "4 COMMAND c4");
    assertThat(read(6, 10, PLENTY).result()).hasSize(1);
    assertThat(read(7, 10, PLENTY).result()).as("behind the end").isEmpty();
  }

  @Test
  void bytesAreLimitedButOneEntryIsAlwaysGiven() {
    fixture.start().commands(1, 6);
    int one = read(1, 1, PLENTY).result().get(0).bytes();
    assertThat(read(1, 10, 2 * one).result()).hasSize(2);
    assertThat(read(1, 10, 1).result()).hasSize(1);
  }

  @Test
  void whatIsNotCommittedIsShownToo() {
    fixture.start().commands(1, 4, 2);
    assertThat(read(3, 10, PLENTY).result()).extracting(LogRecord::index).containsExactly(3L, 4L);
  }

  @Test
  void everyKindOfEntryIsNamed() {
    fixture.start();
    LogEntry noOp = fixture.codec.encode(1, 1, EntryType.NO_OP, new byte[0]);
    byte[] open = Envelope.openSession(new Envelope.SessionTerms(60_000, 10, 1_000));
    LogEntry session =
        fixture.codec.encode(
            2,
            1,
            EntryType.ENVELOPE,
            Arrays.copyOfRange(open, EntryCodec.HEADER_BYTES, open.length));
    byte[] of = Envelope.allocate(Envelope.Kind.COMMAND, false, false, 77, 1, 0, 1);
    of[Envelope.BODY_AT] = 'x';
    LogEntry command =
        fixture.codec.encode(
            3, 1, EntryType.ENVELOPE, Arrays.copyOfRange(of, EntryCodec.HEADER_BYTES, of.length));
    fixture.base.receiver.receive(
        "n2", new AppendEntries(1, 0, 0, 0, List.of(noOp, session, command)));
    fixture.run();
    List<LogRecord> page = read(1, 10, PLENTY).result();
    assertThat(page)
        .extracting(LogRecord::kind)
        .containsExactly(LogRecord.Kind.NO_OP, LogRecord.Kind.SESSION, LogRecord.Kind.COMMAND);
    assertThat(page.get(2).sessionId()).isEqualTo(77);
    assertThat(page.get(2).commands().get(0)).hasToString("x");
    assertThat(page.get(2).bytes()).isEqualTo(command.encodedBytes());
    assertThat(page.get(0).commands()).isEmpty();
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    fixture.start();
    assertThat(read(0, 1, 1).cause())
        .hasMessage("fromIndex 0, entriesMax 1 and bytesMax 1 must be at least 1");
    assertThat(read(1, 0, 1).cause()).isInstanceOf(IllegalArgumentException.class);
    assertThat(read(1, 1, 0).cause()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNodeThatDoesNotRunHasNoLogToShow() {
    fixture.node = fixture.base.create(fixture.options);
    assertThat(read(1, 1, 1).cause()).isInstanceOf(RaftException.Rejected.class);
  }

  @Test
  void whatASnapshotHasReplacedIsGone() {
    fixture.diskHas(5, 6);
    fixture.diskHasSnapshot(4);
    fixture.start().commands(7, 7);
    assertThat(read(3, 10, PLENTY).cause())
        .isInstanceOfSatisfying(
            LogCompactedException.class, gone -> assertThat(gone.firstIndex()).isEqualTo(5));
    assertThat(read(5, 10, PLENTY).result()).hasSize(3);
  }
}
