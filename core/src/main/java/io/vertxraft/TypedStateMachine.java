package io.vertxraft;

import io.vertx.core.Future;

/**
 * A {@link StateMachine} for commands and replies of a user's own types, one at a time; see there
 * for what it must keep to. {@link StateMachine#typed} makes it one.
 *
 * <p>A state machine that waits for something in {@code apply}, such as a database, or that wants
 * to be told of the ends of sessions, which are no commands of the user's type, implements {@link
 * StateMachine} itself.
 *
 * @param <C> commands, and queries
 * @param <R> replies, and answers
 */
@FunctionalInterface
public interface TypedStateMachine<C, R> {
  /**
   * Applies a command.
   *
   * @param command the command, never one that could not be decoded
   * @param index its place in the log, the same on every member and higher than all before: good as
   *     a fencing token or a version
   * @return the reply; an exception is fatal for the member
   */
  R apply(C command, long index);

  /**
   * Answers a query about the state, without changing it; see {@link StateMachine#query}.
   *
   * @return the answer; an exception fails the read and nothing else
   */
  default R query(C query) {
    throw new IllegalStateException(
        getClass().getName() + " answers no queries: override TypedStateMachine.query");
  }

  /** See {@link StateMachine#durableAppliedIndex}. */
  default Future<Long> durableAppliedIndex() {
    return Future.succeededFuture(0L);
  }

  /** See {@link StateMachine#saveSnapshot}. */
  default Future<Void> saveSnapshot(SnapshotWriter writer) {
    return Future.failedFuture(SnapshotsUnsupportedException.of(getClass(), "saveSnapshot"));
  }

  /** See {@link StateMachine#loadSnapshot}. */
  default Future<Void> loadSnapshot(SnapshotReader reader) {
    return Future.failedFuture(SnapshotsUnsupportedException.of(getClass(), "loadSnapshot"));
  }
}
