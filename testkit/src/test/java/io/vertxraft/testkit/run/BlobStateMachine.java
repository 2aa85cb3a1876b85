package io.vertxraft.testkit.run;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.sim.SimLoop;
import java.util.ArrayList;
import java.util.List;

/** Keeps all it is told: its snapshots are as large as its commands together. */
final class BlobStateMachine implements StateMachine {
  private final SimLoop loop;
  private final long batchNanos;
  private Buffer content = Buffer.buffer();

  /** Applies each batch at once. */
  BlobStateMachine() {
    this(null, 0);
  }

  /** Applies each batch only after a while. */
  BlobStateMachine(SimLoop loop, long batchNanos) {
    this.loop = loop;
    this.batchNanos = batchNanos;
  }

  Buffer content() {
    return content;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    if (batchNanos == 0) {
      return Future.succeededFuture(take(batch));
    }
    Promise<List<Buffer>> applied = Promise.promise();
    loop.after(batchNanos, () -> applied.complete(take(batch)));
    return applied.future();
  }

  private List<Buffer> take(List<Command> batch) {
    List<Buffer> replies = new ArrayList<>();
    for (Command command : batch) {
      content.appendBuffer(command.payload());
      replies.add(Buffer.buffer().appendLong(content.length()));
    }
    return replies;
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return writer.write("content", content.copy());
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return reader.read("content").onSuccess(loaded -> content = loaded.copy()).mapEmpty();
  }
}
