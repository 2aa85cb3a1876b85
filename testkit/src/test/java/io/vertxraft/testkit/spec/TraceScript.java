package io.vertxraft.testkit.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes a trace by hand: each call is a line. The script keeps track of what members would report,
 * so that a story tells only what changes; it has no idea whether that is right.
 */
final class TraceScript {
  private final List<String> lines = new ArrayList<>();
  private final Map<String, ScriptMember> members = new LinkedHashMap<>();
  private long time;

  /** A group of new members, all started. */
  static TraceScript group(String... nodes) {
    TraceScript script = unstarted(nodes);
    script.members.keySet().forEach(script::start);
    return script;
  }

  /** A group whose members are yet to be started, perhaps with a past. */
  static TraceScript unstarted(String... nodes) {
    TraceScript script = new TraceScript();
    for (String node : nodes) {
      script.members.put(node, new ScriptMember(node));
    }
    return script;
  }

  ScriptMember member(String node) {
    return members.get(node);
  }

  // --- lives

  TraceScript start(String node) {
    return start(node, member -> member);
  }

  /** Starts a member with all it has written, but for this change. */
  TraceScript start(String node, UnaryOperator<ScriptMember> change) {
    ScriptMember member = change.apply(members.get(node).recover());
    return add(
        node,
        "start",
        new JsonObject()
            .put("life", member.nextLife())
            .put("voters", new JsonArray(new ArrayList<>(members.keySet())))
            .put("state", member.state())
            .put("log", member.log()));
  }

  TraceScript stop(String node) {
    return add(node, "stop", new JsonObject().put("how", "power cut"));
  }

  // --- steps

  TraceScript tick(String node, UnaryOperator<ScriptMember> change) {
    return step(node, "tick", change);
  }

  TraceScript propose(String node, String... hashes) {
    return step(node, "propose", member -> member.append(hashes));
  }

  /** Everything written is durable. */
  TraceScript persisted(String node) {
    return persisted(node, member -> member.durable(member.writtenLast()));
  }

  TraceScript persisted(String node, UnaryOperator<ScriptMember> change) {
    return step(node, "persisted", change);
  }

  /** As {@link #persisted(String, UnaryOperator)}, telling up to which write. */
  TraceScript persistedUpTo(String node, long seq, UnaryOperator<ScriptMember> change) {
    ScriptMember member = change.apply(members.get(node));
    return add(node, "persisted", member.report().put("seq", seq));
  }

  TraceScript applied(String node, long index) {
    return step(node, "applied", member -> member.applied(index));
  }

  TraceScript step(String node, String event, UnaryOperator<ScriptMember> change) {
    return add(node, event, change.apply(members.get(node)).report());
  }

  // --- messages

  TraceScript receive(String node, String from, JsonObject message) {
    return receive(node, from, message, member -> member);
  }

  TraceScript receive(
      String node, String from, JsonObject message, UnaryOperator<ScriptMember> change) {
    JsonObject report = change.apply(members.get(node)).report();
    return add(node, "receive", report.put("from", from).put("message", message));
  }

  /** Ends a turn that writes what changed. */
  TraceScript turn(String node, JsonObject... sent) {
    return turn(node, members.get(node).write(), sent);
  }

  /** Ends a turn with this write, or none. */
  TraceScript turn(String node, JsonObject write, JsonObject[] sent) {
    JsonObject turn = new JsonObject().put("sent", new JsonArray(List.of(sent)));
    return add(node, "turn", write == null ? turn : turn.put("write", write));
  }

  static JsonObject now(String to, JsonObject message) {
    return new JsonObject().put("to", to).put("message", message).put("when", "now");
  }

  static JsonObject whenDurable(String to, JsonObject message) {
    return now(to, message).put("when", "durable");
  }

  static JsonObject preVoteRequest(long term, long lastIndex, long lastTerm) {
    return request("PreVoteRequest", term, lastIndex, lastTerm);
  }

  static JsonObject voteRequest(long term, long lastIndex, long lastTerm) {
    return request("VoteRequest", term, lastIndex, lastTerm);
  }

  private static JsonObject request(String type, long term, long lastIndex, long lastTerm) {
    return message(type, term).put("lastLogIndex", lastIndex).put("lastLogTerm", lastTerm);
  }

  static JsonObject preVoteReply(long term, long campaignTerm, boolean granted) {
    return message("PreVoteReply", term).put("campaignTerm", campaignTerm).put("granted", granted);
  }

  static JsonObject voteReply(long term, boolean granted) {
    return message("VoteReply", term).put("granted", granted);
  }

  static JsonObject entries(
      long term, long prevIndex, long prevTerm, long commit, JsonArray... entries) {
    return message("AppendEntries", term)
        .put("prevLogIndex", prevIndex)
        .put("prevLogTerm", prevTerm)
        .put("leaderCommit", commit)
        .put("entries", new JsonArray(List.of(entries)));
  }

  static JsonArray entry(long index, long term, String hash) {
    return new JsonArray().add(index).add(term).add(hash);
  }

  static JsonObject accepted(long term, long matchIndex) {
    return message("AppendEntriesReply", term).put("accepted", true).put("matchIndex", matchIndex);
  }

  static JsonObject refused(long term, long previous) {
    return message("AppendEntriesReply", term)
        .put("accepted", false)
        .put("matchIndex", previous)
        .put("conflictTerm", 1)
        .put("conflictIndex", 1);
  }

  static JsonObject heartbeat(long term, long commit, long commitTerm, long sentAt) {
    return message("Heartbeat", term)
        .put("commitIndex", commit)
        .put("commitTerm", commitTerm)
        .put("sentAtNanos", sentAt);
  }

  static JsonObject heartbeatReply(long term, long sentAt) {
    return message("HeartbeatReply", term).put("sentAtNanos", sentAt);
  }

  private static JsonObject message(String type, long term) {
    return new JsonObject().put("type", type).put("term", term);
  }

  // --- correct chapters

  /** A timeout makes a candidate of the next term, and its requests are on their way. */
  TraceScript campaigns(String node) {
    ScriptMember member = members.get(node);
    tick(node, m -> m.campaign());
    List<JsonObject> requests = new ArrayList<>();
    for (String other : members.keySet()) {
      if (!other.equals(node)) {
        requests.add(whenDurable(other, requestOf(member)));
      }
    }
    turn(node, requests.toArray(JsonObject[]::new));
    return persisted(node);
  }

  private static JsonObject requestOf(ScriptMember member) {
    return voteRequest(member.term(), member.lastIndex(), member.lastTerm());
  }

  /** A member grants a candidate its vote, durably; the reply is on its way. */
  TraceScript votes(String node, String candidate) {
    ScriptMember from = members.get(candidate);
    receive(node, candidate, requestOf(from), m -> m.follow(from.term()).vote(candidate));
    turn(node, whenDurable(candidate, voteReply(from.term(), true)));
    return persisted(node);
  }

  /** A candidate wins by this vote; its first entry is durable on its own disk. */
  TraceScript leads(String node, String voter) {
    ScriptMember member = members.get(node);
    receive(node, voter, voteReply(member.term(), true), m -> m.lead());
    turn(node);
    return persisted(node);
  }

  /** A leader stands down and campaigns in the next term. */
  TraceScript campaignsAgain(String node) {
    return tick(node, m -> m.role("FOLLOWER").leader(null)).campaigns(node);
  }

  /** A whole election. */
  TraceScript elects(String node, String voter) {
    return campaigns(node).votes(voter, node).leads(node, voter);
  }

  /** A leader sends a follower what follows an index; the entries are on their way. */
  JsonObject sends(String leader, String follower, long previous) {
    JsonObject message = members.get(leader).entriesAfter(previous);
    turn(leader, now(follower, message));
    return message;
  }

  /**
   * A leader brings a follower up to date: from an index up to which their logs are equal; the
   * acknowledgement has arrived.
   */
  TraceScript replicates(String leader, String follower, long previous) {
    long term = members.get(leader).term();
    long last = members.get(leader).lastIndex();
    JsonObject message = sends(leader, follower, previous);
    receive(follower, leader, message, m -> m.follow(term).leader(leader).take(message));
    turn(follower, whenDurable(leader, accepted(term, last)));
    persisted(follower);
    return receive(leader, follower, accepted(term, last));
  }

  // --- verdicts

  String text() {
    return String.join("\n", lines);
  }

  JsonObject lastLine() {
    return new JsonObject(lines.get(lines.size() - 1));
  }

  SpecReport isLegal() {
    return SpecReplay.check(lines.stream());
  }

  /** The trace is legal up to its last line, which breaks this rule. */
  SpecViolation breaks(SpecRule rule) {
    SpecViolation violation =
        catchThrowableOfType(SpecViolation.class, () -> SpecReplay.check(lines.stream()));
    assertThat(violation).as("no rule is broken").isNotNull();
    assertThat(violation.rule()).as(violation.getMessage()).isEqualTo(rule);
    assertThat(violation.line()).as(violation.getMessage()).isEqualTo(lines.size());
    return violation;
  }

  /** A line as it is. */
  TraceScript line(JsonObject json) {
    lines.add(json.encode());
    return this;
  }

  private TraceScript add(String node, String event, JsonObject rest) {
    time += 1_000_000;
    JsonObject line = new JsonObject().put("t", time).put("node", node).put("event", event);
    lines.add(line.mergeIn(rest).encode());
    return this;
  }
}
