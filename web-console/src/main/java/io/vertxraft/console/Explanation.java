package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * How a group is and why, in words.
 *
 * @param health in one word
 * @param headline in one sentence
 * @param leaderId the leader the findings speak of, or null
 * @param sentences all findings, the most important first
 * @param disagreements where reports of members contradict each other
 */
public record Explanation(
    ClusterHealth health,
    String headline,
    String leaderId,
    List<Sentence> sentences,
    List<Sentence> disagreements) {

  /** Copies the lists. */
  public Explanation {
    sentences = List.copyOf(sentences);
    disagreements = List.copyOf(disagreements);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("health", health.name())
        .put("headline", headline)
        .put("leaderId", leaderId)
        .put("sentences", array(sentences))
        .put("disagreements", array(disagreements));
  }

  private static JsonArray array(List<Sentence> sentences) {
    JsonArray array = new JsonArray();
    sentences.forEach(s -> array.add(s.toJson()));
    return array;
  }
}
