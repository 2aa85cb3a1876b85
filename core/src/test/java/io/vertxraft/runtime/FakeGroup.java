package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.ApplyOptions;
import io.vertxraft.Consistency;
import io.vertxraft.RaftCommands;
import io.vertxraft.RaftException.Rejected;
import java.util.ArrayList;
import java.util.List;

/** Takes commands and answers them when, and in the order in which, the test wants. */
final class FakeGroup implements RaftCommands {
  /** What was taken, in order. */
  final List<String> commands = new ArrayList<>();

  final List<Promise<Buffer>> answers = new ArrayList<>();

  /** If true, commands are answered at once with themselves, in capitals. */
  boolean answersAtOnce;

  /** How many more commands there is room for. */
  int room = Integer.MAX_VALUE;

  /** What a command that finds no room does before it is refused. */
  Runnable onOverload = () -> {};

  @Override
  public Future<Buffer> apply(Buffer command) {
    if (room == 0) {
      Rejected overloaded = new Rejected(Rejected.Reason.OVERLOADED, "no room", null);
      onOverload.run();
      return Future.failedFuture(overloaded);
    }
    room--;
    commands.add(command.toString());
    Promise<Buffer> answer = Promise.promise();
    answers.add(answer);
    if (answersAtOnce) {
      answer(commands.size() - 1);
    }
    return answer.future();
  }

  /** Answers the command that was taken as number {@code index}, from 0. */
  void answer(int index) {
    answers
        .get(index)
        .complete(Buffer.buffer(commands.get(index).toUpperCase(java.util.Locale.ROOT)));
  }

  void answerAll() {
    for (int i = 0; i < answers.size(); i++) {
      if (!answers.get(i).future().isComplete()) {
        answer(i);
      }
    }
  }

  @Override
  public Future<Buffer> read(Consistency consistency, Buffer query) {
    return Future.succeededFuture(query);
  }

  @Override
  public Future<Buffer> apply(Buffer command, ApplyOptions options) {
    return apply(command);
  }

  @Override
  public Future<List<Buffer>> applyAll(List<Buffer> commands) {
    throw new UnsupportedOperationException("not scripted");
  }
}
