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
   *     keeps entries of its own in the log
   * @return one reply per command, in order; the next batch waits for it. A failed future, an
   *     exception or a wrong number of replies is fatal for this member: the state can no longer be
   *     trusted. A command that the application refuses is a normal reply, not a failure.
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
