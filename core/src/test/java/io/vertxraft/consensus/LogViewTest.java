package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import org.junit.jupiter.api.Test;

class LogViewTest {
  private final EntryCodec codec = new EntryCodec("g");
  private final LogView log = new LogView(1, 0, 0, new long[0], new long[0], 0);

  @Test
  void aStaleCompletionDoesNotMakeReplacedEntriesDurable() {
    append(1, 1);
    append(2, 1);
    append(3, 1);
    log.markWritten(1);
    log.truncateFrom(2);
    append(2, 2);
    append(3, 2);
    log.markWritten(2);

    log.markDurable(1);
    assertThat(log.durableIndex()).isEqualTo(1);

    log.markDurable(2);
    assertThat(log.durableIndex()).isEqualTo(3);
  }

  @Test
  void theSameEntryComingBackAfterATruncationIsNotDurableByTheFirstWrite() {
    append(1, 1);
    append(2, 1);
    log.markWritten(1);
    log.truncateFrom(2);
    append(2, 2);
    log.truncateFrom(2);
    append(2, 2);
    assertThat(log.pendingTruncation()).isEqualTo(2);
    assertThat(log.unwritten()).extracting(LogEntry::index).containsExactly(2L);
    log.markWritten(2);

    log.markDurable(1);

    assertThat(log.durableIndex()).isEqualTo(1);
  }

  @Test
  void whatHasReplacedEntriesIsHandedOutThoughTheyWereHandedOutBefore() {
    append(1, 1);
    append(2, 1);
    assertThat(log.unwritten()).isSameAs(log.cachedFrom(1, 2, Long.MAX_VALUE));

    log.truncateFrom(2);
    append(2, 2);

    assertThat(log.unwritten()).extracting(LogEntry::term).containsExactly(1L, 2L);
  }

  @Test
  void entriesNeverHandedToStorageAreForgottenWithoutATruncationThere() {
    append(1, 1);
    log.markWritten(1);
    append(2, 1);
    log.truncateFrom(2);

    assertThat(log.pendingTruncation()).isZero();
    assertThat(log.hasUnwritten()).isFalse();
  }

  @Test
  void termsAreKnownForEntriesThatAreNotInMemory() {
    LogView recovered =
        new LogView(1, 100, 0, new long[] {1, 40, 90}, new long[] {1, 3, 7}, 1 << 20);

    assertThat(recovered.termAt(39)).isEqualTo(1);
    assertThat(recovered.termAt(40)).isEqualTo(3);
    assertThat(recovered.lastTerm()).isEqualTo(7);
    assertThat(recovered.firstIndexOfTermAt(89)).isEqualTo(40);
    assertThat(recovered.lastIndexWithTermAtMost(3, 100)).isEqualTo(89);
    assertThat(recovered.lastIndexWithTermAtMost(2, 100)).isEqualTo(39);
    assertThat(recovered.lastIndexWithTermAtMost(0, 100)).isZero();
    assertThat(recovered.entryIfCached(100)).isNull();
  }

  @Test
  void durableEntriesLeaveMemoryWhenTheBudgetIsUsedUp() {
    append(1, 1);
    append(2, 1);
    log.markWritten(1);
    assertThat(log.entryIfCached(1)).isNotNull();

    log.markDurable(1);

    assertThat(log.entryIfCached(1)).isNull();
    assertThat(log.cachedBytes()).isZero();
    append(3, 1);
    assertThat(log.entryIfCached(3)).isNotNull();
  }

  @Test
  void manyEntriesGrowTheCacheAndSlicesRespectTheLimits() {
    LogView large = new LogView(1, 0, 0, new long[0], new long[0], 1 << 20);
    for (int i = 1; i <= 1000; i++) {
      large.append(codec.encode(i, 1, EntryType.COMMAND, new byte[10]));
    }
    int entryBytes = EntryCodec.HEADER_BYTES + 10;

    assertThat(large.cachedFrom(5, 3, 1 << 20))
        .extracting(LogEntry::index)
        .containsExactly(5L, 6L, 7L);
    assertThat(large.cachedFrom(5, 100, 2 * entryBytes)).hasSize(2);
    assertThat(large.cachedFrom(5, 100, 1)).hasSize(1);
    assertThat(large.cachedFrom(1001, 1, 1)).isEmpty();
    large.truncateFrom(500);
    assertThat(large.lastIndex()).isEqualTo(499);
    assertThat(large.cachedBytes()).isEqualTo(499L * entryBytes);
  }

  @Test
  void aGapOrAFallingTermIsAnInvariantViolation() {
    append(1, 5);

    assertThatThrownBy(() -> append(3, 5)).isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> append(2, 4)).isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> log.termAt(9)).isInstanceOf(InvariantViolation.class);
  }

  private void append(long index, long term) {
    log.append(codec.encode(index, term, EntryType.COMMAND, new byte[] {1}));
  }

  @Test
  void theFrontIsRemovedAndTheTermBeforeItStaysKnown() {
    append(1, 1);
    append(2, 1);
    append(3, 4);
    append(4, 4);
    log.markWritten(1);
    log.markDurable(1);

    log.compactTo(3);

    assertThat(log.firstIndex()).isEqualTo(3);
    assertThat(log.termAt(2)).isEqualTo(1);
    assertThat(log.contains(1)).isFalse();
    assertThat(log.firstIndexOfTermAt(4)).isEqualTo(3);
    log.compactTo(5);
    assertThat(log.lastIndex()).isEqualTo(4);
    assertThat(log.lastTerm()).isEqualTo(4);
    append(5, 6);
    assertThat(log.firstIndexOfTermAt(5)).isEqualTo(5);
    assertThat(log.termAt(4)).isEqualTo(4);
  }

  @Test
  void aLogThatStartsAnewForgetsWhatWasBeingWrittenAndRemoved() {
    append(1, 1);
    append(2, 1);
    log.markWritten(1);
    log.truncateFrom(2);

    log.restartAfter(10, 3);

    assertThat(log.pendingStart()).isEqualTo(new Effects.LogStart(11, 3));
    assertThat(log.pendingTruncation()).isZero();
    assertThat(log.unwritten()).isEmpty();
    assertThat(log.hasUnwritten()).isTrue();
    log.markDurable(1);
    assertThat(log.durableIndex()).isEqualTo(10);
    append(11, 3);
    log.markWritten(2);
    assertThat(log.hasUnwritten()).isFalse();
    assertThat(log.durableIndex()).isEqualTo(10);
    log.markDurable(2);
    assertThat(log.durableIndex()).isEqualTo(11);
  }
}
