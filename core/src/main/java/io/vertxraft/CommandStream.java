package io.vertxraft;

import io.vertx.codegen.annotations.Fluent;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.VertxGen;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.runtime.CommandPipe;

/**
 * Commands in, replies out, with back-pressure all the way: what is written is {@linkplain
 * RaftCommands#apply applied}, what is read are the replies, in the order of the writes.
 *
 * <p><b>How much it holds.</b> A command counts, with its bytes, from {@link #write} until its
 * reply has been read; once there is a reply, the reply's bytes count instead. {@link
 * #writeQueueFull()} is true while that reaches one of the limits of {@link CommandStreamOptions},
 * and the {@link #drainHandler} is called when it has fallen to half of both. So a reader that
 * {@linkplain #pause() pauses} slows the writer down. A write that finds twice a limit is refused:
 * its future fails with {@link RaftException.Rejected} for {@code OVERLOADED}, it is no part of the
 * stream, and the stream goes on. A reader must be there: replies are kept until a {@link #handler}
 * takes them.
 *
 * <p><b>When the group is busy.</b> A command that the member has no room for, because others use
 * up its budget, is not sent, nor is anything after it, until there is room. The writer notices
 * only that the queue stays full.
 *
 * <p><b>When a command fails.</b> Any other failure ends the stream: nothing more is sent, the
 * replies to what was written before the command are delivered, then the {@link #exceptionHandler}
 * gets a {@link CommandStreamException} with the command's number and what was applied. Every later
 * write fails with the like. Commands that had been sent already when the failure became known take
 * their course; the future of each write tells which.
 *
 * <p><b>Threads.</b> Handlers run on the context of the caller who made the stream, and so do the
 * futures of {@link #write} and {@link #end()}. All methods may be called from any thread; writes
 * of one thread keep their order.
 */
@VertxGen
public interface CommandStream extends WriteStream<Buffer>, ReadStream<Buffer> {
  /**
   * A stream to anything that takes commands. Prefer {@link RaftCommands#commandStream}: a member
   * says when it has room again, whereas this stream asks every 10 ms.
   *
   * @param commands where the commands go; must keep the order of calls from one context
   * @param options how much the stream holds; copied
   * @throws IllegalStateException if not called on a Vert.x context
   * @throws IllegalArgumentException naming the option that is not valid
   */
  static CommandStream over(RaftCommands commands, CommandStreamOptions options) {
    return CommandPipe.over(commands, options);
  }

  /**
   * Applies a command after all that were written before.
   *
   * @param command opaque bytes; must not be modified until the future completes
   * @return succeeds when the command is applied, whether its reply has been read or not; fails
   *     with a {@link RaftException}, with {@link CommandStreamException} if an earlier one failed,
   *     or with {@link IllegalStateException} after {@link #end()} or {@link #close()}
   */
  @Override
  Future<Void> write(Buffer command);

  /**
   * Takes no more commands.
   *
   * @return completes when every command is applied and every reply has been read, and after the
   *     {@link #endHandler}; fails if the stream does
   */
  @Override
  Future<Void> end();

  /**
   * Gives the stream up: what has not been sent is not sent any more, and no handler is called
   * again. What has been sent takes its course. Does nothing if the stream is over.
   */
  void close();

  /**
   * Whether the writer is to wait for the {@link #drainHandler}. Never true once a command failed.
   */
  @Override
  boolean writeQueueFull();

  /** Sets {@link CommandStreamOptions#getBytesMax()} of this stream. */
  @Override
  @Fluent
  CommandStream setWriteQueueMaxSize(int bytesMax);

  /**
   * Sets who is told that there is room again, or that the stream has failed, so that nobody waits
   * for ever. Told at once if there is room.
   */
  @Override
  @Fluent
  CommandStream drainHandler(@Nullable Handler<Void> handler);

  /** Sets who is told why the stream failed; called at most once, and nothing after it. */
  @Override
  @Fluent
  CommandStream exceptionHandler(@Nullable Handler<Throwable> handler);

  /** Sets who takes the replies. What it throws goes to its context; the stream goes on. */
  @Override
  @Fluent
  CommandStream handler(@Nullable Handler<Buffer> handler);

  @Override
  @Fluent
  CommandStream pause();

  @Override
  @Fluent
  CommandStream resume();

  @Override
  @Fluent
  CommandStream fetch(long amount);

  /** Sets who is told when the last reply has been read, after {@link #end()}. */
  @Override
  @Fluent
  CommandStream endHandler(@Nullable Handler<Void> handler);
}
