package io.vertxraft.examples.guide;

import io.vertx.core.json.JsonObject;
import io.vertxraft.Codec;
import io.vertxraft.Command;
import io.vertxraft.Consistency;
import io.vertxraft.LogCompactedException;
import io.vertxraft.RaftNode;

class SettingsCache {
  private final RaftNode node;
  private JsonObject settings = new JsonObject();
  private long index; // everything up to here is in it

  SettingsCache(RaftNode node) {
    this.node = node;
  }

  String get(String key) {
    return settings.getString(key);
  }

  void follow() {
    node.committed(index + 1).exceptionHandler(this::failed).handler(this::changed);
  }

  private void changed(Command command) {
    JsonObject change = command.payload().toJsonObject();
    settings.put(change.getString("key"), change.getString("value"));
    index = command.index();
  }

  private void failed(Throwable cause) {
    if (cause instanceof LogCompactedException) { // what is gone from the log is in the state
      node.typed(Codec.json(), Codec.json())
          .read(Consistency.LOCAL, new JsonObject())
          .onSuccess(this::reload);
    }
  }

  private void reload(JsonObject state) {
    settings = state.getJsonObject("settings");
    index = state.getLong("index");
    follow();
  }
}
