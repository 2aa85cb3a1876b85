package io.vertxraft.rx;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableTransformer;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandStream;
import io.vertxraft.CommandStreamException;
import io.vertxraft.CommandStreamOptions;
import io.vertxraft.RaftCommands;
import io.vertxraft.TypedCommands;
import java.util.Objects;
import java.util.function.Function;

/**
 * {@link CommandStream}s as RxJava operators:
 *
 * <pre>{@code
 * orders.compose(RaftFlowables.apply(node.typed(ORDER, RECEIPT))).subscribe(receipt -> ...);
 * }</pre>
 *
 * <p>Each command gives one reply, in the order of the commands. Demand goes through: no more
 * commands are requested from upstream than replies are requested by downstream, and no more than
 * the window without a reply. At most a window of commands is in memory.
 *
 * <p>When a command fails, upstream is cancelled and downstream gets {@link
 * CommandStreamException}; when upstream fails, downstream gets the replies to what came before,
 * then that failure. Cancelling sends nothing more; what has been sent takes its course.
 *
 * <p>Replies come on the Vert.x context of the subscriber if it has one, else on the node's own.
 */
public final class RaftFlowables {
  /** Commands without a reply at any time: {@value}, if not told otherwise. */
  public static final int DEFAULT_WINDOW = 256;

  private RaftFlowables() {}

  /** {@link #apply(RaftCommands, Function, int)} with the {@link #DEFAULT_WINDOW}. */
  public static <R> FlowableTransformer<Buffer, R> apply(
      RaftCommands commands, Function<Buffer, R> decoder) {
    return apply(commands, decoder, DEFAULT_WINDOW);
  }

  /**
   * Applies each item.
   *
   * @param commands where the commands go
   * @param decoder turns a reply into an item, never null; what it throws ends the flow
   * @param window how many commands may be without a reply
   */
  public static <R> FlowableTransformer<Buffer, R> apply(
      RaftCommands commands, Function<Buffer, R> decoder, int window) {
    return transformer(commands, Function.identity(), decoder, window);
  }

  /** {@link #apply(TypedCommands, int)} with the {@link #DEFAULT_WINDOW}. */
  public static <C, R> FlowableTransformer<C, R> apply(TypedCommands<C, R> commands) {
    return apply(commands, DEFAULT_WINDOW);
  }

  /**
   * Applies each item.
   *
   * @param commands where the commands go
   * @param window how many commands may be without a reply
   */
  public static <C, R> FlowableTransformer<C, R> apply(TypedCommands<C, R> commands, int window) {
    return transformer(commands.commands(), commands::encode, commands::decode, window);
  }

  private static <C, R> FlowableTransformer<C, R> transformer(
      RaftCommands commands, Function<C, Buffer> encoder, Function<Buffer, R> decoder, int window) {
    Objects.requireNonNull(commands, "commands");
    Objects.requireNonNull(decoder, "decoder");
    if (window < 1) {
      throw new IllegalArgumentException("window is %d, at least 1 is needed".formatted(window));
    }
    // The window alone is the limit: the stream must not refuse what upstream was asked for.
    CommandStreamOptions options =
        new CommandStreamOptions().setCommandsMax(window).setBytesMax(Integer.MAX_VALUE);
    return upstream ->
        Flowable.fromPublisher(
            downstream ->
                upstream.subscribe(
                    new ApplySubscriber<>(
                        commands.commandStream(options), encoder, decoder, window, downstream)));
  }
}
