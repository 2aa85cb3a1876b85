package io.vertxraft;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A typed state machine as one of bytes. */
final class TypedAdapter<C, R> implements StateMachine {
  private static final Logger LOG = System.getLogger(TypedAdapter.class.getName());

  private final Codec<C> commandCodec;
  private final Codec<R> replyCodec;
  private final TypedStateMachine<C, R> stateMachine;

  TypedAdapter(Codec<C> commandCodec, Codec<R> replyCodec, TypedStateMachine<C, R> stateMachine) {
    this.commandCodec = Objects.requireNonNull(commandCodec, "commandCodec");
    this.replyCodec = Objects.requireNonNull(replyCodec, "replyCodec");
    this.stateMachine = Objects.requireNonNull(stateMachine, "stateMachine");
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    List<Buffer> replies = new ArrayList<>(batch.size());
    for (Command command : batch) {
      replies.add(apply(command));
    }
    return Future.succeededFuture(replies);
  }

  /** A command that nobody can read must not stop the group at each of its starts. */
  private Buffer apply(Command command) {
    C decoded;
    try {
      decoded = commandCodec.decode(command.payload());
    } catch (Exception e) {
      LOG.log(
          Logger.Level.WARNING,
          "the command at log index {0} cannot be decoded, and is skipped: {1}",
          command.index(),
          e);
      return TypedReplies.commandUnreadable(command.index());
    }
    R reply = stateMachine.apply(decoded, command.index());
    try {
      return Objects.requireNonNull(replyCodec.encode(reply), "the codec gave null");
    } catch (Exception e) {
      LOG.log(
          Logger.Level.WARNING,
          "the command at log index {0} is applied, but its reply cannot be encoded: {1}",
          command.index(),
          e);
      return TypedReplies.replyUnwritable(command.index());
    }
  }

  @Override
  public Future<Buffer> query(Buffer query) {
    C decoded;
    try {
      decoded = commandCodec.decode(query);
    } catch (Exception e) {
      return Future.failedFuture(
          new CodecException("the state machine cannot decode the query: " + e, false, e));
    }
    R answer = stateMachine.query(decoded);
    try {
      return Future.succeededFuture(replyCodec.encode(answer));
    } catch (Exception e) {
      return Future.failedFuture(
          new CodecException("the state machine cannot encode its answer: " + e, false, e));
    }
  }

  @Override
  public Future<Long> durableAppliedIndex() {
    return stateMachine.durableAppliedIndex();
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return stateMachine.saveSnapshot(writer);
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return stateMachine.loadSnapshot(reader);
  }
}
