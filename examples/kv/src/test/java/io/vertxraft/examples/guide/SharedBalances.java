package io.vertxraft.examples.guide;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.pcollections.TreePMap;

class SharedBalances implements StateMachine {
  private TreePMap<String, Long> balances = TreePMap.empty(); // each change gives a new map

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    return Future.succeededFuture(batch.stream().map(this::apply).toList());
  }

  private Buffer apply(Command command) {
    JsonObject deposit = command.payload().toJsonObject();
    String account = deposit.getString("account");
    long balance = balances.getOrDefault(account, 0L) + deposit.getLong("amount");
    balances = balances.plus(account, balance);
    return Buffer.buffer(Long.toString(balance));
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    Promise<Void> saved = Promise.promise();
    writer.givenUp().onFailure(saved::tryFail);
    write(balances.entrySet().iterator(), writer.file("balances"), saved);
    return saved.future();
  }

  private void write(
      Iterator<Map.Entry<String, Long>> rest, WriteStream<Buffer> file, Promise<Void> saved) {
    Buffer lines = Buffer.buffer();
    for (int i = 0; i < 500 && rest.hasNext(); i++) { // little, so that others have their turn
      Map.Entry<String, Long> entry = rest.next();
      lines.appendString(entry.getValue() + " " + entry.getKey() + "\n");
    }
    Context context = Vertx.currentContext();
    if (saved.future().isComplete()) {
      return; // given up, or the disk is full
    } else if (!rest.hasNext()) {
      file.end(lines).onComplete(saved::tryComplete, saved::tryFail);
    } else {
      file.write(lines).onFailure(saved::tryFail);
      if (file.writeQueueFull()) {
        file.drainHandler(drained -> write(rest, file, saved));
      } else {
        context.runOnContext(turn -> write(rest, file, saved));
      }
    }
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    Promise<Void> loaded = Promise.promise();
    balances = TreePMap.empty();
    RecordParser.newDelimited("\n", reader.file("balances"))
        .exceptionHandler(loaded::tryFail)
        .endHandler(end -> loaded.tryComplete())
        .handler(this::readLine);
    return loaded.future();
  }

  private void readLine(Buffer line) {
    String[] words = line.toString().split(" ", 2);
    balances = balances.plus(words[1], Long.valueOf(words[0]));
  }
}
