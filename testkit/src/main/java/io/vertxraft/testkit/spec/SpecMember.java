package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.TraceState.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The model of one member: what it reported, and what it may know in this life. */
final class SpecMember {
  private final String id;

  /** Highest commit index of all lives; kept over restarts. */
  private long highestCommit;

  private long life;
  private boolean running;
  private List<String> voters = List.of();
  private TraceState state;
  private SpecLog log;
  private SpecDisk disk;
  private SpecTerm term;

  /** What leaders entitled it to commit in this life. */
  private long entitled;

  /** The states since the last turn: what is sent at its end was made in one of them. */
  private final List<Moment> moments = new ArrayList<>();

  private final Set<PreVote> preVotesDue = new HashSet<>();
  private final Map<String, Set<Long>> heartbeats = new HashMap<>();

  /** A state within a turn. */
  record Moment(TraceState state, LogView log, SpecTerm term) {}

  /** A pre-vote that may be granted. */
  private record PreVote(String candidate, long campaignTerm) {}

  SpecMember(String id) {
    this.id = id;
  }

  /** A life starts; the old one's disk, if any, has been compared. */
  void start(TraceEvent.Start start, SpecDisk newDisk) {
    life = start.life();
    running = true;
    voters = start.voters();
    state = start.state();
    log = new SpecLog(start.log());
    disk = newDisk;
    term = new SpecTerm();
    entitled = 0;
    preVotesDue.clear();
    heartbeats.clear();
    highestCommit = Math.max(highestCommit, state.commitIndex());
    moments.clear();
    moments.add(new Moment(state, log.view(), term));
  }

  void stop() {
    running = false;
  }

  /** The event is over, with this state; the log has been changed. */
  void now(TraceState after) {
    state = after;
    highestCommit = Math.max(highestCommit, after.commitIndex());
    moments.add(new Moment(after, log.view(), term));
  }

  /** A turn is over. */
  void endTurn() {
    moments.subList(0, moments.size() - 1).clear();
  }

  /** A new term: what was learned in the old one no longer counts. */
  void enterTerm() {
    term = new SpecTerm();
  }

  void change(LogChange change) {
    if (change.truncateFrom() > 0) {
      log.truncateFrom(change.truncateFrom());
    }
    log.append(change.append());
    disk.changed(change);
  }

  /** What leaders entitle it to commit: once entitled, always, for it is committed. */
  long entitled() {
    entitled = Math.max(entitled, term.committed());
    return entitled;
  }

  /** Whether those who fulfil the condition, with the member itself or not, are a quorum. */
  boolean isQuorum(boolean self, Predicate<String> others) {
    long count =
        voters.stream().filter(voter -> voter.equals(id) ? self : others.test(voter)).count();
    return 2 * count > voters.size();
  }

  boolean isOnlyVoter() {
    return voters.equals(List.of(id));
  }

  boolean isVoter(String node) {
    return voters.contains(node);
  }

  /** A pre-vote request came that it may grant. */
  void mayPreVote(String candidate, long campaignTerm) {
    preVotesDue.add(new PreVote(candidate, campaignTerm));
  }

  boolean preVoteDue(String candidate, long campaignTerm) {
    return preVotesDue.contains(new PreVote(candidate, campaignTerm));
  }

  void heartbeat(String from, long sentAtNanos) {
    heartbeats.computeIfAbsent(from, sender -> new HashSet<>()).add(sentAtNanos);
  }

  boolean gotHeartbeat(String from, long sentAtNanos) {
    return heartbeats.getOrDefault(from, Set.of()).contains(sentAtNanos);
  }

  boolean leads() {
    return state.role() == Role.LEADER;
  }

  String id() {
    return id;
  }

  long life() {
    return life;
  }

  boolean isRunning() {
    return running;
  }

  TraceState state() {
    return state;
  }

  LogView log() {
    return log.view();
  }

  SpecDisk disk() {
    return disk;
  }

  SpecTerm term() {
    return term;
  }

  long highestCommit() {
    return highestCommit;
  }

  List<Moment> moments() {
    return moments;
  }
}
