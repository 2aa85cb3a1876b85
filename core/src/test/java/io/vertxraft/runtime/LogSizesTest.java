package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** How well the size of a part of the log is known without keeping the size of every entry. */
class LogSizesTest {
  @Test
  void aShortLogIsKnownExactly() {
    LogSizes sizes = new LogSizes(10);
    sizes.add(11, 100);
    sizes.add(12, 1);
    sizes.add(13, 50);

    assertThat(sizes.total()).isEqualTo(151);
    assertThat(sizes.firstWithin(13, 50)).isEqualTo(13);
    assertThat(sizes.firstWithin(13, 51)).isEqualTo(12);
    assertThat(sizes.firstWithin(13, 150)).isEqualTo(12);
    assertThat(sizes.firstWithin(13, 49)).as("not even the last").isEqualTo(14);
    assertThat(sizes.firstWithin(11, 100)).isEqualTo(11);
  }

  @Test
  void aStretchOfTheLogHasTheBytesOfItsEntries() {
    LogSizes sizes = new LogSizes(10);
    sizes.add(11, 100);
    sizes.add(12, 1);
    sizes.add(13, 50);
    assertThat(sizes.between(11, 13)).isEqualTo(151);
    assertThat(sizes.between(12, 13)).isEqualTo(51);
    assertThat(sizes.between(12, 12)).isEqualTo(1);
    assertThat(sizes.between(13, 12)).isZero();
  }

  @Test
  void ofWhatCameBeforeTheAverageIsAssumed() {
    LogSizes sizes = new LogSizes(100);
    sizes.add(110, 1_000);

    assertThat(sizes.firstWithin(100, 500)).isEqualTo(96);
  }

  @Test
  void withoutAnyEntrySeenNothingIsKnownAndNothingIsTooMuch() {
    assertThat(new LogSizes(100).firstWithin(100, 0)).isEqualTo(1);
  }

  @Test
  void aLongLogOfUnequalEntriesIsKnownWithinAFewPercent() {
    LogSizes sizes = new LogSizes(0);
    long[] sums = new long[1_000_001];
    long random = 42;
    long index = 0;
    while (index < 1_000_000) {
      long to = Math.min(1_000_000, index + 1 + Math.floorMod(random, 7));
      long batch = 0;
      while (index < to) {
        random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        long bytes = 20 + (random >>> 54) + (index > 500_000 ? 2_000 : 0);
        index++;
        batch += bytes;
        sums[(int) index] = sums[(int) index - 1] + bytes;
      }
      sizes.add(to, batch);
    }

    assertThat(sizes.total()).isEqualTo(sums[1_000_000]);
    for (long mib = 1; mib < 1_000; mib *= 3) {
      long first = sizes.firstWithin(1_000_000, mib * 1024 * 1024);
      assertThat(sums[1_000_000] - sums[(int) first - 1])
          .as("%d MiB", mib)
          .isCloseTo(mib * 1024 * 1024, Percentage.withPercentage(3));
    }
  }

  @Test
  void afterAJumpTheEntriesBeforeAreUnknownAgain() {
    LogSizes sizes = new LogSizes(0);
    sizes.add(10, 1_000);
    sizes.restart(500);
    sizes.add(501, 7);

    assertThat(sizes.total()).isEqualTo(1_007);
    assertThat(sizes.firstWithin(501, 70)).isEqualTo(492);
  }
}
