package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One finding in words, with the numbers it rests on.
 *
 * @param severity how much it matters
 * @param text the finding
 * @param evidence the facts it rests on, each with its source and age
 */
public record Sentence(Severity severity, String text, List<Evidence> evidence) {
  /** How much a finding matters. */
  public enum Severity {
    /** The group cannot serve, or breaks a promise. */
    CRITICAL,
    /** Needs a look. */
    WARNING,
    /** Good to know. */
    INFO
  }

  /**
   * A fact a finding rests on.
   *
   * @param source the member that reported it
   * @param ageMs how old the report is
   * @param fact the fact
   */
  public record Evidence(String source, long ageMs, String fact) {
    /** The JSON form. */
    public JsonObject toJson() {
      return new JsonObject().put("source", source).put("ageMs", ageMs).put("fact", fact);
    }
  }

  /** Copies the list. */
  public Sentence {
    evidence = List.copyOf(evidence);
  }

  static Sentence of(Severity severity, String text, Evidence... evidence) {
    return new Sentence(severity, text, List.of(evidence));
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonArray facts = new JsonArray();
    evidence.forEach(e -> facts.add(e.toJson()));
    return new JsonObject()
        .put("severity", severity.name())
        .put("text", text)
        .put("evidence", facts);
  }
}
