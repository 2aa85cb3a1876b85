package io.vertxraft.console;

import io.vertxraft.NodeState;
import io.vertxraft.RaftStatus;
import io.vertxraft.console.Sentence.Evidence;
import io.vertxraft.console.Sentence.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says in words how a group is, and why: a pure function of the reports that were collected. The
 * console's banner, its health check and its text form all use it, so that they cannot differ.
 */
public final class Explain {
  /** More entries than this between two indices of one member are worth a sentence. */
  static final long BACKLOG_ENTRIES_MAX = 1_000;

  private final ClusterView view;
  private final List<Sentence> sentences = new ArrayList<>();

  private Explain(ClusterView view) {
    this.view = view;
  }

  /** Explains what was collected. */
  public static Explanation of(ClusterView view) {
    return new Explain(view).explain();
  }

  private Explanation explain() {
    List<Sentence> disagreements = Disagreements.of(view);
    Optional<MemberReport> claimant = view.claimant();
    Optional<MemberReport> witness = witnessOfLeader(claimant);
    Explanation explanation;
    if (claimant.isPresent() && hearsMajority(claimant.get())) {
      explanation = withLeader(claimant.get(), disagreements);
    } else if (claimant.isPresent() && witness.isEmpty() && isNew(claimant.get())) {
      explanation = newLeader(claimant.get(), disagreements);
    } else if (witness.isPresent()) {
      explanation = withUnseenLeader(witness.get(), disagreements);
    } else {
      explanation = withoutLeader(claimant, disagreements);
    }
    return explanation;
  }

  private Explanation withLeader(MemberReport leader, List<Sentence> disagreements) {
    RaftStatus status = leader.status();
    String leads =
        "%s leads term %d since %s"
            .formatted(leader.nodeId(), status.getTerm(), Words.duration(status.getRoleSinceMs()));
    failedMembers();
    followers(leader);
    silentMembers();
    backlogs();
    MemberFindings.add(view, sentences);
    if (!status.isLeaderReady()) {
      add(
          Severity.WARNING,
          "%s does not serve yet: it has not applied the first entry of term %d"
              .formatted(leader.nodeId(), status.getTerm()),
          fact(leader, "commit index " + status.getCommitIndex()));
    }
    boolean healthy = mostImportant(disagreements).isEmpty();
    String headline =
        healthy
            ? "Healthy: %s; %s".formatted(leads, survives())
            : "Degraded: %s; %s, %s"
                .formatted(
                    afterColon(mostImportant(disagreements).get().text()), leads, survives());
    addFirst(Sentence.of(Severity.INFO, leads, leadsEvidence(leader)));
    addLast(Sentence.of(Severity.INFO, membership()));
    return done(
        healthy ? ClusterHealth.HEALTHY : ClusterHealth.DEGRADED,
        headline,
        leader.nodeId(),
        disagreements);
  }

  private Evidence[] leadsEvidence(MemberReport leader) {
    Evidence hears =
        fact(
            leader,
            "hears %d of %s, itself included"
                .formatted(
                    view.heardByLeader(), Words.count(view.members().size(), "member", "members")));
    String cause = leader.status().getRoleCause();
    return cause == null
        ? new Evidence[] {hears}
        : new Evidence[] {hears, fact(leader, "leads because: " + Words.plain(cause))};
  }

  private Explanation newLeader(MemberReport leader, List<Sentence> disagreements) {
    RaftStatus status = leader.status();
    String text =
        "%s won term %d %s ago and waits for the answers of a majority"
            .formatted(leader.nodeId(), status.getTerm(), Words.duration(status.getRoleSinceMs()));
    addFirst(Sentence.of(Severity.WARNING, text, heardBy(leader)));
    failedMembers();
    silentMembers();
    return done(ClusterHealth.DEGRADED, "Degraded: " + text, leader.nodeId(), disagreements);
  }

  /** The leader itself is silent here, but others hear it. */
  private Explanation withUnseenLeader(MemberReport witness, List<Sentence> disagreements) {
    RaftStatus status = witness.status();
    String leader = status.getLeaderId();
    List<String> hearers =
        view.fresh().stream()
            .filter(m -> hears(m, leader, status.getTerm()))
            .map(MemberReport::nodeId)
            .toList();
    String text =
        "%s leads term %d as %s %s it, but does not answer %s"
            .formatted(
                leader,
                status.getTerm(),
                Words.list(hearers),
                hearers.size() == 1 ? "hears" : "hear",
                view.seenFrom());
    addFirst(
        Sentence.of(
            Severity.WARNING,
            text,
            fact(witness, "heard it " + Words.duration(status.getLeaderContactAgeMs()) + " ago")));
    failedMembers();
    silentMembers();
    backlogs();
    MemberFindings.add(view, sentences);
    return done(ClusterHealth.DEGRADED, "Degraded: " + text, leader, disagreements);
  }

  private Explanation withoutLeader(Optional<MemberReport> claimant, List<Sentence> disagreements) {
    claimant.ifPresent(
        leader ->
            add(
                Severity.CRITICAL,
                "%s says that it leads term %d, but hears only %d of %d members; %d are needed"
                    .formatted(
                        leader.nodeId(),
                        leader.status().getTerm(),
                        view.heardByLeader(),
                        view.members().size(),
                        view.majority()),
                heardBy(leader)));
    LeaderlessReasons.add(view, sentences);
    failedMembers();
    silentMembers();
    backlogs();
    MemberFindings.add(view, sentences);
    String since =
        view.noLeaderForMs() > 0
            ? "No leader for " + Words.duration(view.noLeaderForMs())
            : "No leader";
    String headline =
        sentences.isEmpty() ? since : since + ": " + afterColon(sentences.get(0).text());
    return done(ClusterHealth.NO_LEADER, headline, null, disagreements);
  }

  /** A sentence continues with a small letter, but a node id is a name. */
  private String afterColon(String text) {
    boolean startsWithId = view.members().stream().anyMatch(m -> text.startsWith(m.nodeId() + " "));
    return startsWithId ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  private Explanation done(
      ClusterHealth health, String headline, String leaderId, List<Sentence> disagreements) {
    sentences.sort(Comparator.comparing(Sentence::severity));
    return new Explanation(health, headline, leaderId, sentences, disagreements);
  }

  private boolean hearsMajority(MemberReport leader) {
    return view.members().size() == 1
        || (isClaimant(leader) && view.heardByLeader() >= view.majority());
  }

  private boolean isClaimant(MemberReport member) {
    return view.claimant().filter(member::equals).isPresent();
  }

  private boolean isNew(MemberReport leader) {
    return leader.status().getRoleSinceMs() <= view.silentAfterMs();
  }

  /**
   * A member that recently heard a leader other than, and not older than, the one that claims to be
   * it.
   */
  private Optional<MemberReport> witnessOfLeader(Optional<MemberReport> claimant) {
    long termMin = claimant.map(c -> c.status().getTerm() + 1).orElse(0L);
    return view.fresh().stream()
        .filter(m -> m.status().getLeaderId() != null && m.status().getTerm() >= termMin)
        .filter(m -> hears(m, m.status().getLeaderId(), m.status().getTerm()))
        .filter(m -> view.member(m.status().getLeaderId()).filter(view::isFresh).isEmpty())
        .max(Comparator.comparingLong(m -> m.status().getTerm()));
  }

  private boolean hears(MemberReport member, String leaderId, long term) {
    RaftStatus status = member.status();
    return leaderId.equals(status.getLeaderId())
        && !leaderId.equals(member.nodeId())
        && status.getTerm() == term
        && status.getState() == NodeState.RUNNING
        && status.getLeaderContactAgeMs() >= 0
        && status.getLeaderContactAgeMs() <= view.silentAfterMs();
  }

  private void failedMembers() {
    for (MemberReport member : view.members()) {
      if (member.hasFailed()) {
        add(
            Severity.WARNING,
            "%s has failed: %s".formatted(member.nodeId(), failure(member)),
            fact(member, "state FAILED"));
      }
    }
  }

  private static String failure(MemberReport member) {
    String failure = member.status().getFailure();
    return failure == null || failure.isBlank() ? "it gives no reason" : Words.plain(failure);
  }

  private void followers(MemberReport leader) {
    for (FollowerReport follower : view.followers()) {
      if (view.member(follower.nodeId()).filter(MemberReport::hasFailed).isPresent()) {
        continue;
      }
      long contactAgeMs = follower.status().getLastContactAgeMs();
      String holds =
          follower.isLagKnown()
              ? "match %d of %d"
                  .formatted(follower.status().getMatchIndex(), leader.status().getLastIndex())
              : "what it holds is not known";
      if (follower.fetchesSnapshot()) {
        holds += ", snapshot up to index " + follower.status().getSnapshotIndex();
      }
      Evidence evidence =
          fact(
              leader,
              "%s, last contact %s"
                  .formatted(
                      holds, contactAgeMs < 0 ? "never" : Words.duration(contactAgeMs) + " ago"));
      String text = followerText(follower, leader.nodeId());
      if (text != null) {
        add(Severity.WARNING, text, evidence);
      }
    }
  }

  private String followerText(FollowerReport follower, String leaderId) {
    String id = follower.nodeId();
    String lag = Words.count(follower.lagEntries(), "entry", "entries");
    return switch (follower.state()) {
      case HEALTHY -> null;
      case CATCHING_UP ->
          !follower.isLagKnown()
              ? "%s has not told %s yet what it holds".formatted(id, leaderId)
              : "%s is catching up: %s behind %s".formatted(id, lag, leaderId);
      case FALLING_BEHIND -> "%s is falling behind: %s behind %s".formatted(id, lag, leaderId);
      case SNAPSHOT ->
          "%s is being re-seeded by a snapshot, because entries that it lacks are gone: it has %s"
              .formatted(id, snapshotProgress(follower));
      case STALLED -> {
        long ageMs = follower.status().getLastContactAgeMs();
        if (ageMs < 0) {
          yield "%s has not answered %s since it leads".formatted(id, leaderId);
        }
        if (view.isHeard(follower) && follower.fetchesSnapshot()) {
          yield "%s answers leader %s, but has got no more of its snapshot for %s: it has %s"
              .formatted(
                  id,
                  leaderId,
                  Words.duration(follower.snapshotStillMs()),
                  snapshotProgress(follower));
        }
        yield view.isHeard(follower)
            ? "%s answers leader %s but takes no entries: %s behind".formatted(id, leaderId, lag)
            : "%s has not answered leader %s for %s".formatted(id, leaderId, Words.duration(ageMs));
      }
    };
  }

  private static String snapshotProgress(FollowerReport follower) {
    return SnapshotFindings.progress(
        follower.status().getSnapshotBytesDone(), follower.status().getSnapshotBytesTotal());
  }

  /**
   * Silence towards the collecting member alone does not make the group degraded: see the leader.
   */
  private void silentMembers() {
    for (MemberReport member : view.members()) {
      if (view.isFresh(member)) {
        continue;
      }
      String what =
          member.status() == null ? "%s has not reported to %s" : "%s is silent towards %s for %s";
      String text =
          what.formatted(member.nodeId(), view.seenFrom(), Words.duration(member.ageMs()));
      String error = member.error() == null ? "no answer yet" : Words.plain(member.error());
      add(Severity.INFO, text, new Evidence(view.seenFrom(), 0, error));
    }
  }

  private void backlogs() {
    for (MemberReport member : view.fresh()) {
      RaftStatus status = member.status();
      long toApply = status.getCommitIndex() - status.getAppliedIndex();
      if (toApply > BACKLOG_ENTRIES_MAX
          && !status.isRecovering()
          && !SnapshotFindings.isLoading(status)) {
        add(
            Severity.WARNING,
            "%s has %s committed but not applied: its state machine is slow"
                .formatted(member.nodeId(), Words.count(toApply, "entry", "entries")),
            fact(
                member,
                "commit %d, applied %d"
                    .formatted(status.getCommitIndex(), status.getAppliedIndex())));
      }
      long toSync = status.getLastIndex() - status.getDurableIndex();
      if (toSync > BACKLOG_ENTRIES_MAX) {
        add(
            Severity.WARNING,
            "%s has %s not yet durable: its disk is slow"
                .formatted(member.nodeId(), Words.count(toSync, "entry", "entries")),
            fact(
                member,
                "last %d, durable %d".formatted(status.getLastIndex(), status.getDurableIndex())));
      }
    }
  }

  private String survives() {
    int more = view.inStep() - view.majority();
    if (more < 0) {
      return "commits wait for a majority in step";
    }
    return more == 0
        ? "survives no further failure"
        : "survives " + Words.count(more, "more failure", "more failures");
  }

  private String membership() {
    return "%s, majority %d, tolerates %s"
        .formatted(
            Words.count(view.members().size(), "member", "members"),
            view.majority(),
            Words.count(view.faultTolerance(), "failure", "failures"));
  }

  private Optional<Sentence> mostImportant(List<Sentence> disagreements) {
    List<Sentence> all = new ArrayList<>(disagreements);
    all.addAll(sentences);
    return all.stream()
        .filter(s -> s.severity() != Severity.INFO)
        .min(Comparator.comparing(Sentence::severity));
  }

  private Evidence heardBy(MemberReport leader) {
    List<String> heard =
        view.followers().stream().filter(view::isHeard).map(FollowerReport::nodeId).toList();
    return fact(leader, heard.isEmpty() ? "hears nobody" : "hears " + Words.list(heard));
  }

  private void add(Severity severity, String text, Evidence... evidence) {
    sentences.add(Sentence.of(severity, text, evidence));
  }

  private void addFirst(Sentence sentence) {
    sentences.add(0, sentence);
  }

  private void addLast(Sentence sentence) {
    sentences.add(sentence);
  }

  static Evidence fact(MemberReport member, String fact) {
    return new Evidence(member.nodeId(), member.ageMs(), fact);
  }
}
