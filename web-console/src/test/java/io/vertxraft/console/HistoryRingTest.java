package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftRole;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R-46: frames of the last minutes")
class HistoryRingTest {
  private static final long PLENTY = 1_000_000;

  @Test
  void aMomentIsFoundAtItsTimeAndUntilTheNext() {
    HistoryRing ring = ring(100, 200, 300);
    assertThat(ring.at(200).timeMs()).isEqualTo(200);
    assertThat(ring.at(299).timeMs()).isEqualTo(200);
    assertThat(ring.at(9_999).timeMs()).isEqualTo(300);
    assertThat(ring.at(1).timeMs()).as("before the first is the first").isEqualTo(100);
    assertThat(ring.before(ring.at(200))).isEqualTo(100);
    assertThat(ring.after(ring.at(200))).isEqualTo(300);
    assertThat(ring.before(ring.at(100))).isNull();
    assertThat(ring.after(ring.at(300))).isNull();
  }

  @Test
  void aFrameComesBackAsItWasRecorded() {
    Picture picture = healthy(100);
    HistoryRing ring = new HistoryRing(60_000, PLENTY);
    ring.add(picture);
    assertThat(new JsonObject(ring.at(100).frame())).isEqualTo(picture.toJson());
  }

  @Test
  void whatIsOlderThanTheLimitGoes() {
    HistoryRing ring = new HistoryRing(1_000, PLENTY);
    for (long timeMs = 0; timeMs <= 5_000; timeMs += 500) {
      ring.add(healthy(timeMs));
    }
    assertThat(times(ring)).containsExactly(4_000L, 4_500L, 5_000L);
  }

  @Test
  void bytesStayWithinTheLimitAndAreGivenBack() {
    HistoryRing ring = new HistoryRing(Long.MAX_VALUE / 4, 20_000);
    for (int i = 0; i < 500; i++) {
      ring.add(healthy(i));
      assertThat(ring.bytes()).isLessThanOrEqualTo(20_000);
    }
    assertThat(times(ring)).hasSizeBetween(3, 100).endsWith(499L);
    ring.close();
    assertThat(ring.bytes()).isZero();
  }

  @Test
  void nothingIsKeptIfNothingMayBe() {
    HistoryRing noTime = new HistoryRing(0, PLENTY);
    noTime.add(healthy(1));
    HistoryRing noBytes = new HistoryRing(1_000, 0);
    noBytes.add(healthy(1));
    assertThat(noTime.at(1)).isNull();
    assertThat(noBytes.at(1)).isNull();
  }

  @Test
  void aClockThatIsSetBackTakesWhatSeemsToLieInTheFuture() {
    HistoryRing ring = ring(1_000, 2_000, 3_000);
    ring.add(healthy(1_500));
    assertThat(times(ring)).containsExactly(1_000L, 1_500L);
    assertThat(ring.bytes()).isPositive();
  }

  @Test
  void spansAreRunsOfOneHealthLeaderAndTermAndEndAtGaps() {
    HistoryRing ring = ring(100, 200);
    ring.add(leaderless(300));
    ring.add(leaderless(400));
    ring.add(healthy(500));
    ring.add(healthy(50_000));
    assertThat(HistoryRing.spans(ring.between(0, 100_000), 1_000))
        .extracting(
            span ->
                "%d-%d %s %d"
                    .formatted(
                        ((JsonObject) span).getLong("fromMs"),
                        ((JsonObject) span).getLong("toMs"),
                        ((JsonObject) span).getString("health"),
                        ((JsonObject) span).getInteger("frames")))
        .containsExactly(
            "100-200 HEALTHY 2",
            "300-400 NO_LEADER 2",
            "500-500 HEALTHY 1",
            "50000-50000 HEALTHY 1");
  }

  @Test
  void thinningKeepsTheEndsAndSpreadsTheRest() {
    HistoryRing ring = ring(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    List<HistoryRing.Moment> all = ring.between(0, 100);
    assertThat(HistoryRing.thinned(all, 3))
        .extracting(HistoryRing.Moment::timeMs)
        .containsExactly(0L, 5L, 10L);
    assertThat(HistoryRing.thinned(all, 1))
        .extracting(HistoryRing.Moment::timeMs)
        .containsExactly(10L);
    assertThat(HistoryRing.thinned(all, 11)).isEqualTo(all);
    assertThat(ring.between(5, 4)).isEmpty();
  }

  private static HistoryRing ring(long... timesMs) {
    HistoryRing ring = new HistoryRing(60_000, PLENTY);
    for (long timeMs : timesMs) {
      ring.add(healthy(timeMs));
    }
    return ring;
  }

  private static List<Long> times(HistoryRing ring) {
    return ring.between(0, Long.MAX_VALUE).stream().map(HistoryRing.Moment::timeMs).toList();
  }

  private static Picture healthy(long timeMs) {
    return picture(
        Views.of(
            Reports.follower("n1", "n2", 7),
            Reports.leader("n2", 7),
            Reports.follower("n3", "n2", 7)),
        timeMs);
  }

  private static Picture leaderless(long timeMs) {
    return picture(
        Views.of(
            Reports.lost("n1", RaftRole.FOLLOWER, 8),
            Reports.lost("n2", RaftRole.FOLLOWER, 8),
            Reports.lost("n3", RaftRole.FOLLOWER, 8)),
        timeMs);
  }

  private static Picture picture(Views views, long timeMs) {
    ClusterView view = views.at(timeMs).view();
    return new Picture(view, Explain.of(view));
  }
}
