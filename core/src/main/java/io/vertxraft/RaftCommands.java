package io.vertxraft;

import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.VertxGen;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Function;

/**
 * What takes commands for a Raft group and answers queries: a member, or somebody who knows the
 * members.
 *
 * <p>All methods may be called from any thread. Futures complete on the Vert.x context of the
 * caller if it has one. Commands applied from one context keep their order.
 */
@VertxGen(concrete = false)
public interface RaftCommands {
  /**
   * Replicates a command and applies it.
   *
   * <p>Succeeds when a majority holds the command durably <em>and</em> the state machine of the
   * member that was asked, or of the leader that it forwarded to, has applied it, with the state
   * machine's reply. Completes exactly once, with a {@link RaftException} otherwise: {@link
   * RaftException.Rejected} if the command is certainly not in the log, {@link
   * RaftException.Unknown} if it may be, {@link RaftException.Fatal} if the member has failed
   * (R-06).
   *
   * @param command opaque bytes; must not be modified until the future completes
   */
  Future<Buffer> apply(Buffer command);

  /**
   * {@link #apply(Buffer)}, with the reply decoded on the caller's context.
   *
   * @param decoder turns the state machine's reply into the result; if it throws, the future fails
   *     with what it threw although the command was applied
   */
  default <R> Future<R> apply(Buffer command, Function<Buffer, R> decoder) {
    return apply(command).map(decoder);
  }

  /**
   * {@link #apply(Buffer)}, within a time of its own.
   *
   * @param command opaque bytes; must not be modified until the future completes
   * @param options the time it may take
   */
  Future<Buffer> apply(Buffer command, ApplyOptions options);

  /**
   * Applies several commands together, as one entry of the log: all of them or none, with nothing
   * in between. The state machine gets each as a {@link Command} of its own, all in one batch, and
   * with the same index.
   *
   * @param commands at least one; together they may be as large as one command
   * @return the replies, in order; fails as {@link #apply(Buffer)}
   */
  Future<List<Buffer>> applyAll(List<Buffer> commands);

  /** {@link #commandStream(CommandStreamOptions)} with all defaults. */
  default CommandStream commandStream() {
    return commandStream(new CommandStreamOptions());
  }

  /**
   * A stream whose writes are commands and whose reads are their replies, with back-pressure
   * . Its handlers run on the caller's context.
   *
   * @param options how much it holds before the writer is to wait; copied
   * @throws IllegalArgumentException naming the option that is not valid
   */
  default CommandStream commandStream(CommandStreamOptions options) {
    return CommandStream.over(this, options);
  }

  /**
   * The same for commands and replies of a user's own types; see {@link StateMachine#typed}.
   *
   * @param commandCodec for commands and queries
   * @param replyCodec for replies and answers
   */
  @GenIgnore
  default <C, R> TypedCommands<C, R> typed(Codec<C> commandCodec, Codec<R> replyCodec) {
    return new TypedCommands<>(this, commandCodec, replyCodec);
  }

  /**
   * Asks the state machine something, without writing to the log.
   *
   * <p>Any member answers with its own state machine, once that holds what {@code consistency}
   * demands. Fails with {@link RaftException.Rejected}, or {@link RaftException.Fatal} if the
   * member has failed, and never leaves anything undecided: a read that failed may be tried again.
   *
   * @param consistency how fresh the answer must be
   * @param query handed to {@link StateMachine#query}; must not be modified until the future
   *     completes
   * @return the state machine's answer, or its failure
   */
  Future<Buffer> read(Consistency consistency, Buffer query);
}
