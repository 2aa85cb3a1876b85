package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.TypedStateMachine;

class Settings implements TypedStateMachine<JsonObject, JsonObject> {
  private JsonObject settings = new JsonObject();
  private long index;

  @Override
  public JsonObject apply(JsonObject change, long newIndex) {
    settings.put(change.getString("key"), change.getString("value"));
    index = newIndex;
    return new JsonObject().put("index", index);
  }

  @Override
  public JsonObject query(JsonObject ignored) {
    return new JsonObject().put("index", index).put("settings", settings);
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return writer.write(query(null).toBuffer());
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return reader.read().map(Buffer::toJsonObject).onSuccess(this::load).mapEmpty();
  }

  private void load(JsonObject state) {
    settings = state.getJsonObject("settings");
    index = state.getLong("index");
  }
}
