package io.vertxraft;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The application's replicated state.
 *
 * <p>It must be deterministic: the same commands in the same order give the same state and the same
 * replies on every member. No clock, no random numbers, no iteration order that differs per JVM.
 *
 * <p>All calls come on one serial context, chosen by {@link RaftOptions#setStateMachineThreading},
 * one batch at a time, in log order. While a batch is being applied the next one gathers.
 */
@FunctionalInterface
public interface StateMachine {
  /**
   * Applies committed commands in order.
   *
   * <p>After a restart the commands of the log are applied again, from the one after {@link
   * #durableAppliedIndex()}.
   *
   * @param batch at least one command; indexes increase but may have gaps, because the toolkit
   *     keeps entries of its own in the log, and commands applied together share one
   * @return one reply per command, in order; the next batch waits for it. A failed future, an
   *     exception or a wrong number of replies is fatal for this member: the state can no longer be
   *     trusted. A command that the application refuses is a normal reply, not a failure; null
   *     stands for an empty one. Replies must not be modified later: those of sessions are kept
   */
  Future<List<Buffer>> apply(List<Command> batch);

  /**
   * Answers a query about the state, without changing it: how {@link RaftNode#read} reads.
   *
   * <p>Called between two batches, on the same serial context as {@link #apply}. The next batch
   * does not wait for the future: whatever the answer needs of the state is taken before the call
   * returns.
   *
   * @param query what {@code read} was given
   * @return the answer; an exception or a failed future fails the read and nothing else
   */
  default Future<Buffer> query(Buffer query) {
    return Future.failedFuture(
        new IllegalStateException(
            getClass().getName() + " answers no queries: override StateMachine.query"));
  }

  /**
   * Up to which log index the state machine has its state durably by itself. Asked once,
   * before anything is applied; the first command applied is the one after.
   *
   * <p>State and index must be made durable together: a state machine that keeps them apart applies
   * a command twice, or not at all, after a crash in between.
   *
   * @return 0, the default, for a state machine that is built anew from the log
   */
  default Future<Long> durableAppliedIndex() {
    return Future.succeededFuture(0L);
  }

  /**
   * Writes the state as it is now, so that the log up to here can go.
   *
   * <p>Called between two batches, on the same serial context as {@link #apply}. The next batch
   * does not wait for the future: whatever must not change is taken before the call returns, by a
   * copy, a copy-on-write structure or a database's own snapshot, and written while applying goes
   * on. Only one call is under way at a time, unless an earlier one was given up and has not ended
   * yet, see {@link SnapshotWriter#givenUp()}.
   *
   * <pre>{@code
   * public Future<Void> saveSnapshot(SnapshotWriter writer) {
   *   return writer.write(Json.encodeToBuffer(balances));
   * }
   * }</pre>
   *
   * @param writer takes the files
   * @return completes when everything is written; if it fails, the snapshot is dropped, and the log
   *     stays. The default says that this state machine has no snapshots: then none are asked for
   *     again, and the log grows for ever
   */
  default Future<Void> saveSnapshot(SnapshotWriter writer) {
    return Future.failedFuture(SnapshotsUnsupportedException.of(getClass(), "saveSnapshot"));
  }

  /**
   * Replaces the state by that of a snapshot: one of its own from before a restart, or one of
   * another member.
   *
   * <p>Called between two batches, on the same serial context as {@link #apply}; the next batch
   * waits for the future. A state machine that keeps its state {@linkplain #durableAppliedIndex
   * durably by itself} makes state and {@link SnapshotReader#lastIndex()} durable together.
   *
   * @param reader the verified snapshot
   * @return completes when the state is that of the snapshot; a failure is fatal for this member,
   *     for nobody knows what state it is in. So is a snapshot that turns out to be damaged while
   *     it is read, see {@link SnapshotReader}; the next start takes another one
   */
  default Future<Void> loadSnapshot(SnapshotReader reader) {
    return Future.failedFuture(SnapshotsUnsupportedException.of(getClass(), "loadSnapshot"));
  }

  /**
   * Whether the state machine is told when a session has expired or was closed, in the place in the
   * log where that takes effect, by a command with {@link Command#isSessionEnd()}: to free what a
   * client held that is gone. Asked once; must be the same on all members.
   *
   * @return false by default
   */
  default boolean wantsSessionEnds() {
    return false;
  }

  /**
   * A state machine for commands and replies of a user's own types.
   *
   * <p>A command that cannot be decoded is skipped: it changes nothing, and its caller's future
   * fails with {@link CodecException}. So a codec must be the same on every member, like the state
   * machine itself: bring all members up to date before anybody sends commands of a new kind.
   *
   * @param commandCodec for commands and queries
   * @param replyCodec for replies and answers
   * @param stateMachine the state
   */
  static <C, R> StateMachine typed(
      Codec<C> commandCodec, Codec<R> replyCodec, TypedStateMachine<C, R> stateMachine) {
    return new TypedAdapter<>(commandCodec, replyCodec, stateMachine);
  }

  /**
   * A state machine from a plain function that handles one command at a time.
   *
   * @param function gives the reply to each command; an exception is fatal for the member
   */
  static StateMachine of(Function<Command, Buffer> function) {
    return batch -> {
      List<Buffer> replies = new ArrayList<>(batch.size());
      for (Command command : batch) {
        replies.add(function.apply(command));
      }
      return Future.succeededFuture(replies);
    };
  }
}
