package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Codec;
import io.vertxraft.CodecException;
import io.vertxraft.Consistency;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.TypedCommands;
import io.vertxraft.TypedStateMachine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of commands and replies that are objects, and of those that cannot be read. */
class TypedCommandsTest {
  private static final Codec<Integer> DIGITS =
      Codec.of(
          value -> {
            if (value < 0) {
              throw new IllegalArgumentException("negative");
            }
            return Buffer.buffer(Integer.toString(value));
          },
          bytes -> Integer.parseInt(bytes.toString()));

  /** A counter that knows the index of its last change. */
  private static final class Counter implements TypedStateMachine<Integer, Integer> {
    int total;
    final List<Long> indexes = new ArrayList<>();

    @Override
    public Integer apply(Integer amount, long index) {
      total += amount;
      indexes.add(index);
      return total;
    }

    @Override
    public Integer query(Integer factor) {
      return factor * total;
    }

    @Override
    public Future<Void> saveSnapshot(SnapshotWriter writer) {
      return writer.write(Buffer.buffer().appendInt(total));
    }

    @Override
    public Future<Void> loadSnapshot(SnapshotReader reader) {
      return reader.read().onSuccess(state -> total = state.getInt(0)).mapEmpty();
    }
  }

  private final SnapshotFixture fixture = new SnapshotFixture();
  private final Counter counter = new Counter();
  private TypedCommands<Integer, Integer> commands;

  private TypedCommands<Integer, Integer> lead(StateMachine stateMachine) {
    fixture.base.stateMachine = stateMachine;
    fixture.lead();
    commands = fixture.node.typed(DIGITS, DIGITS);
    return commands;
  }

  private Future<Integer> apply(int amount) {
    Future<Integer> reply = commands.apply(amount);
    fixture.run();
    return reply;
  }

  @Test
  void commandsAndRepliesAreObjects() {
    lead(StateMachine.typed(DIGITS, DIGITS, counter));

    assertThat(apply(40).result()).isEqualTo(40);
    assertThat(apply(2).result()).isEqualTo(42);
    assertThat(counter.indexes).containsExactly(2L, 3L);

    Future<Integer> answer = commands.read(Consistency.LINEARIZABLE, 10);
    fixture.run();
    assertThat(answer.result()).isEqualTo(420);
  }

  @Test
  void snapshotsGoThrough() {
    lead(StateMachine.typed(DIGITS, DIGITS, counter));
    apply(42);
    SnapshotResult saved = fixture.save().result();
    assertThat(saved.getBytes()).isEqualTo(4);

    Counter again = new Counter();
    fixture.base.stateMachine = StateMachine.typed(DIGITS, DIGITS, again);
    fixture.restart();
    fixture.advanceMs(5_000);

    assertThat(again.total).isEqualTo(42);
    assertThat(again.indexes).isEmpty();
  }

  @Test
  void aCommandWithoutBytesIsNotSent() {
    lead(StateMachine.typed(DIGITS, DIGITS, counter));

    Future<Integer> refused = commands.apply(-1);

    assertThat(refused.cause())
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("java.lang.Integer cannot be encoded, and was not sent")
        .hasMessageContaining("negative");
    assertThat(fixture.node.proposalsInFlight()).isZero();
    assertThat(commands.read(Consistency.LOCAL, -1).cause()).isInstanceOf(CodecException.class);
  }

  /** Otherwise it would stop the group at each of its starts. */
  @Test
  void aCommandThatTheMembersCannotReadIsSkippedAndItsCallerTold() {
    lead(StateMachine.typed(DIGITS, DIGITS, counter));
    TypedCommands<String, Integer> foreign = fixture.node.typed(Codec.string(), DIGITS);
    Future<Integer> unreadable = foreign.apply("many");
    fixture.run();

    assertThat(unreadable.cause())
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("cannot decode the command at log index 2, and skipped it");
    assertThat(((CodecException) unreadable.cause()).isApplied()).isFalse();
    assertThat(apply(3).result()).isEqualTo(3);
    assertThat(fixture.node.hasFailed()).isFalse();
  }

  @Test
  void aCommandWhoseReplyHasNoBytesIsApplied() {
    lead(StateMachine.typed(DIGITS, DIGITS, (amount, index) -> -amount));
    Future<Integer> reply = apply(3);

    assertThat(reply.cause()).hasMessageContaining("is applied, but the members cannot encode");
    assertThat(((CodecException) reply.cause()).isApplied()).isTrue();
    assertThat(fixture.node.hasFailed()).isFalse();
  }

  @Test
  void aReplyThatTheCallerCannotReadIsOneOfAnAppliedCommand() {
    lead(StateMachine.of(command -> Buffer.buffer("much")));
    Future<Integer> reply = apply(3);

    assertThat(reply.cause())
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("its reply of 4 bytes cannot be decoded");
    assertThat(((CodecException) reply.cause()).isApplied()).isTrue();
  }

  @Test
  void aQueryThatCannotBeReadOrAnsweredFailsAloneAndALambdaAnswersNone() {
    lead(StateMachine.typed(DIGITS, DIGITS, (amount, index) -> amount));
    Future<Buffer> unreadable =
        fixture.node.read(Consistency.LINEARIZABLE, Buffer.buffer("what is it"));
    Future<Integer> unanswered = commands.read(Consistency.LINEARIZABLE, 1);
    fixture.run();

    assertThat(unreadable.cause()).hasMessageContaining("cannot decode the query");
    assertThat(unanswered.cause()).hasMessageContaining("override TypedStateMachine.query");
    assertThat(apply(3).result()).isEqualTo(3);
  }
}
