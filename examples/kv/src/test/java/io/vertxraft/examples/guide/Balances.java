package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import java.util.List;

class Balances implements StateMachine {
  private JsonObject balances = new JsonObject();

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    return Future.succeededFuture(batch.stream().map(this::apply).toList());
  }

  private Buffer apply(Command command) {
    JsonObject deposit = command.payload().toJsonObject();
    String account = deposit.getString("account");
    balances.put(account, balances.getLong(account, 0L) + deposit.getLong("amount"));
    return Buffer.buffer(balances.getLong(account).toString());
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return writer.write(balances.toBuffer()); // a copy, made before this returns
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return reader
        .read()
        .map(Buffer::toJsonObject)
        .onSuccess(loaded -> balances = loaded)
        .mapEmpty();
  }
}
