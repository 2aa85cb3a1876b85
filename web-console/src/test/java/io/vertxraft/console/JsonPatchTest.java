package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("R-46: what differs between two frames")
class JsonPatchTest {

  static Stream<Arguments> table() {
    return Stream.of(
        row("nothing", "{'a':1}", "{'a':1}", "{}"),
        row("a value", "{'a':1,'b':2}", "{'a':1,'b':3}", "{'b':3}"),
        row("a value that comes", "{}", "{'a':1}", "{'a':1}"),
        row("a value that goes", "{'a':1}", "{}", "{'a':null}"),
        row("a value that becomes null", "{'a':1}", "{'a':null}", "{'a':null}"),
        row("a value of another kind", "{'a':{'b':1}}", "{'a':[1]}", "{'a':[1]}"),
        row("depth", "{'a':{'b':1,'c':2}}", "{'a':{'b':1,'c':3}}", "{'a':{'c':3}}"),
        row(
            "elements with ids",
            "{'m':[{'nodeId':'n1','t':1},{'nodeId':'n2','t':1}]}",
            "{'m':[{'nodeId':'n1','t':1},{'nodeId':'n2','t':2}]}",
            "{'m':{'$byId':{'n2':{'t':2}}}}"),
        row(
            "stages",
            "{'s':[{'stage':'LOG','depth':1}]}",
            "{'s':[{'stage':'LOG','depth':2}]}",
            "{'s':{'$byId':{'LOG':{'depth':2}}}}"),
        row(
            "elements that change places",
            "{'m':[{'nodeId':'n1'},{'nodeId':'n2'}]}",
            "{'m':[{'nodeId':'n2'},{'nodeId':'n1'}]}",
            "{'m':[{'nodeId':'n2'},{'nodeId':'n1'}]}"),
        row(
            "an element that comes",
            "{'m':[{'nodeId':'n1'}]}",
            "{'m':[{'nodeId':'n1'},{'nodeId':'n2'}]}",
            "{'m':[{'nodeId':'n1'},{'nodeId':'n2'}]}"),
        row(
            "elements that share an id",
            "{'m':[{'nodeId':'n1','t':1},{'nodeId':'n1'}]}",
            "{'m':[{'nodeId':'n1','t':2},{'nodeId':'n1'}]}",
            "{'m':[{'nodeId':'n1','t':2},{'nodeId':'n1'}]}"),
        row("plain elements", "{'m':[1,2]}", "{'m':[1,3]}", "{'m':[1,3]}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void thePatchSaysWhatDiffersAndLeadsFromOneToTheOther(
      String story, JsonObject before, JsonObject after, JsonObject patch) {
    assertThat(JsonPatch.between(before, after)).isEqualTo(patch);
    assertThat(Patched.of(before, JsonPatch.between(before, after)))
        .isEqualTo(Patched.of(after, new JsonObject()));
  }

  @Test
  void aQuietFrameIsAFractionOfAWholeOne() {
    JsonObject before = picture(10).toJson();
    JsonObject after = picture(11).toJson();
    JsonObject patch = JsonPatch.between(before, after);
    assertThat(patch.encode().length()).isLessThan(before.encode().length() / 10);
    assertThat(Patched.of(before, patch)).isEqualTo(Patched.of(after, new JsonObject()));
  }

  private static Picture picture(long timeMs) {
    ClusterView view =
        Views.of(
                Reports.follower("n1", "n2", 7).setLastIndex(1_000 + timeMs),
                Reports.leader("n2", 7).setLastIndex(1_000 + timeMs),
                Reports.follower("n3", "n2", 7))
            .at(timeMs)
            .view();
    return new Picture(view, Explain.of(view));
  }

  private static Arguments row(String story, String before, String after, String patch) {
    return Arguments.of(story, json(before), json(after), json(patch));
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }

  /** What a reader does with a patch, as the guide says. */
  static final class Patched {
    private Patched() {}

    static JsonObject of(JsonObject old, JsonObject patch) {
      JsonObject result = withoutNulls(old);
      patch.forEach(
          e -> {
            if (e.getValue() == null) {
              result.remove(e.getKey());
            } else {
              result.put(e.getKey(), value(result.getValue(e.getKey()), e.getValue()));
            }
          });
      return result;
    }

    /** Absent and null mean the same. */
    private static JsonObject withoutNulls(JsonObject old) {
      JsonObject result = new JsonObject();
      old.forEach(
          e -> {
            if (e.getValue() != null) {
              result.put(e.getKey(), withoutNulls(e.getValue()));
            }
          });
      return result;
    }

    private static Object withoutNulls(Object value) {
      if (value instanceof JsonObject object) {
        return withoutNulls(object);
      }
      if (value instanceof JsonArray array) {
        JsonArray result = new JsonArray();
        array.forEach(element -> result.add(withoutNulls(element)));
        return result;
      }
      return value;
    }

    private static Object value(Object old, Object patch) {
      if (!(patch instanceof JsonObject object)) {
        return withoutNulls(patch);
      }
      if (old instanceof JsonArray array && object.containsKey(JsonPatch.BY_ID)) {
        JsonObject byId = object.getJsonObject(JsonPatch.BY_ID);
        JsonArray result = new JsonArray();
        for (Object element : array) {
          JsonObject was = (JsonObject) element;
          String id = was.getString("nodeId", was.getString("stage"));
          result.add(byId.containsKey(id) ? of(was, byId.getJsonObject(id)) : was);
        }
        return result;
      }
      return of(old instanceof JsonObject was ? was : new JsonObject(), object);
    }
  }
}
