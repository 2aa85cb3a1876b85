package io.vertxraft.testkit.example;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.testkit.run.RaftSimulation;
import org.junit.jupiter.api.Test;

class CounterSimulationTest {
  @Test
  void countsTheSameOnEveryMemberWhateverHappens() {
    RaftSimulation.of(CounterStateMachine::new)
        .commands(random -> Buffer.buffer().appendInt((int) random.below(10)))
        .stateHash(CounterStateMachine::total) // members that applied the same are compared
        .seeds(1, 50)
        .run();
  }
}
