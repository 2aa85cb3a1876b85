package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private static final int THREADS = 4;
  private static final int CALLS = 5_000;

  private final Intake<Call> intake = new Intake<>();

  /** The {@code number}th call of a thread. */
  private static final class Call extends PendingCall {
    private final int thread;
    private final int number;

    Call(int thread, int number) {
      super(Runnable::run, 0);
      this.thread = thread;
      this.number = number;
    }
  }

  @Test
  void callsAreTakenInTheOrderInWhichTheyCame() {
    for (int number = 0; number < 5; number++) {
      intake.add(new Call(0, number));
    }

    assertThat(intake.takeAll()).extracting(call -> call.number).containsExactly(0, 1, 2, 3, 4);
    assertThat(intake.takeAll()).isEmpty();
  }

  @Test
  void onlyTheFirstSinceTheLastTakingAsksForTheNext() {
    assertThat(intake.add(new Call(0, 0))).isTrue();
    assertThat(intake.add(new Call(0, 1))).isFalse();

    intake.takeAll();

    assertThat(intake.add(new Call(0, 2))).isTrue();
  }

  @Test
  void aCallThatWasTakenKeepsNoneOfTheOthersInMemory() {
    intake.add(new Call(0, 0));
    intake.add(new Call(0, 1));

    assertThat(intake.takeAll()).allMatch(call -> call.before == null);
  }

  @Test
  void lookingTakesNothing() {
    intake.add(new Call(0, 7));
    List<Call> seen = new ArrayList<>();

    intake.forEach(seen::add);

    assertThat(seen).hasSize(1);
    assertThat(intake.takeAll()).isEqualTo(seen);
  }

  @Test
  void callsOfManyThreadsAllArriveAndThoseOfEachInItsOrder() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      new Thread(
              () -> {
                for (int number = 0; number < CALLS; number++) {
                  intake.add(new Call(thread, number));
                }
                ended.countDown();
              })
          .start();
    }

    int[] next = new int[THREADS];
    int taken = 0;
    while (taken < THREADS * CALLS) {
      for (Call call : intake.takeAll()) {
        assertThat(call.number).isEqualTo(next[call.thread]++);
        taken++;
      }
    }

    ended.await();
    assertThat(intake.takeAll()).isEmpty();
  }
}
