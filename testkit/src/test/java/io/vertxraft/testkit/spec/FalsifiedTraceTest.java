package io.vertxraft.testkit.spec;

import static io.vertxraft.testkit.spec.TraceScript.heartbeat;
import static io.vertxraft.testkit.spec.TraceScript.heartbeatReply;
import static io.vertxraft.testkit.spec.TraceScript.now;
import static io.vertxraft.testkit.spec.TraceScript.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A legal history in which one value is falsified: none may go unchecked. */
class FalsifiedTraceTest {
  /** The lines that start the group: what it starts with is believed, whatever it is. */
  private static final int STARTS = 3;

  private final List<String> lines = legalHistory().text().lines().toList();

  /** Two elections, replication, commits, a conflict, its repair and a restart. */
  private static TraceScript legalHistory() {
    TraceScript group = TraceScript.group("n1", "n2", "n3");
    group.elects("n1", "n2").replicates("n1", "n2", 0).tick("n1", m -> m.commit(1));
    group
        .turn("n1", now("n2", heartbeat(1, 1, 1, 500)))
        .receive("n2", "n1", heartbeat(1, 1, 1, 500), m -> m.commit(1))
        .turn("n2", now("n1", heartbeatReply(1, 500)))
        .receive("n1", "n2", heartbeatReply(1, 500));
    group.propose("n1", "lost", "lost too").turn("n1").persisted("n1");
    group.campaigns("n2").votes("n3", "n2").leads("n2", "n3").propose("n2", "kept");
    JsonObject message = group.sends("n2", "n1", 2);
    group
        .persisted("n2")
        .receive("n1", "n2", message, m -> m.follow(2).leader("n2"))
        .turn("n1", now("n2", refused(2, 2)))
        .persisted("n1")
        .receive("n2", "n1", refused(2, 2))
        .replicates("n2", "n1", 1)
        .tick("n2", m -> m.commit(3))
        .stop("n1")
        .start("n1", m -> m.commit(1))
        .propose("n2", "more")
        .replicates("n2", "n1", 3)
        .step("n1", "applied", m -> m.commit(3).applied(3));
    return group;
  }

  @Test
  void asItIs() {
    assertThat(legalHistory().isLegal().count(SpecAction.BECOME_LEADER)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"term", "lastIndex", "lastTerm"})
  void noNumberOfAState(String field) {
    assertThat(unnoticed(line -> add(line.getJsonObject("state"), field, 1))).isEmpty();
    assertThat(unnoticed(line -> add(line.getJsonObject("state"), field, -1))).isEmpty();
  }

  @Test
  void noVote() {
    assertThat(unnoticed(line -> replace(line.getJsonObject("state"), "votedFor", "n9"))).isEmpty();
  }

  @Test
  void noLeader() {
    assertThat(unnoticed(line -> replace(line.getJsonObject("state"), "leader", "n9"))).isEmpty();
  }

  @Test
  void noCommitIndex() {
    // A commit index that could have grown at this line already is no lie: those are freedom.
    List<Integer> early =
        unnoticed(line -> add(line.getJsonObject("state"), "commitIndex", 1)).stream()
            .filter(number -> !mayCommitMore(number))
            .toList();
    assertThat(early).isEmpty();
  }

  /** Whether a leader is about to advance its commit index, or a follower has not done so yet. */
  private boolean mayCommitMore(int number) {
    JsonObject state = new JsonObject(lines.get(number - 1)).getJsonObject("state");
    JsonObject next =
        lines.stream()
            .skip(number)
            .map(JsonObject::new)
            .filter(line -> line.getString("node").equals(nodeOf(number)))
            .filter(line -> line.containsKey("state"))
            .findFirst()
            .map(line -> line.getJsonObject("state"))
            .orElse(state);
    return next.getLong("commitIndex") > state.getLong("commitIndex");
  }

  private String nodeOf(int number) {
    return new JsonObject(lines.get(number - 1)).getString("node");
  }

  @Test
  void noDurableIndex() {
    assertThat(unnoticed(line -> add(line.getJsonObject("state"), "durableIndex", 1))).isEmpty();
  }

  @Test
  void noRole() {
    for (String role : List.of("PRE_CANDIDATE", "CANDIDATE", "LEADER")) {
      List<Integer> unnoticed =
          unnoticed(line -> replace(line.getJsonObject("state"), "role", role));
      assertThat(unnoticed).as(role).isEmpty();
    }
  }

  @Test
  void noEntry() {
    assertThat(unnoticed(line -> falsifyEntry(logChange(line), "append"))).isEmpty();
    assertThat(unnoticed(line -> falsifyEntry(line.getJsonObject("write"), "entries"))).isEmpty();
    assertThat(unnoticed(line -> falsifyEntry(line.getJsonObject("message"), "entries"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "term",
        "matchIndex",
        "prevLogIndex",
        "leaderCommit",
        "lastLogIndex",
        "commitTerm"
      })
  void noNumberOfAMessage(String field) {
    assertThat(unnoticed(line -> add(line.getJsonObject("message"), field, 1))).isEmpty();
  }

  @Test
  void noMessageWithoutItsTurn() {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("\"when\"")) {
        List<String> falsified = new ArrayList<>(lines);
        falsified.remove(i);
        assertThat(verdict(falsified)).as("without line %d", i + 1).isNotNull();
      }
    }
  }

  /** Numbers of the lines that may be falsified like this without a violation. */
  private List<Integer> unnoticed(Consumer<JsonObject> falsify) {
    List<Integer> unnoticed = new ArrayList<>();
    int changed = 0;
    for (int i = STARTS; i < lines.size(); i++) {
      JsonObject line = new JsonObject(lines.get(i));
      falsify.accept(line);
      List<String> falsified = new ArrayList<>(lines);
      falsified.set(i, line.encode());
      if (!line.equals(new JsonObject(lines.get(i)))) {
        changed++;
        if (verdict(falsified) == null) {
          unnoticed.add(i + 1);
        }
      }
    }
    assertThat(changed).as("falsified lines").isPositive();
    return unnoticed;
  }

  private static SpecViolation verdict(List<String> lines) {
    try {
      SpecReplay.check(lines.stream());
      return null;
    } catch (SpecViolation violation) {
      return violation;
    }
  }

  private static void add(JsonObject object, String field, long difference) {
    if (object != null && object.containsKey(field)) {
      object.put(field, object.getLong(field) + difference);
    }
  }

  private static void replace(JsonObject object, String field, String value) {
    if (object != null) {
      object.put(field, value);
    }
  }

  /** The log change of a step; null for a start, whose log is a list. */
  private static JsonObject logChange(JsonObject line) {
    return line.getValue("log") instanceof JsonObject change ? change : null;
  }

  private static void falsifyEntry(JsonObject object, String field) {
    if (object != null && object.containsKey(field) && !object.getJsonArray(field).isEmpty()) {
      JsonArray entries = object.getJsonArray(field);
      entries.getJsonArray(entries.size() - 1).set(2, "falsified");
    }
  }
}
