package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import java.util.List;

class StoredBalances implements StateMachine {
  private final Vertx vertx;
  private final Database database; // writes a batch and its last index together

  StoredBalances(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.database = database;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    return database.write(batch, batch.get(batch.size() - 1).index());
  }

  @Override
  public Future<Long> durableAppliedIndex() {
    return database.lastIndex();
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    String checkpoint = database.checkpoint(); // hard links to files that never change
    Future<Void> saved = Future.succeededFuture();
    for (String name : vertx.fileSystem().readDirBlocking(checkpoint)) {
      String file = name.substring(name.lastIndexOf('/') + 1);
      saved =
          saved
              .compose(done -> vertx.fileSystem().open(name, new OpenOptions().setWrite(false)))
              .compose(open -> open.pipeTo(writer.file(file)));
    }
    return saved.eventually(() -> vertx.fileSystem().deleteRecursive(checkpoint));
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    String incoming = database.emptyDirectory();
    Future<Void> loaded = Future.succeededFuture();
    for (String file : reader.files()) {
      loaded =
          loaded
              .compose(done -> vertx.fileSystem().open(incoming + "/" + file, new OpenOptions()))
              .compose(open -> reader.file(file).pipeTo(open));
    }
    return loaded.compose(done -> database.replaceBy(incoming, reader.lastIndex()));
  }
}
