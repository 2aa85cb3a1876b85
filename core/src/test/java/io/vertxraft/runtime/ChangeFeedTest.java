package io.vertxraft.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.streams.ReadStream;
import io.vertxraft.Command;
import io.vertxraft.LogCompactedException;
import io.vertxraft.RaftException;
import io.vertxraft.StateMachine;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of who follows what is applied, from the stored log and as it comes. */
class ChangeFeedTest {
  private final SnapshotFixture fixture = new SnapshotFixture();
  private final List<String> seen = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  /** A reader that has not asked for anything yet, if it pauses. */
  private ReadStream<Command> feed(long fromIndex) {
    ReadStream<Command> feed = fixture.node.committed(fromIndex);
    return feed.exceptionHandler(failures::add).endHandler(ended -> seen.add("end"));
  }

  private ReadStream<Command> read(ReadStream<Command> feed) {
    feed.handler(command -> seen.add(command.payload().toString()));
    fixture.run();
    return feed;
  }

  private void fetch(ReadStream<Command> feed, long amount) {
    feed.fetch(amount);
    fixture.run();
  }

  /** Memory holds no entry longer than it must. */
  private ChangeFeedTest withoutCache() {
    fixture.options.setLogCacheBytesMax(0);
    return this;
  }

  @Test
  void theStoredCommandsComeFirstThenEachAsItIsApplied() {
    withoutCache().fixture.start().commands(1, 4);

    read(feed(2));
    assertThat(seen).containsExactly("c2", "c3", "c4");

    fixture.commands(5, 6);
    assertThat(seen).containsExactly("c2", "c3", "c4", "c5", "c6");
    assertThat(failures).isEmpty();
  }

  @Test
  void whatIsNotCommittedYetIsNotSeen() {
    fixture.start().commands(1, 4, 2);
    read(feed(1));
    assertThat(seen).containsExactly("c1", "c2");

    fixture.commands(5, 5, 5);

    assertThat(seen).containsExactly("c1", "c2", "c3", "c4", "c5");
  }

  @Test
  void aFeedFromAnIndexThatIsYetToComeWaitsForIt() {
    fixture.start().commands(1, 2);
    read(feed(4));

    fixture.commands(3, 5);

    assertThat(seen).containsExactly("c4", "c5");
  }

  @Test
  void entriesThatAreNoCommandsAreLeftOut() {
    fixture.start().commands(1, 1);
    read(feed(1));
    List<LogEntry> entries = new ArrayList<>();
    entries.add(fixture.codec.encode(2, 1, EntryType.NO_OP, new byte[0]));
    fixture.base.receiver.receive("n2", new AppendEntries(1, 1, 1, 2, entries));
    fixture.run();

    fixture.commands(3, 3);

    assertThat(seen).containsExactly("c1", "c3");
  }

  private LogEntry ofSession(long index, Envelope.Kind kind, long session, long sequence) {
    byte[] body = ("s" + index).getBytes(UTF_8);
    byte[] entry = Envelope.allocate(kind, false, false, session, sequence, 0, body.length);
    System.arraycopy(body, 0, entry, Envelope.BODY_AT, body.length);
    byte[] payload = Arrays.copyOfRange(entry, EntryCodec.HEADER_BYTES, entry.length);
    return fixture.codec.encode(index, 1, EntryType.ENVELOPE, payload);
  }

  private LogEntry openSession(long index) {
    byte[] entry = Envelope.openSession(new Envelope.SessionTerms(60_000, 10, 1_000));
    byte[] payload = Arrays.copyOfRange(entry, EntryCodec.HEADER_BYTES, entry.length);
    return fixture.codec.encode(index, 1, EntryType.ENVELOPE, payload);
  }

  /** Index 2 opens a session; 4 repeats 3, and 6 is of a session that there is not. */
  private void sessionSpeaks() {
    fixture.commands(1, 1);
    List<LogEntry> entries = new ArrayList<>();
    entries.add(openSession(2));
    entries.add(ofSession(3, Envelope.Kind.COMMAND, 2, 7));
    entries.add(ofSession(4, Envelope.Kind.COMMAND, 2, 7));
    entries.add(ofSession(5, Envelope.Kind.COMMAND, 2, 8));
    entries.add(ofSession(6, Envelope.Kind.COMMAND, 99, 1));
    entries.add(ofSession(7, Envelope.Kind.COMMAND, 0, 0));
    fixture.base.receiver.receive("n2", new AppendEntries(1, 1, 1, 7, entries));
    fixture.run();
  }

  @Test
  void aCommandOfASessionIsSeenOnceHoweverOftenItWasSent() {
    fixture.start();
    sessionSpeaks();

    read(feed(1));

    assertThat(seen).containsExactly("c1", "s3", "s5", "s7");
    assertThat(fixture.ledger.commands).isEqualTo(seen);
  }

  /** From the log alone nobody can tell which of them are repetitions. */
  @Test
  void whatAnEarlierLifeAppliedOfASessionIsNotGuessed() {
    fixture.start();
    sessionSpeaks();
    fixture.ledger.durableIndex = 7;
    fixture.save();
    fixture.restart();
    fixture.commands(8, 8);

    read(feed(1));

    assertThat(seen).containsExactly("c1");
    assertThat(failures.get(0)).hasMessageContaining("can be followed from index 8 on, 3 is gone");
  }

  @Test
  void aReaderThatPausesGetsWhatItAsksForAndNoMore() {
    withoutCache().fixture.start().commands(1, 5);
    ReadStream<Command> feed = read(feed(1).pause());
    assertThat(seen).isEmpty();

    fetch(feed, 2);
    assertThat(seen).containsExactly("c1", "c2");

    fetch(feed, 1);
    assertThat(seen).containsExactly("c1", "c2", "c3");

    feed.resume();
    fixture.run();
    assertThat(seen).containsExactly("c1", "c2", "c3", "c4", "c5");
  }

  /** It holds a batch of two, so that what it has not asked for is gone with the log. */
  @Test
  void aReaderThatFallsBehindTheLogLearnsWhereItBegins() {
    fixture.options.setAppendEntriesMax(2);
    withoutCache().fixture.start().commands(1, 6);
    ReadStream<Command> feed = read(feed(1).pause());
    fetch(feed, 1);

    fixture.save();
    fixture.commands(7, 7);
    fixture.save();
    assertThat(fixture.status().getFirstIndex()).isEqualTo(7);
    assertThat(failures).isEmpty();
    fetch(feed, 10);

    assertThat(seen).containsExactly("c1", "c2");
    LogCompactedException gone = (LogCompactedException) failures.get(0);
    assertThat(gone.wantedIndex()).isEqualTo(3);
    assertThat(gone.firstIndex()).isEqualTo(7);
    assertThat(gone).hasMessageContaining("can be followed from index 7 on, 3 is gone");
  }

  @Test
  void whoBeginsBeforeTheLogDoesIsToldAtOnce() {
    fixture.diskHas(5, 6);
    fixture.diskHasSnapshot(4);
    fixture.start().commands(7, 7);

    read(feed(1));

    assertThat(seen).isEmpty();
    assertThat(failures.get(0))
        .isInstanceOf(LogCompactedException.class)
        .hasMessageContaining("can be followed from index 5 on, 1 is gone");
  }

  @Test
  void aMemberThatGetsASnapshotInPlaceOfEntriesTellsWhoWaitedForThem() {
    fixture.start().commands(1, 2);
    read(feed(1));
    fixture.leaderHas(9).offer(9, 9);
    fixture.answerAll();
    fixture.run();

    assertThat(seen).containsExactly("c1", "c2");
    assertThat(failures.get(0)).hasMessageContaining("can be followed from index 10 on, 3 is gone");
  }

  /** The end of a restarted member's log may be that of a deposed leader. */
  @Test
  void nothingIsShownBeforeTheMemberKnowsThatItIsCommitted() {
    withoutCache().fixture.diskHas(1, 3);
    fixture.start();
    read(feed(1));
    assertThat(seen).isEmpty();

    fixture.commands(4, 4);

    assertThat(seen).containsExactly("c1", "c2", "c3", "c4");
  }

  @Test
  void aFeedThatIsTakenBeforeTheNodeStartsBeginsThen() {
    fixture.node = fixture.base.create(fixture.options);
    read(feed(1));
    fixture.node.start();
    fixture.run();

    fixture.commands(1, 1);

    assertThat(seen).containsExactly("c1");
  }

  @Test
  void theEndComesWhenTheNodeIsClosed() {
    fixture.start().commands(1, 2);
    ReadStream<Command> waiting = read(feed(1));
    fixture.node.close();
    fixture.run();
    assertThat(seen).containsExactly("c1", "c2", "end");

    read(feed(1));
    assertThat(seen).containsExactly("c1", "c2", "end", "end");
    fetch(waiting, 1);
    assertThat(seen).hasSize(4);
    assertThat(failures).isEmpty();
  }

  @Test
  void whenTheNodeFailsTheReaderLearnsWhy() {
    fixture.base.stateMachine =
        StateMachine.of(
            command -> {
              throw new IllegalStateException("broken");
            });
    fixture.start();
    read(feed(1));

    fixture.commands(1, 1);

    assertThat(seen).isEmpty();
    assertThat(failures.get(0))
        .isInstanceOf(RaftException.Fatal.class)
        .hasMessageContaining("broken");
  }

  @Test
  void aLogThatCannotBeReadIsTheNodesTroubleToo() {
    withoutCache().fixture.start().commands(1, 2);
    fixture.base.heldRead = io.vertx.core.Promise.promise();
    read(feed(1));
    fixture.base.heldRead.fail(
        new StorageException(StorageException.Kind.CORRUPT, "entry 1 is damaged", null));
    fixture.run();

    assertThat(failures.get(0)).hasMessageContaining("entry 1 is damaged");
    assertThat(fixture.node.hasFailed()).isTrue();
  }

  @Test
  void whoAsksForTheFailureLateIsToldOnce() {
    fixture.diskHas(5, 6);
    fixture.diskHasSnapshot(4);
    fixture.start().commands(7, 7);
    ReadStream<Command> feed = read(fixture.node.committed(1));
    assertThat(failures).isEmpty();

    feed.exceptionHandler(failures::add);
    fixture.run();
    feed.exceptionHandler(failures::add);
    fixture.run();

    assertThat(failures).hasSize(1);
  }

  @Test
  void whoStopsReadingIsForgottenAndMayGoOnLater() {
    fixture.start().commands(1, 1);
    ReadStream<Command> feed = read(feed(1));
    feed.handler(null);
    fixture.commands(2, 3);
    assertThat(seen).containsExactly("c1");

    read(feed);

    assertThat(seen).containsExactly("c1", "c2", "c3");
  }

  @Test
  void anIndexBeforeTheFirstIsAMistake() {
    fixture.start();

    assertThatThrownBy(() -> fixture.node.committed(0)).hasMessageContaining("fromIndex is 0");
  }
}
