package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
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
  void aSnapshotTakesAllOfItToAnotherMember() {
    state.apply(List.of(write(RUN, 0, 1), write(RUN, 2, 2), write(RUN, 2, 3)));
    Buffer saved = saved(state);
    DemoStateMachine other = new DemoStateMachine(RUN);
    Future<Void> reached = other.reached(9);

    other.loadSnapshot(reader(saved, 9)).result();

    assertThat(reached.succeeded()).isTrue();
    IdSet promised = new IdSet();
    promised.add(0);
    promised.add(1);
    promised.add(2);
    assertThat(other.missing(promised).size()).isEqualTo(1);
    assertThat(other.appliedTwice()).isEqualTo(1);
  }

  @Test
  void aSnapshotIsNotChangedByWhatIsAppliedLater() {
    Buffer saved = saved(state);
    state.apply(List.of(write(RUN, 0, 1)));
    DemoStateMachine other = new DemoStateMachine(RUN);
    other.loadSnapshot(reader(saved, 1)).result();
    IdSet promised = new IdSet();
    promised.add(0);
    assertThat(other.missing(promised).size()).isEqualTo(1);
  }

  @Test
  void theSnapshotOfAnEarlierRunHoldsNothingOfThisOne() {
    state.apply(List.of(write(RUN, 0, 1), write(RUN, 0, 2)));
    DemoStateMachine other = new DemoStateMachine(RUN + 1);
    other.loadSnapshot(reader(saved(state), 2)).result();
    IdSet promised = new IdSet();
    promised.add(0);
    assertThat(other.missing(promised).size()).isEqualTo(1);
    assertThat(other.appliedTwice()).isZero();
    assertThat(other.reached(2).succeeded()).isTrue();
  }

  @Test
  void theLogOfAnotherApplicationIsRefused() {
    Command foreign = command(1, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> state.apply(List.of(foreign)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another application");
  }

  private static Buffer saved(DemoStateMachine machine) {
    Buffer[] saved = new Buffer[1];
    machine.saveSnapshot(
        new SnapshotWriter() {
          @Override
          public long lastIndex() {
            return 0;
          }

          @Override
          public long lastTerm() {
            return 1;
          }

          @Override
          public WriteStream<Buffer> file(String name) {
            throw new UnsupportedOperationException(name);
          }

          @Override
          public Future<Void> write(Buffer content) {
            saved[0] = content;
            return Future.succeededFuture();
          }

          @Override
          public Future<Void> givenUp() {
            return Promise.<Void>promise().future();
          }
        });
    return saved[0];
  }

  private static SnapshotReader reader(Buffer content, long lastIndex) {
    return new SnapshotReader() {
      @Override
      public long lastIndex() {
        return lastIndex;
      }

      @Override
      public long lastTerm() {
        return 1;
      }

      @Override
      public List<String> files() {
        return List.of(SnapshotWriter.STATE_FILE);
      }

      @Override
      public long bytes(String file) {
        return content.length();
      }

      @Override
      public ReadStream<Buffer> file(String name) {
        throw new UnsupportedOperationException(name);
      }

      @Override
      public Future<Buffer> read(String name) {
        return Future.succeededFuture(content);
      }
    };
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
