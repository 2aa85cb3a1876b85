package io.vertxraft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.spi.StorageWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogEntriesTest {
  private final EntryCodec codec = new EntryCodec("g");

  @Test
  void aRunThatWrapsAroundTheRingComesInOrder() {
    LogEntry[] ring = {entry(4), entry(5), entry(2), entry(3)};

    assertThat(LogEntries.ofRing(ring, 2, 4)).containsExactly(ring[2], ring[3], ring[0], ring[1]);
    assertThat(LogEntries.ofRing(ring, 0, 2)).containsExactly(ring[0], ring[1]);
    assertThat(LogEntries.ofRing(ring, 1, 0)).isSameAs(LogEntries.none());
  }

  @Test
  void whatBecomesOfTheSourceDoesNotMatter() {
    LogEntry[] ring = {entry(1), entry(2)};
    List<LogEntry> source = new ArrayList<>(List.of(ring));
    LogEntries ofRing = LogEntries.ofRing(ring, 0, 2);
    LogEntries ofList = LogEntries.of(source);

    source.clear();
    Arrays.fill(ring, null);

    assertThat(ofRing).isEqualTo(ofList).containsExactly(entry(1), entry(2));
    assertThatThrownBy(() -> ofList.set(0, entry(3)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void messageAndWriteShareTheListTheyAreGiven() {
    LogEntries entries = LogEntries.of(List.of(entry(1), entry(2)));

    AppendEntries message = new AppendEntries(1, 0, 0, 0, entries);
    StorageWrite write = new StorageWrite(null, 0, entries);

    assertThat(message.entries()).isSameAs(entries).isSameAs(write.entries());
    assertThat(message.entryBytes())
        .isEqualTo(entry(1).encodedBytes() + (long) entry(2).encodedBytes());
  }

  private LogEntry entry(long index) {
    return codec.encode(index, 1, EntryType.COMMAND, new byte[(int) index]);
  }
}
