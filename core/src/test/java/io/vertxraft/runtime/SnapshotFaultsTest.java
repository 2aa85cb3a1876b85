package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.runtime.MemorySnapshots.Fault;
import io.vertxraft.runtime.MemorySnapshots.Step;
import io.vertxraft.spi.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * at every instant there is a good snapshot S and a log that begins at S + 1 or before, or
 * the whole log, whichever call of the storage fails, hangs, or is the last one of the process.
 * Nothing that was committed is lost by it: braft 461 is what happens otherwise.
 */
class SnapshotFaultsTest {
  private final SnapshotFixture fixture = new SnapshotFixture();

  /** What a member may be at when its storage goes wrong. */
  enum Doing {
    SAVE,
    INSTALL,
    LOAD
  }

  static Stream<Arguments> faults() {
    List<Arguments> all = new ArrayList<>();
    for (Doing doing : Doing.values()) {
      for (Step step : Step.values()) {
        for (Fault fault : Fault.values()) {
          for (int before = 0; before < 3; before++) {
            all.add(Arguments.of(doing, step, fault, before));
          }
        }
      }
    }
    return all.stream();
  }

  /**
   * Two snapshots, at 4 and 8, and a log up to 10; then the fault, and after it whatever comes, and
   * at last a restart.
   */
  @ParameterizedTest(name = "{0} while {1} {2} the {3}. time")
  @MethodSource("faults")
  void afterEveryFaultTheStateCanBeRebuiltFromWhatIsDurable(
      Doing doing, Step step, Fault fault, int before) {
    fixture.with(o -> o.setSaveTimeoutMs(500).setLoadTimeoutMs(500).setEntries(4)).start();
    fixture.commands(1, 4);
    fixture.commands(5, 8);
    fixture.commands(9, 10);
    assertThat(fixture.base.snapshots.published).containsOnlyKeys(4L, 8L);
    assertThat(fixture.base.diskFirst).isEqualTo(5);

    provoke(doing, step, fault, before);
    fixture.restart();

    catchUp(doing == Doing.INSTALL ? 24 : 14);
  }

  private void provoke(Doing doing, Step step, Fault fault, int before) {
    if (doing == Doing.LOAD) {
      restartWith(step, fault, before);
      return;
    }
    fixture.base.snapshots.faultOnce(step, fault, before);
    rebuildable();
    if (doing == Doing.SAVE) {
      fixture.commands(11, 12);
    } else {
      fixture.leaderHas(20).offer(20, 20);
      fixture.answerAll();
    }
    for (int i = 0; i < 4; i++) {
      rebuildable();
      fixture.advanceMs(1_000);
      if (doing == Doing.INSTALL) {
        fixture.offer(20, 20);
        fixture.answerAll();
      }
    }
    rebuildable();
  }

  /** The fault meets the member while it comes up, or loads. */
  private void restartWith(Step step, Fault fault, int before) {
    fixture.base.recover();
    fixture.base.snapshots.restart();
    fixture.ledger.newLife();
    fixture.base.snapshots.faultOnce(step, fault, before);
    fixture.start();
    rebuildable();
    fixture.base.receiver.receive("n2", new AppendEntries(1, 10, 1, 10, List.of()));
    fixture.run();
    for (int i = 0; i < 4; i++) {
      fixture.advanceMs(1_000);
      rebuildable();
    }
  }

  /** The rule itself, on what is on disk at this instant. */
  private void rebuildable() {
    long first = fixture.base.diskFirst;
    boolean snapshotFits =
        fixture.base.snapshots.list().stream()
            .map(SnapshotManifest::lastIndex)
            .anyMatch(last -> first <= last + 1 && fixture.base.snapshots.isGood(last));
    assertThat(first == 1 || snapshotFits)
        .as("log from %d, snapshots %s", first, fixture.base.snapshots.published.keySet())
        .isTrue();
  }

  /** With the leader's help everything is there again, and nothing twice. */
  private void catchUp(long index) {
    for (int i = 0; i < 4 && fixture.node.core().appliedIndex() < index; i++) {
      long last = fixture.node.core().log().lastIndex();
      if (last < 20 && index > 20) {
        fixture.leaderHas(20).offer(20, 20);
        fixture.answerAll();
      }
      last = fixture.node.core().log().lastIndex();
      if (last < index) {
        fixture.commands(last + 1, index);
      } else {
        fixture.base.receiver.receive("n2", new AppendEntries(1, last, 1, index, List.of()));
        fixture.run();
      }
      fixture.advanceMs(1_000);
    }
    assertThat(fixture.node.hasFailed()).isFalse();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(index));
    assertThat(fixture.ledger.callsWhileLoading).isEmpty();
    rebuildable();
  }

  /** Braft 461: three saves fail for want of room, and then the node does not start any more. */
  @Test
  void threeSavesOnAFullDiskAndARestartLoseNothing() {
    fixture.start();
    fixture.commands(1, 5);
    fixture.save();
    fixture.commands(6, 10);
    fixture.save();
    long firstBefore = fixture.base.diskFirst;
    for (int i = 0; i < 3; i++) {
      fixture.base.snapshots.fault(Step.values()[(i * 2 + 2) % 5], Fault.FAILS);
      fixture.commands(11 + 2 * i, 12 + 2 * i);
      assertThat(fixture.save().failed()).isTrue();
      rebuildable();
    }
    assertThat(fixture.base.diskFirst).isEqualTo(firstBefore);

    fixture.restart();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(10));
    fixture.base.receiver.receive("n2", new AppendEntries(1, 16, 1, 16, List.of()));
    fixture.run();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(16));
  }
}
