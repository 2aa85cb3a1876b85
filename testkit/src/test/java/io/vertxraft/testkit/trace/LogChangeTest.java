package io.vertxraft.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.Recovery;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.testkit.trace.TraceEvent.LogChange;
import io.vertxraft.testkit.trace.TraceEvent.Start;
import io.vertxraft.testkit.trace.TraceEvent.Stepped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the trace says that an event did to a follower's log. */
class LogChangeTest {
  private final EntryCodec codec = new EntryCodec("g");
  private final List<TraceEvent> events = new ArrayList<>();

  @Test
  void entriesThatAreNewAreAppendedAndThoseHeldAlreadyAreNoChange() {
    RaftCore follower = follower(trace(List.of()), List.of());
    List<LogEntry> entries = List.of(entry(1, 1, 'a'), entry(2, 1, 'b'), entry(3, 1, 'c'));

    follower.receive("n2", append(1, 0, 0, entries.subList(0, 2)), 0);
    assertThat(lastChange()).isEqualTo(new LogChange(0, entries.subList(0, 2)));

    follower.receive("n2", append(1, 0, 0, entries), 0);
    assertThat(lastChange()).isEqualTo(new LogChange(0, entries.subList(2, 3)));

    follower.receive("n2", append(1, 0, 0, entries), 0);
    assertThat(lastChange()).isNull();
    follower.receive("n2", new Heartbeat(1, 3, 1, 0, 0), 0);
    assertThat(lastChange()).isNull();
  }

  @Test
  void entriesThatTakeThePlaceOfOthersAreARemovalAndAnAppendOfOneEvent() {
    RaftCore follower = follower(trace(List.of()), List.of());
    follower.receive("n2", append(1, 0, 0, List.of(entry(1, 1, 'a'), entry(2, 1, 'b'))), 0);
    LogEntry other = entry(2, 2, 'x');

    follower.receive("n3", append(2, 1, 1, List.of(other)), 0);

    assertThat(lastChange()).isEqualTo(new LogChange(2, List.of(other)));
  }

  @Test
  void anEntryThatIsPutBackOnTopOfAnotherIsAChangeToo() {
    RaftCore follower = follower(trace(List.of()), List.of());
    LogEntry top = entry(2, 5, 'b');
    follower.receive("n2", append(5, 0, 0, List.of(entry(1, 1, 'a'), top)), 0);
    LogEntry other = entry(1, 2, 'x');

    follower.receive("n3", append(6, 0, 0, List.of(other, top)), 0);

    assertThat(lastChange()).isEqualTo(new LogChange(1, List.of(other, top)));
  }

  @Test
  void aRecoveredLogIsListedAndItsEndCanBeReplaced() {
    List<LogEntry> disk = List.of(entry(1, 1, 'a'), entry(2, 1, 'b'), entry(3, 1, 'c'));
    RaftCore follower = follower(trace(disk), disk);
    assertThat(((Start) events.get(0)).log()).isEqualTo(disk);
    LogEntry other = entry(2, 2, 'x');

    follower.receive("n2", append(2, 1, 1, List.of(other)), 0);

    assertThat(lastChange()).isEqualTo(new LogChange(2, List.of(other)));
  }

  @Test
  void aDiskThatIsNotTheOneRecoveredFromIsReported() {
    List<LogEntry> disk = List.of(entry(1, 1, 'a'));
    ProtocolTrace trace = trace(List.of(entry(1, 2, 'a')));

    follower(trace, disk);

    assertThat(events).isEmpty();
    assertThatThrownBy(trace::check)
        .hasMessage(
            "node 'n1', life 1 recovered an entry of term 1 at index 1, but the trace was given"
                + " 2/1 COMMAND 1B for it: let the trace read the disk that the node was started"
                + " from");
  }

  @Test
  void theHashStandsForTypeAndPayloadAndNotForThePosition() {
    String hash = TraceJson.hash(entry(1, 1, 'a'));
    assertThat(TraceJson.hash(entry(7, 3, 'a'))).isEqualTo(hash);
    assertThat(TraceJson.hash(entry(1, 1, 'b'))).isNotEqualTo(hash);
    assertThat(TraceJson.hash(codec.encode(1, 1, EntryType.NO_OP, new byte[] {'a'})))
        .isNotEqualTo(hash);
  }

  private ProtocolTrace trace(List<LogEntry> disk) {
    return new ProtocolTrace(() -> 0, (node, index) -> disk.get((int) index - 1), events::add);
  }

  private static RaftCore follower(ProtocolTrace trace, List<LogEntry> disk) {
    CoreSettings settings =
        new CoreSettings(
            "g",
            "n1",
            Configuration.of(new TreeSet<>(List.of("n1", "n2", "n3"))),
            Map.of(),
            1_000_000,
            100_000,
            10,
            1_000_000,
            2_000_000,
            10,
            10_000,
            10,
            10_000,
            trace.probeOf("n1", 1));
    LogView log =
        disk.isEmpty()
            ? new LogView(1, 0, 0, new long[0], new long[0], 0)
            : new LogView(1, disk.size(), 0, new long[] {1}, new long[] {1}, 0);
    return new RaftCore(settings, Recovery.of(HardState.INITIAL, log), bound -> 0, 0);
  }

  private LogEntry entry(long index, long term, char payload) {
    return codec.encode(index, term, EntryType.COMMAND, new byte[] {(byte) payload});
  }

  private static AppendEntries append(
      long term, long prevIndex, long prevTerm, List<LogEntry> entries) {
    return new AppendEntries(term, prevIndex, prevTerm, 0, entries);
  }

  private LogChange lastChange() {
    return ((Stepped) events.get(events.size() - 1)).change();
  }
}
