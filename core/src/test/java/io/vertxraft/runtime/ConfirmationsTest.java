package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.Effects.Outbound;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.VoteReply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A follower confirms what one sync has made durable once, not once per message. */
class ConfirmationsTest {
  private static final long TERM = 1;

  private final NodeFixture fixture = new NodeFixture();
  private final EntryCodec codec = new EntryCodec("g");

  @Test
  void whatOneSyncHasWrittenIsConfirmedOnce() {
    fixture.start(NodeFixture.options(3));
    fixture.diskIsStuck = true;
    append(0, 1);
    append(1, 1);
    append(2, 3);
    assertThat(replies()).as("before anything is durable").isEmpty();

    fixture.sync();
    fixture.scheduler.run();

    assertThat(replies()).containsExactly(AppendEntriesReply.accepted(TERM, 5));
  }

  @Test
  void writesThatAreDoneOneAfterTheOtherAreConfirmedOneAfterTheOther() {
    fixture.start(NodeFixture.options(3));
    append(0, 1);
    append(1, 1);

    assertThat(replies())
        .containsExactly(
            AppendEntriesReply.accepted(TERM, 1), AppendEntriesReply.accepted(TERM, 2));
  }

  @Test
  void aRefusalKeepsItsPlaceBetweenConfirmations() {
    fixture.start(NodeFixture.options(3));
    fixture.diskIsStuck = true;
    append(0, 1);
    append(7, 1);
    append(1, 1);

    fixture.sync();
    fixture.scheduler.run();

    assertThat(replies())
        .containsExactly(
            AppendEntriesReply.accepted(TERM, 1),
            AppendEntriesReply.refused(TERM, 7, 0, 2),
            AppendEntriesReply.accepted(TERM, 2));
  }

  @Test
  void aMemberThatIsClosedConfirmsNothingMore() {
    NodeRuntime node = fixture.start(NodeFixture.options(3));
    fixture.diskIsStuck = true;
    append(0, 1);

    // The write is done before the member is closed, and the turn would end after that.
    node.close();
    fixture.sync();
    fixture.scheduler.run();

    assertThat(replies()).isEmpty();
  }

  @Test
  void onlyALaterConfirmationOfTheSameTermForTheSameLeaderTakesAnothersPlace() {
    Outbound first = new Outbound("n2", AppendEntriesReply.accepted(2, 5));

    assertThat(together(first, accepted("n2", 2, 5))).hasSize(1);
    assertThat(together(first, accepted("n2", 2, 4))).as("one that says less").hasSize(2);
    assertThat(together(first, accepted("n2", 3, 5))).as("of another term").hasSize(2);
    assertThat(together(first, accepted("n3", 2, 5))).as("for somebody else").hasSize(2);
    assertThat(together(first, new Outbound("n2", AppendEntriesReply.refused(2, 9, 0, 6))))
        .as("a refusal")
        .hasSize(2);
    assertThat(together(first, new Outbound("n2", new VoteReply(2, true)))).hasSize(2);
  }

  private static Outbound accepted(String to, long term, long matchIndex) {
    return new Outbound(to, AppendEntriesReply.accepted(term, matchIndex));
  }

  private static List<Outbound> together(Outbound first, Outbound second) {
    List<Outbound> leaving = new ArrayList<>();
    first.addTo(leaving);
    second.addTo(leaving);
    assertThat(leaving).endsWith(second);
    return leaving;
  }

  /** n2, the leader, sends entries in a message, and the node has dealt with it. */
  private void append(long after, int count) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      entries.add(codec.encode(after + i, TERM, EntryType.COMMAND, new byte[0]));
    }
    fixture.receiver.receive(
        "n2", new AppendEntries(TERM, after, after == 0 ? 0 : TERM, 0, entries));
    fixture.scheduler.run();
  }

  private List<AppendEntriesReply> replies() {
    return fixture.sent.stream()
        .filter(AppendEntriesReply.class::isInstance)
        .map(AppendEntriesReply.class::cast)
        .toList();
  }
}
