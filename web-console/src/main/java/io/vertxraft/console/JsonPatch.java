package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What differs between two frames: a JSON merge patch (RFC 7396), and for arrays whose elements
 * have an id {@code {"$byId": {id: patch}}}.
 */
final class JsonPatch {
  static final String BY_ID = "$byId";
  private static final List<String> ID_KEYS = List.of("nodeId", "stage");

  private JsonPatch() {}

  /** The patch that makes {@code before} into {@code after}; empty if they are the same. */
  static JsonObject between(JsonObject before, JsonObject after) {
    JsonObject patch = new JsonObject();
    for (String name : after.fieldNames()) {
      Object was = before.getValue(name);
      Object is = after.getValue(name);
      if (Objects.equals(was, is)) {
        continue;
      }
      patch.put(name, difference(was, is));
    }
    for (String name : before.fieldNames()) {
      if (!after.containsKey(name) && before.getValue(name) != null) {
        patch.putNull(name);
      }
    }
    return patch;
  }

  private static Object difference(Object was, Object is) {
    if (was instanceof JsonObject before && is instanceof JsonObject after) {
      return between(before, after);
    }
    if (was instanceof JsonArray before && is instanceof JsonArray after) {
      List<String> ids = ids(after);
      if (ids != null && ids.equals(ids(before))) {
        return byId(ids, before, after);
      }
    }
    return is;
  }

  private static JsonObject byId(List<String> ids, JsonArray before, JsonArray after) {
    JsonObject patches = new JsonObject();
    for (int i = 0; i < ids.size(); i++) {
      JsonObject patch = between(before.getJsonObject(i), after.getJsonObject(i));
      if (!patch.isEmpty()) {
        patches.put(ids.get(i), patch);
      }
    }
    return new JsonObject().put(BY_ID, patches);
  }

  /** The ids of the elements, or null if they do not all have one, each its own. */
  private static List<String> ids(JsonArray array) {
    for (String key : ID_KEYS) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        if (array.getValue(i) instanceof JsonObject element
            && element.getValue(key) instanceof String id
            && !ids.contains(id)) {
          ids.add(id);
        }
      }
      if (!ids.isEmpty() && ids.size() == array.size()) {
        return ids;
      }
    }
    return null;
  }
}
