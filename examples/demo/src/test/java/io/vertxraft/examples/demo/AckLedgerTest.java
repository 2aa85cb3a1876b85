package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AckLedgerTest {
  @Test
  void theHighestIndexCountsInWhateverOrderTheAcknowledgementsCome() {
    AckLedger ledger = new AckLedger();
    ledger.acknowledge(1, 12);
    ledger.acknowledge(0, 11);
    assertThat(ledger.indexMax()).isEqualTo(12);
    assertThat(ledger.count()).isEqualTo(2);
  }

  @Test
  void aSnapshotKeepsToItsMoment() {
    AckLedger ledger = new AckLedger();
    ledger.acknowledge(0, 1);
    AckLedger.Snapshot snapshot = ledger.snapshot();
    ledger.acknowledge(1, 2);
    assertThat(snapshot.ids().size()).isEqualTo(1);
    assertThat(snapshot.indexMax()).isEqualTo(1);
  }

  @Test
  void aSecondAcknowledgementOfAWriteIsADefect() {
    AckLedger ledger = new AckLedger();
    ledger.acknowledge(5, 1);
    assertThatThrownBy(() -> ledger.acknowledge(5, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("write 5");
  }
}
