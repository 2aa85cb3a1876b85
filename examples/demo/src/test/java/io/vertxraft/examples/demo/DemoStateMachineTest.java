package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoStateMachineTest {
  private static final long RUN = 77;
  private final DemoStateMachine state = new DemoStateMachine(RUN);

  @Test
  void theReplyIsTheIndexOfTheWrite() {
    List<Buffer> replies = state.apply(List.of(write(RUN, 0, 5), write(RUN, 1, 7))).result();
    assertThat(replies).extracting(reply -> reply.getLong(0)).containsExactly(5L, 7L);
  }

  @Test
  void aWriteThatWasNotAppliedIsMissing() {
    state.apply(List.of(write(RUN, 0, 1), write(RUN, 2, 2)));
    IdSet promised = new IdSet();
    promised.add(0);
    promised.add(1);
    promised.add(2);
    IdSet missing = state.missing(promised);
    assertThat(missing.size()).isEqualTo(1);
    assertThat(missing.contains(1)).isTrue();
  }

  @Test
  void writesOfAnEarlierRunAreNotTakenForThisOnes() {
    state.apply(List.of(write(RUN - 1, 0, 1)));
    IdSet promised = new IdSet();
    promised.add(0);
    assertThat(state.missing(promised).size()).isEqualTo(1);
  }

  @Test
  void aWriteThatIsInTheLogTwiceIsCounted() {
    state.apply(List.of(write(RUN, 3, 1), write(RUN, 3, 2)));
    assertThat(state.appliedTwice()).isEqualTo(1);
  }

  @Test
  void whoWaitsForAnIndexHearsWhenItIsApplied() {
    Future<Void> reached = state.reached(2);
    state.apply(List.of(write(RUN, 0, 1)));
    assertThat(reached.isComplete()).isFalse();
    state.apply(List.of(write(RUN, 1, 4)));
    assertThat(reached.succeeded()).isTrue();
    assertThat(state.reached(4).succeeded()).isTrue();
  }

  @Test
  void whoWaitsForAMemberThatStopsIsToldSo() {
    Future<Void> before = state.reached(2);
    state.close();
    assertThat(before.failed()).isTrue();
    assertThat(state.reached(2).failed()).isTrue();
  }

  @Test
  void theLogOfAnotherApplicationIsRefused() {
    Command foreign = command(1, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> state.apply(List.of(foreign)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another application");
  }

  private static Command write(long runId, long id, long index) {
    return command(index, new WriteCommand(runId, id).encode(64).getBytes());
  }

  private static Command command(long index, byte[] payload) {
    return new Command(entry(index, payload));
  }

  private static LogEntry entry(long index, byte[] payload) {
    return new EntryCodec("demo").encode(index, 1, EntryType.COMMAND, payload);
  }
}
