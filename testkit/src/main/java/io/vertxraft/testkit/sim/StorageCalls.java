package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** Counts a disk's storage calls and cuts the power inside the one that was asked for. */
final class StorageCalls {
  private final SimLoop loop;
  private final WorldMark mark;
  private long callsLeft;
  private StorageCallMoment moment;
  private Runnable powerCut;

  /**
   * @param mark reached when the power is cut
   */
  StorageCalls(SimLoop loop, WorldMark mark) {
    this.loop = loop;
    this.mark = mark;
  }

  void powerCutAtCall(int n, StorageCallMoment when, Runnable cut) {
    callsLeft = n;
    moment = when;
    powerCut = cut;
  }

  void cancel() {
    callsLeft = 0;
  }

  /** Carries out a call of the current life. */
  <T> Future<T> call(Supplier<Future<T>> operation) {
    boolean due = callsLeft > 0 && --callsLeft == 0;
    if (!due) {
      return operation.get();
    }
    if (moment == StorageCallMoment.ACCEPTED) {
      // Nobody will hear of the result.
      Future<T> unused = operation.get();
    }
    loop.reached(mark);
    powerCut.run();
    return Promise.<T>promise().future();
  }
}
