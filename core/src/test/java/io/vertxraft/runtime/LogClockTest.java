package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The time by which a leader lets sessions grow older. */
class LogClockTest {
  private static final long MS = 1_000_000;

  private final LogClock clock = new LogClock();

  @Test
  void itGoesOnFromWhatTheSessionsHaveSeen() {
    clock.restart(5_000, 0);
    assertThat(clock.nowMs(5_000, 10 * MS)).isEqualTo(5_010);
  }

  /** After a restart the log of before is applied while the new leader leads already. */
  @Test
  void itGoesOnFromWhatIsAppliedLater() {
    clock.restart(0, 0);
    assertThat(clock.nowMs(90_000, 10 * MS)).isEqualTo(90_000);
    assertThat(clock.nowMs(90_000, 30 * MS)).isEqualTo(90_020);
  }

  @Test
  void itNeverGoesBack() {
    clock.restart(5_000, 0);
    assertThat(clock.nowMs(5_000, 100 * MS)).isEqualTo(5_100);
    assertThat(clock.nowMs(5_050, 100 * MS)).isEqualTo(5_100);
  }
}
