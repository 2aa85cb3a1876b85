package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Stands for a database with checkpoints: its data and the last index in one file. */
class Database {
  private static final String LAST_INDEX = " last index";

  private final Path directory;
  private JsonObject data = new JsonObject();
  private int replaced;

  Database(Path directory) {
    this.directory = directory;
    if (Files.exists(directory.resolve("data"))) {
      data = blocking(() -> new JsonObject(Files.readString(directory.resolve("data"))));
    }
  }

  int replaced() {
    return replaced;
  }

  Future<List<Buffer>> write(List<Command> batch, long index) {
    List<Buffer> replies = new ArrayList<>();
    for (Command command : batch) {
      JsonObject deposit = command.payload().toJsonObject();
      String account = deposit.getString("account");
      data.put(account, data.getLong(account, 0L) + deposit.getLong("amount"));
      replies.add(Buffer.buffer(data.getLong(account).toString()));
    }
    data.put(LAST_INDEX, index);
    blocking(() -> Files.writeString(directory.resolve("data"), data.encode()));
    return Future.succeededFuture(replies);
  }

  Future<Long> lastIndex() {
    return Future.succeededFuture(data.getLong(LAST_INDEX, 0L));
  }

  String checkpoint() {
    return blocking(
        () -> {
          Path checkpoint = Files.createTempDirectory(directory, "checkpoint");
          if (Files.exists(directory.resolve("data"))) {
            Files.copy(directory.resolve("data"), checkpoint.resolve("data"));
          }
          return checkpoint.toString();
        });
  }

  String emptyDirectory() {
    return blocking(() -> Files.createTempDirectory(directory, "incoming").toString());
  }

  Future<Void> replaceBy(String incoming, long index) {
    data = blocking(() -> new JsonObject(Files.readString(Path.of(incoming, "data"))));
    data.put(LAST_INDEX, index);
    blocking(
        () -> {
          Files.writeString(Path.of(incoming, "data"), data.encode());
          return Files.move(
              Path.of(incoming, "data"),
              directory.resolve("data"),
              StandardCopyOption.REPLACE_EXISTING);
        });
    replaced++;
    return Future.succeededFuture();
  }

  private interface Blocking<T> {
    T call() throws IOException;
  }

  private static <T> T blocking(Blocking<T> action) {
    try {
      return action.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
