package io.vertxraft;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;

/**
 * {@link RaftCommands} for commands and replies of a user's own types. Made by {@link
 * RaftCommands#typed}; for queries of other types than commands, make another one.
 *
 * @param <C> commands, and queries
 * @param <R> replies, and answers
 */
public final class TypedCommands<C, R> {
  private final RaftCommands commands;
  private final Codec<C> commandCodec;
  private final Codec<R> replyCodec;

  TypedCommands(RaftCommands commands, Codec<C> commandCodec, Codec<R> replyCodec) {
    this.commands = Objects.requireNonNull(commands, "commands");
    this.commandCodec = Objects.requireNonNull(commandCodec, "commandCodec");
    this.replyCodec = Objects.requireNonNull(replyCodec, "replyCodec");
  }

  /**
   * Applies a command, see {@link RaftCommands#apply(Buffer)}.
   *
   * @return fails as that does, and with {@link CodecException} if the command has no bytes (then
   *     nothing was sent), if the members cannot read it (then it changed nothing), or if its reply
   *     cannot be written or read (then it is applied)
   */
  public Future<R> apply(C command) {
    Buffer encoded;
    try {
      encoded = encode(command);
    } catch (CodecException e) {
      return Future.failedFuture(e);
    }
    return commands.apply(encoded).map(this::decode);
  }

  /**
   * Asks the state machine something, see {@link RaftCommands#read}.
   *
   * @return fails as that does, and with {@link CodecException}
   */
  public Future<R> read(Consistency consistency, C query) {
    Buffer encoded;
    try {
      encoded = encode(query);
    } catch (CodecException e) {
      return Future.failedFuture(e);
    }
    return commands.read(consistency, encoded).map(this::decode);
  }

  /** Where the commands go. */
  public RaftCommands commands() {
    return commands;
  }

  /**
   * The bytes of a command.
   *
   * @throws CodecException if it has none
   */
  public Buffer encode(C command) {
    try {
      return Objects.requireNonNull(commandCodec.encode(command), "the codec gave null");
    } catch (Exception e) {
      throw new CodecException(
          "%s cannot be encoded, and was not sent: %s".formatted(nameOf(command), e), false, e);
    }
  }

  /**
   * The reply in some bytes.
   *
   * @throws CodecException if they are none, or tell of a command that the members could not read
   */
  public R decode(Buffer reply) {
    CodecException trouble = TypedReplies.troubleIn(reply);
    if (trouble != null) {
      throw trouble;
    }
    try {
      return replyCodec.decode(reply);
    } catch (Exception e) {
      throw new CodecException(
          "the command is applied, but its reply of %d bytes cannot be decoded: %s"
              .formatted(reply.length(), e),
          true,
          e);
    }
  }

  /** Never the value itself, which may be secret. */
  private static String nameOf(Object value) {
    return value == null ? "null" : "a " + value.getClass().getName();
  }
}
