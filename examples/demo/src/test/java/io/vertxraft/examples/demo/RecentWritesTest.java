package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RecentWritesTest {
  private static final long MS = 1_000_000;

  private final RecentWrites recent = new RecentWrites(0);

  @Test
  void nothingIsKnownBeforeTheFirstWrites() {
    assertThat(recent.perSecond()).isZero();
    assertThat(recent.percentileMicros(50)).isZero();
  }

  @Test
  void theRateFollowsTheNewestWritesHoweverUnevenlyTheClockTicks() {
    recent.add(writes(100, 2_000), 200 * MS);
    assertThat(recent.perSecond()).isEqualTo(500);

    recent.add(writes(0, 0), 2_000 * MS);
    assertThat(recent.perSecond()).as("a silent window").isZero();

    recent.add(writes(25, 8_000), 2_050 * MS);
    assertThat(recent.perSecond()).as("the first writes after it").isEqualTo(500);
    assertThat(recent.percentileMicros(50)).isBetween(7_900L, 8_100L);
  }

  @Test
  void partsOfASecondAreTakenTogether() {
    for (int quarter = 1; quarter <= 8; quarter++) {
      recent.add(writes(quarter, 1_000), quarter * 250 * MS);
    }
    assertThat(recent.perSecond()).isEqualTo(5 + 6 + 7 + 8);
  }

  private static Histogram writes(int count, long micros) {
    Histogram histogram = new Histogram(60_000_000L, 2);
    for (int i = 0; i < count; i++) {
      histogram.recordValue(micros);
    }
    return histogram;
  }
}
