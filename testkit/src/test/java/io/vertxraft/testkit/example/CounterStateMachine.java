package io.vertxraft.testkit.example;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.StateMachine;
import java.util.ArrayList;
import java.util.List;

/** Adds up what it is sent. */
final class CounterStateMachine implements StateMachine {
  private long total;

  long total() {
    return total;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    List<Buffer> replies = new ArrayList<>();
    for (Command command : batch) {
      total += command.payload().getInt(0);
      replies.add(Buffer.buffer().appendLong(total));
    }
    return Future.succeededFuture(replies);
  }
}
