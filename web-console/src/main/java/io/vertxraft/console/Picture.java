package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftStatus;
import java.util.Locale;

/** A view with its explanation, and the forms in which it leaves the server. Any thread. */
final class Picture {
  private final ClusterView view;
  private final Explanation explanation;

  /** Encoded once, for the stream and the history; computed twice at worst. */
  private String encoded;

  Picture(ClusterView view, Explanation explanation) {
    this.view = view;
    this.explanation = explanation;
  }

  ClusterView view() {
    return view;
  }

  Explanation explanation() {
    return explanation;
  }

  /** The text of {@link #toJson()}. */
  String encoded() {
    String text = encoded;
    if (text == null) {
      text = toJson().encode();
      encoded = text;
    }
    return text;
  }

  /** The text of {@link #toJson()} with further fields at its end. */
  String encodedWith(JsonObject more) {
    String body = encoded();
    return body.substring(0, body.length() - 1) + "," + more.encode().substring(1);
  }

  /** The term that the members which report speak of: the highest. */
  long term() {
    return view.fresh().stream().mapToLong(m -> m.status().getTerm()).max().orElse(0);
  }

  /** What page and API show, without events. */
  JsonObject toJson() {
    JsonArray members = new JsonArray();
    view.members().forEach(m -> members.add(m.toJson(view.silentAfterMs())));
    JsonArray disagreements = new JsonArray();
    explanation.disagreements().forEach(d -> disagreements.add(d.toJson()));
    JsonArray sentences = new JsonArray();
    explanation.sentences().forEach(s -> sentences.add(s.toJson()));
    return new JsonObject()
        .put("seenFrom", view.seenFrom())
        .put("timeMs", view.timeMs())
        .put("silentAfterMs", view.silentAfterMs())
        .put("health", explanation.health().name())
        .put(
            "banner",
            new JsonObject()
                .put("health", explanation.health().name())
                .put("headline", explanation.headline()))
        .put("leaderId", explanation.leaderId())
        .put("noLeaderForMs", view.noLeaderForMs())
        .put("membership", membership())
        .put("members", members)
        .put("followers", followers())
        .put("sentences", sentences)
        .put("disagreements", disagreements);
  }

  private JsonObject membership() {
    JsonArray configurations = new JsonArray();
    view.configurations().forEach(c -> configurations.add(c.toJson()));
    return new JsonObject()
        .put("members", view.members().size())
        .put("majority", view.majority())
        .put("faultTolerance", view.faultTolerance())
        .put("inStep", view.claimant().isPresent() ? view.inStep() : null)
        .put("configurations", configurations);
  }

  private JsonArray followers() {
    JsonArray followers = new JsonArray();
    view.claimant()
        .ifPresent(
            leader ->
                view.followers()
                    .forEach(
                        f ->
                            followers.add(
                                f.toJson()
                                    .put("source", leader.nodeId())
                                    .put("ageMs", leader.ageMs()))));
    return followers;
  }

  /** As the collecting member reports it, or null. */
  String clusterId() {
    return view.own().map(MemberReport::status).map(RaftStatus::getClusterId).orElse(null);
  }

  /** As the collecting member reports it, or null. */
  String groupId() {
    return view.own().map(MemberReport::status).map(RaftStatus::getGroupId).orElse(null);
  }

  /** The collecting member's own report, or null. */
  JsonObject ownStatus() {
    return view.own().map(MemberReport::status).map(RaftStatus::toJson).orElse(null);
  }

  /** The plain-text form: headline, findings, one line per member. */
  String toText() {
    StringBuilder text = new StringBuilder(Words.plain(explanation.headline())).append("\n\n");
    text.append(
        row(
            "MEMBER",
            "ROLE",
            "TERM",
            "COMMIT",
            "APPLIED",
            "DURABLE",
            "LAST",
            "FIRST",
            "SNAPSHOT",
            "AGE"));
    for (MemberReport member : view.members()) {
      RaftStatus s = member.status();
      String age = Words.duration(member.ageMs());
      text.append(
          s == null
              ? row(member.nodeId(), "?", "?", "?", "?", "?", "?", "?", "?", age)
              : row(
                  member.nodeId(),
                  roleOrState(s),
                  s.getTerm(),
                  s.getCommitIndex(),
                  s.getAppliedIndex(),
                  s.getDurableIndex(),
                  s.getLastIndex(),
                  s.getFirstIndex(),
                  s.getSnapshots().getLastIndex(),
                  age));
    }
    text.append('\n');
    explanation.disagreements().forEach(d -> line(text, d));
    explanation.sentences().forEach(s -> line(text, s));
    return text.append("\nseen from ").append(Words.plain(view.seenFrom())).append('\n').toString();
  }

  private static String roleOrState(RaftStatus status) {
    return switch (status.getState()) {
      case RUNNING -> status.getRole().name();
      default -> status.getState().name();
    };
  }

  private static void line(StringBuilder text, Sentence sentence) {
    text.append(String.format(Locale.ROOT, "%-8s  ", sentence.severity()))
        .append(Words.plain(sentence.text()))
        .append('\n');
    for (Sentence.Evidence evidence : sentence.evidence()) {
      text.append("          ")
          .append(Words.plain(evidence.source()))
          .append(", ")
          .append(Words.duration(evidence.ageMs()))
          .append(" ago: ")
          .append(Words.plain(evidence.fact()))
          .append('\n');
    }
  }

  private static String row(Object... cells) {
    StringBuilder row = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell = Words.plain(String.valueOf(cells[i]));
      row.append(String.format(Locale.ROOT, i < 2 ? "%-14s" : "%12s", cell));
    }
    return row.append('\n').toString();
  }
}
