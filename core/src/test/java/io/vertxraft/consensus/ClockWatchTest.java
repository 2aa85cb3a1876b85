package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How a leader finds out how fast a follower's clock runs. */
class ClockWatchTest {
  private static final long WINDOW = 1_000;

  private final ClockWatch watch = new ClockWatch(WINDOW, 10);

  @Test
  void aClockIsTrustedOnlyAfterItWasWatchedForLongEnough() {
    watch.sample(0, 10, 5_000);
    watch.sample(500, 510, 5_500);
    assertThat(watch.isTrusted()).isFalse();

    watch.sample(1_100, 1_110, 6_100);
    assertThat(watch.isTrusted()).isTrue();
  }

  @Test
  void aClockThatRunsTooFastIsSuspectedUntilItRunsRightAgain() {
    watch.sample(0, 1, 0);
    watch.sample(1_100, 1_101, 1_300);
    assertThat(watch.isSuspect()).isTrue();
    assertThat(watch.isTrusted()).isFalse();

    watch.sample(2_200, 2_201, 2_400);
    assertThat(watch.isSuspect()).isFalse();
    assertThat(watch.isTrusted()).isTrue();
  }

  @Test
  void aClockThatRunsSlowHarmsNobodyAndIsTrusted() {
    watch.sample(0, 1, 0);
    watch.sample(1_100, 1_101, 300);
    assertThat(watch.isTrusted()).isTrue();
  }

  @Test
  void anAnswerThatTookTooLongDecidesNothingAndALaterOneDoes() {
    watch.sample(0, 1, 0);
    // 1,250 of the follower's: between 1,100 and 2,001 of ours may have passed.
    watch.sample(1_100, 2_001, 1_250);
    assertThat(watch.isTrusted()).isFalse();
    assertThat(watch.isSuspect()).isFalse();

    watch.sample(3_000, 3_001, 3_050);
    assertThat(watch.isTrusted()).isTrue();
  }

  @Test
  void theClockOfANewProcessIsWatchedAnew() {
    watch.sample(0, 1, 1_000_000);
    watch.sample(1_100, 1_101, 7);
    assertThat(watch.isTrusted()).isFalse();
    assertThat(watch.isSuspect()).isFalse();

    watch.sample(2_200, 2_201, 1_107);
    assertThat(watch.isTrusted()).isTrue();
  }
}
