package io.vertxraft.peer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The arithmetic of a limit. */
class TokenBucketTest {
  private static final long START = Long.MAX_VALUE - MILLISECONDS.toNanos(300);

  /** A byte takes a millisecond; 250 are saved up. The clock overflows on the way. */
  private final TokenBucket bucket = new TokenBucket(1_000, START);

  @Test
  void whatAQuietTimeHasSavedUpGoesAtOnceAndOneMessageMore() {
    assertThat(take(200, 0)).isZero();
    assertThat(take(50, 0)).isZero();
    assertThat(take(1, 0)).as("the one more").isZero();
    assertThat(take(10, 0)).isEqualTo(1);
    assertThat(take(10, 0)).isEqualTo(11);
  }

  @Test
  void aMessageLargerThanAllThatCanBeSavedUpGoesTooAndThoseAfterItPay() {
    assertThat(take(10_000, 0)).isZero();
    assertThat(take(1, 0)).isEqualTo(9_750);
    assertThat(take(1, 9_000)).isEqualTo(751);
  }

  @Test
  void timePaysWhatIsOwed() {
    take(350, 0);
    assertThat(take(10, 60)).isEqualTo(40);
    assertThat(take(10, 110)).isZero();
  }

  @Test
  void noMoreIsSavedUpHoweverLongNobodySends() {
    take(250, 0);
    assertThat(take(250, 1_000_000)).isZero();
    assertThat(take(1, 1_000_000)).isZero();
    assertThat(take(1, 1_000_000)).isEqualTo(1);
  }

  @Test
  void whatIsReturnedIsThereForOthers() {
    take(250, 0);
    take(400, 0);
    assertThat(take(10, 0)).isEqualTo(400);
    bucket.giveBack(400);
    assertThat(take(10, 0)).isEqualTo(10);
  }

  @Test
  void aFractionOfANanosecondIsRoundedUpAndTheLargestMessagesDoNotOverflow() {
    TokenBucket fast = new TokenBucket(1_000_000_000_000L, 0);
    for (int i = 0; i < 125; i++) {
      assertThat(fast.take(2_000_000_000, 0)).isZero();
    }
    assertThat(fast.take(1, 0)).isZero();
    assertThat(fast.take(1, 0)).isEqualTo(1);
    TokenBucket slow = new TokenBucket(1, 0);
    slow.take(Integer.MAX_VALUE, 0);
    assertThat(slow.take(1, 0))
        .isEqualTo(TimeUnit.SECONDS.toNanos(Integer.MAX_VALUE) - TokenBucket.CREDIT_NANOS_MAX);
  }

  @Test
  void neverMoreThanTheRateTheSavingsAndOneMessage() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      TokenBucket limited = new TokenBucket(1_000_000, 0);
      long now = 0;
      long largest = 0;
      long sent = 0;
      for (int i = 0; i < 2_000; i++) {
        long bytes = 1 + random.nextInt(50_000);
        now += limited.take(bytes, now);
        largest = Math.max(largest, bytes);
        sent += bytes;
        assertThat(sent)
            .as("seed %d, message %d, at %d ns", seed, i, now)
            .isLessThanOrEqualTo(now / 1_000 + 250_000 + largest);
        now += random.nextInt(60_000) * 1_000L;
      }
    }
  }

  /** In milliseconds, as those after the start. */
  private long take(long bytes, long atMs) {
    long nanos = bucket.take(bytes, START + MILLISECONDS.toNanos(atMs));
    assertThat(nanos % MILLISECONDS.toNanos(1)).isZero();
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
