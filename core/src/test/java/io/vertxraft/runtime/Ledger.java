package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Keeps all commands, and says when it was called while it loaded: nobody may look at a state that
 * is half there.
 */
final class Ledger implements StateMachine {
  final List<String> commands = new ArrayList<>();

  /** What it was asked to do, in order. */
  final List<String> calls = new ArrayList<>();

  /** Calls that came while it loaded a snapshot. */
  final List<String> callsWhileLoading = new ArrayList<>();

  Function<SnapshotWriter, Future<Void>> saving = this::write;
  Function<SnapshotReader, Future<Void>> loading = this::read;
  long durableIndex;

  /** If set, the next batch waits for it. */
  Promise<Void> heldBatch;

  private boolean isLoading;

  /** The process has started again, and knows nothing. */
  void newLife() {
    commands.clear();
    calls.clear();
    isLoading = false;
  }

  private void called(String call) {
    calls.add(call);
    if (isLoading) {
      callsWhileLoading.add(call);
    }
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    called("apply " + batch.get(0).index() + ".." + batch.get(batch.size() - 1).index());
    Promise<Void> hold = heldBatch;
    heldBatch = null;
    return (hold == null ? Future.<Void>succeededFuture() : hold.future())
        .map(
            ignored -> {
              List<Buffer> replies = new ArrayList<>();
              for (Command command : batch) {
                commands.add(command.payload().toString());
                replies.add(command.payload());
              }
              return replies;
            });
  }

  @Override
  public Future<Buffer> query(Buffer query) {
    called("query");
    return Future.succeededFuture(state());
  }

  @Override
  public Future<Long> durableAppliedIndex() {
    return Future.succeededFuture(durableIndex);
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    called("save " + writer.lastIndex());
    return saving.apply(writer);
  }

  Future<Void> write(SnapshotWriter writer) {
    return writer.write(state());
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    called("load " + reader.lastIndex());
    isLoading = true;
    Future<Void> loaded = loading.apply(reader);
    return loaded == null ? null : loaded.onComplete(done -> isLoading = false);
  }

  Future<Void> read(SnapshotReader reader) {
    return reader
        .read()
        .map(
            content -> {
              commands.clear();
              if (content.length() > 0) {
                commands.addAll(List.of(content.toString().split(",")));
              }
              return null;
            });
  }

  Buffer state() {
    return Buffer.buffer(String.join(",", commands));
  }

  /** The state after the commands 1 to {@code index}, as every member has it. */
  static Buffer stateAt(long index) {
    List<String> all = new ArrayList<>();
    for (long i = 1; i <= index; i++) {
      all.add("c" + i);
    }
    return Buffer.buffer(String.join(",", all));
  }
}
