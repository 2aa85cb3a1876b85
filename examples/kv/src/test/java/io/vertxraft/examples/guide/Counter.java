package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import java.util.List;

class Counter implements StateMachine {
  private long count;

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    return Future.succeededFuture(batch.stream().map(this::add).toList());
  }

  private Buffer add(Command command) {
    count += command.payload().getInt(0);
    return Buffer.buffer().appendLong(count);
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return writer.write(Buffer.buffer().appendLong(count)); // taken between two commands
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return reader.read().onSuccess(state -> count = state.getLong(0)).mapEmpty();
  }
}
