package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the simulator tells people about their own state machines. */
class RaftSimulationTest {
  /** A sum that goes wrong in the way a test wants. */
  private static class Sum implements StateMachine {
    long total;

    long reply() {
      return total;
    }

    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      List<Buffer> replies = new ArrayList<>();
      for (Command command : batch) {
        total += command.payload().getInt(0);
        replies.add(Buffer.buffer().appendLong(reply()));
      }
      return Future.succeededFuture(replies);
    }
  }

  private static <S extends Sum> RaftSimulation<S> simulate(java.util.function.Supplier<S> sums) {
    return RaftSimulation.of(sums)
        .commands(random -> Buffer.buffer().appendInt((int) random.between(1, 9)))
        .seeds(1, 20)
        .seconds(5);
  }

  @Test
  void aStateMachineThatIsAFunctionOfTheLogPasses() {
    SimulationBatch.Summary summary = simulate(Sum::new).stateHash(sum -> sum.total).run();

    assertThat(summary.seeds()).isEqualTo(20);
    assertThat(summary.applied()).isPositive();
  }

  @Test
  void repliesThatDependOnTheMemberAreFound() {
    AtomicLong lives = new AtomicLong();

    assertThatThrownBy(
            () ->
                simulate(
                        () ->
                            new Sum() {
                              private final long life = lives.incrementAndGet();

                              @Override
                              long reply() {
                                return life;
                              }
                            })
                    .run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("I6")
        .hasMessageContaining("another state than its peers");
  }

  @Test
  void statesThatDifferBehindEqualRepliesAreFound() {
    AtomicLong lives = new AtomicLong();

    assertThatThrownBy(() -> simulate(Sum::new).stateHash(sum -> lives.incrementAndGet()).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("I15")
        .hasMessageContaining("different states");
  }

  @Test
  void aBrokenInvariantIsReportedWithItsOwnWords() {
    assertThatThrownBy(
            () ->
                simulate(Sum::new)
                    .invariant(sum -> assertThat(sum.total).as("total").isLessThan(50))
                    .run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("INVARIANT")
        .hasMessageContaining("total");
  }

  @Test
  void aStateMachineThatThrowsIsReported() {
    assertThatThrownBy(
            () ->
                simulate(
                        () ->
                            new Sum() {
                              @Override
                              public Future<List<Buffer>> apply(List<Command> batch) {
                                throw new IllegalStateException("out of paper");
                              }
                            })
                    .run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("out of paper");
  }

  @Test
  void whoForgetsTheCommandsIsTold() {
    assertThatThrownBy(() -> RaftSimulation.of(Sum::new).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("commands(...)");
  }
}
