package io.vertxraft.testkit.spec;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a member of a hand-written trace would report. */
final class ScriptMember {
  private final String node;
  private final List<JsonArray> log = new ArrayList<>();
  private long term;
  private String votedFor;
  private String role = "FOLLOWER";
  private String leader;
  private long commitIndex;
  private long durableIndex;
  private long appliedIndex;
  private long life;
  private long claimedLast;
  private long claimedLastTerm;

  /** What this event did to the log. */
  private long truncateFrom;

  private List<JsonArray> appended = new ArrayList<>();

  /** What the next turn has to write. */
  private long written;

  private long writtenTerm;
  private String writtenVote;
  private long unwrittenFrom = Long.MAX_VALUE;
  private final List<JsonArray> writtenLog = new ArrayList<>();
  private long seq;

  ScriptMember(String node) {
    this.node = node;
  }

  // --- what changes

  ScriptMember term(long newTerm) {
    term = newTerm;
    return this;
  }

  ScriptMember vote(String candidate) {
    votedFor = candidate;
    return this;
  }

  ScriptMember role(String newRole) {
    role = newRole;
    return this;
  }

  ScriptMember leader(String node) {
    leader = node;
    return this;
  }

  ScriptMember commit(long index) {
    commitIndex = index;
    return this;
  }

  ScriptMember durable(long index) {
    durableIndex = index;
    return this;
  }

  ScriptMember applied(long index) {
    appliedIndex = index;
    return this;
  }

  ScriptMember preCampaign() {
    return role("PRE_CANDIDATE").leader(null);
  }

  ScriptMember campaign() {
    return term(term + 1).vote(node).role("CANDIDATE").leader(null);
  }

  /** Leads, with the first entry of its term. */
  ScriptMember lead() {
    return role("LEADER").leader(node).append("no-op of " + term);
  }

  /** Is a follower of a term; in a new one it has not voted and knows no leader. */
  ScriptMember follow(long newTerm) {
    if (newTerm != term) {
      term(newTerm).vote(null).leader(null);
    }
    return role("FOLLOWER");
  }

  /** Appends entries of its term. */
  ScriptMember append(String... hashes) {
    for (String hash : hashes) {
      append(TraceScript.entry(lastIndex() + 1, term, hash));
    }
    return this;
  }

  ScriptMember append(JsonArray entry) {
    unwrittenFrom = Math.min(unwrittenFrom, lastIndex() + 1);
    log.add(entry);
    appended.add(entry);
    return this;
  }

  ScriptMember truncate(long from) {
    unwrittenFrom = Math.min(unwrittenFrom, from);
    truncateFrom = from;
    durableIndex = Math.min(durableIndex, from - 1);
    if (from <= log.size()) {
      log.subList((int) from - 1, log.size()).clear();
    }
    return this;
  }

  /** Takes over a leader's entries as it should. */
  ScriptMember take(JsonObject message) {
    for (Object element : message.getJsonArray("entries")) {
      JsonArray entry = (JsonArray) element;
      long index = entry.getLong(0);
      if (index <= lastIndex() && log.get((int) index - 1).equals(entry)) {
        continue;
      }
      if (index <= lastIndex()) {
        truncate(index);
      }
      append(entry);
    }
    return this;
  }

  /** Reports another last index than it has. */
  ScriptMember claimLast(long index) {
    claimedLast = index;
    return this;
  }

  /** Reports another last term than its log has. */
  ScriptMember claimLastTerm(long term) {
    claimedLastTerm = term;
    return this;
  }

  // --- what is

  long term() {
    return term;
  }

  long lastIndex() {
    return log.size();
  }

  long lastTerm() {
    return log.isEmpty() ? 0 : log.get(log.size() - 1).getLong(1);
  }

  long writtenLast() {
    return written;
  }

  JsonObject entriesAfter(long previous) {
    return TraceScript.entries(
        term,
        previous,
        previous == 0 ? 0 : log.get((int) previous - 1).getLong(1),
        commitIndex,
        log.subList((int) previous, log.size()).toArray(JsonArray[]::new));
  }

  // --- what is told

  long nextLife() {
    appended = new ArrayList<>();
    truncateFrom = 0;
    durableIndex = lastIndex();
    remember();
    return ++life;
  }

  /** Is as it would be after a restart that brings back everything written. */
  ScriptMember recover() {
    log.clear();
    log.addAll(writtenLog);
    commitIndex = 0;
    appliedIndex = 0;
    return term(writtenTerm).vote(writtenVote).role("FOLLOWER").leader(null);
  }

  JsonArray log() {
    return new JsonArray(new ArrayList<>(log));
  }

  JsonObject state() {
    return new JsonObject()
        .put("term", term)
        .put("votedFor", votedFor)
        .put("role", role)
        .put("leader", leader)
        .put("commitIndex", commitIndex)
        .put("lastIndex", claimedLast > 0 ? claimedLast : lastIndex())
        .put("lastTerm", claimedLastTerm > 0 ? claimedLastTerm : lastTerm())
        .put("durableIndex", durableIndex)
        .put("appliedIndex", appliedIndex);
  }

  /** State and log change of an event. */
  JsonObject report() {
    JsonObject report = new JsonObject().put("state", state());
    if (truncateFrom > 0 || !appended.isEmpty()) {
      report.put(
          "log",
          new JsonObject()
              .put("truncateFrom", truncateFrom)
              .put("append", new JsonArray(appended)));
    }
    appended = new ArrayList<>();
    truncateFrom = 0;
    return report;
  }

  /** The write of a turn: what changed since the last one; null if nothing did. */
  JsonObject write() {
    boolean hard = term != writtenTerm || !Objects.equals(votedFor, writtenVote);
    if (!hard && unwrittenFrom == Long.MAX_VALUE) {
      return null;
    }
    JsonObject hardState = new JsonObject().put("term", term).put("votedFor", votedFor);
    long from = Math.min(unwrittenFrom, lastIndex() + 1);
    JsonArray entries = new JsonArray(new ArrayList<>(log.subList((int) from - 1, log.size())));
    JsonObject write =
        new JsonObject()
            .put("seq", ++seq)
            .put("hardState", hard ? hardState : null)
            .put("truncateFrom", from <= written ? from : 0)
            .put("entries", entries);
    remember();
    return write;
  }

  private void remember() {
    written = lastIndex();
    writtenTerm = term;
    writtenVote = votedFor;
    unwrittenFrom = Long.MAX_VALUE;
    writtenLog.clear();
    writtenLog.addAll(log);
  }
}
