package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.LatencyStatus;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R-44: how long the batches of the last seconds took")
class LatencyMeterTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private final LatencyMeter meter = new LatencyMeter();

  private void add(long micros, long now) {
    meter.add(TimeUnit.MICROSECONDS.toNanos(micros), now);
  }

  @Test
  void nothingIsToldWhereNothingWasMeasured() {
    assertThat(meter.describe(5)).isNull();
  }

  @Test
  void percentilesAreExactToAnEighthAndNeverBelowTheTruth() {
    for (int micros = 1; micros <= 1_000; micros++) {
      add(micros, 0);
    }
    LatencyStatus told = meter.describe(1);
    assertThat(told.getCount()).isEqualTo(1_000);
    assertThat(told.getP50Micros()).isBetween(500L, 563L);
    assertThat(told.getP90Micros()).isBetween(900L, 1_000L);
    assertThat(told.getP99Micros()).isBetween(990L, 1_000L);
    assertThat(told.getMaxMicros()).isEqualTo(1_000);
    assertThat(told.getLastMicros()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 1_000, 123_456, 67_000_000, 4_000_000_000L})
  void oneDurationIsToldAsItIs(long micros) {
    add(micros, 0);
    LatencyStatus told = meter.describe(0);
    assertThat(told.getMaxMicros()).isEqualTo(micros);
    assertThat(told.getP50Micros()).isBetween(Math.min(micros, 1L << 31) * 7 / 8, micros);
    assertThat(told.getP99Micros()).isLessThanOrEqualTo(micros);
  }

  @Test
  void whatWasLongAgoIsForgottenThoughNothingElseHappens() {
    long start = 7 * SECOND;
    add(100, start);
    add(200, start + 9 * SECOND);
    assertThat(meter.describe(start + 9 * SECOND).getCount()).isEqualTo(2);
    add(300, start + 11 * SECOND);
    assertThat(meter.describe(start + 11 * SECOND).getCount()).isEqualTo(3);
    assertThat(meter.describe(start + 22 * SECOND).getCount()).isEqualTo(1);
    assertThat(meter.describe(start + 22 * SECOND).getMaxMicros()).isEqualTo(300);
    assertThat(meter.describe(start + 50 * SECOND)).isNull();
  }
}
