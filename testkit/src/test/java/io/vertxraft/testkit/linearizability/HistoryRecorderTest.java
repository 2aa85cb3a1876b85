package io.vertxraft.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.RaftException;
import io.vertxraft.testkit.linearizability.RegisterModel.Input;
import io.vertxraft.testkit.linearizability.RegisterModel.Read;
import io.vertxraft.testkit.linearizability.RegisterModel.Write;
import org.junit.jupiter.api.Test;

class HistoryRecorderTest {
  private long now;
  private final HistoryRecorder<Input<String>, Object> recorder = new HistoryRecorder<>(() -> now);

  @Test
  void anOperationIsUnknownUntilItReturns() {
    now = 10;
    var call = recorder.call(1, "k", new Read<>());
    assertThat(recorder.operations()).containsExactly(Operation.unknown(1, "k", new Read<>(), 10));

    now = 12;
    call.returned("a");
    assertThat(recorder.operations())
        .containsExactly(new Operation<>(1, "k", new Read<>(), "a", 10, 12));
  }

  @Test
  void onlyTheFirstOutcomeCounts() {
    var unknown = recorder.call(1, "k", new Write<>("a"));
    unknown.unknown();
    unknown.returned("late");
    var rejected = recorder.call(2, "k", new Write<>("b"));
    rejected.rejected();
    rejected.unknown();
    rejected.returned("late");

    assertThat(recorder.operations())
        .containsExactly(Operation.unknown(1, "k", new Write<>("a"), 0));
  }

  @Test
  void theFailureOfARequestTellsWhetherItMayHaveHadAnEffect() {
    Promise<Object> answer = Promise.promise();
    Future<Object> seen = recorder.record(1, "k", new Read<>(), answer::future);
    recorder.record(2, "k", new Write<>("r"), () -> Future.failedFuture(rejected()));
    recorder.record(3, "k", new Write<>("u"), () -> Future.failedFuture(unknown()));
    recorder.record(4, "k", new Write<>("x"), () -> Future.failedFuture("connection reset"));
    now = 5;
    answer.complete("v");

    assertThat(seen.result()).isEqualTo("v");
    assertThat(recorder.operations())
        .containsExactly(
            new Operation<>(1, "k", new Read<>(), "v", 0, 5),
            Operation.unknown(3, "k", new Write<>("u"), 0),
            Operation.unknown(4, "k", new Write<>("x"), 0));
  }

  private static RaftException rejected() {
    return new RaftException.Rejected(RaftException.Rejected.Reason.OVERLOADED, "test", null);
  }

  private static RaftException unknown() {
    return new RaftException.Unknown(RaftException.Unknown.Reason.DEADLINE, "test", null);
  }
}
