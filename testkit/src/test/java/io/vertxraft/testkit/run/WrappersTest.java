package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.sim.PacedStateMachine;
import io.vertxraft.testkit.sim.RecordingStateMachine;
import io.vertxraft.testkit.sim.SimLoop;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the simulator puts around an application's state machine takes no ability away from it. */
class WrappersTest {
  private static final RecordingStateMachine.Listener NOBODY =
      new RecordingStateMachine.Listener() {
        @Override
        public void applied(long index, long term, long payloadHash, long stateHash) {}

        @Override
        public void saving(long index, long term, long stateHash) {}

        @Override
        public void loaded(long index, long term, long stateHash) {}
      };

  /** Wants to hear of ended sessions, and has applied something by itself. */
  private record Ambitious(long durable) implements StateMachine {
    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Long> durableAppliedIndex() {
      return Future.succeededFuture(durable);
    }

    @Override
    public boolean wantsSessionEnds() {
      return true;
    }
  }

  private static StateMachine watched(StateMachine inside) {
    Application<StateMachine> application =
        new Application<>(() -> inside, random -> Buffer.buffer(), state -> {}, state -> 0);
    return new WatchedStateMachine<>(application, new SimLoop(1));
  }

  private static StateMachine paced(StateMachine inside) {
    return new PacedStateMachine(inside, null, new SimRandom(1, "pace"), 0, 0);
  }

  @Test
  void the_ends_of_sessions_are_wanted_through_every_wrapper() {
    StateMachine inside = new Ambitious(0);

    assertThat(watched(inside).wantsSessionEnds()).isTrue();
    assertThat(paced(inside).wantsSessionEnds()).isTrue();
    assertThat(new RecordingStateMachine(inside, NOBODY).wantsSessionEnds()).isTrue();
  }

  @Test
  void what_a_state_machine_has_applied_by_itself_is_told_through_every_wrapper() {
    StateMachine inside = new Ambitious(7);

    assertThat(paced(inside).durableAppliedIndex().result()).isEqualTo(7);
    assertThat(new RecordingStateMachine(inside, NOBODY).durableAppliedIndex().result())
        .isEqualTo(7);
  }

  @Test
  void a_new_state_machine_that_pretends_to_have_applied_something_is_found_and_told_why() {
    RaftSimulation<Ambitious> simulation =
        RaftSimulation.of(() -> new Ambitious(7))
            .commands(random -> Buffer.buffer("x"))
            .seeds(1, 1)
            .seconds(2);

    assertThatThrownBy(simulation::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("up to index 7")
        .hasMessageContaining("return 0 from durableAppliedIndex");
  }
}
