package io.vertxraft.console;

import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.console.Sentence.Evidence;
import io.vertxraft.console.Sentence.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Why a group has no leader, the most telling reason first. */
final class LeaderlessReasons {
  private LeaderlessReasons() {}

  static void add(ClusterView view, List<Sentence> sentences) {
    tooFewMembers(view, sentences);
    splitVote(view, sentences);
    campaigns(view, sentences);
    if (sentences.isEmpty()) {
      sentences.add(waiting(view));
    }
  }

  private static void tooFewMembers(ClusterView view, List<Sentence> sentences) {
    List<MemberReport> able =
        view.fresh().stream().filter(m -> m.status().getState() == NodeState.RUNNING).toList();
    if (able.size() >= view.majority()) {
      return;
    }
    List<Evidence> evidence = new ArrayList<>();
    for (MemberReport member : view.members()) {
      if (!able.contains(member)) {
        evidence.add(whyNotAble(view, member));
      }
    }
    String text =
        "Only %d of %s can vote as seen from %s, %d are needed"
            .formatted(
                able.size(),
                Words.count(view.members().size(), "member", "members"),
                view.seenFrom(),
                view.majority());
    sentences.add(new Sentence(Severity.CRITICAL, text, evidence));
  }

  private static Evidence whyNotAble(ClusterView view, MemberReport member) {
    if (view.isFresh(member)) {
      String state = member.nodeId() + " is " + member.status().getState();
      String failure = member.status().getFailure();
      return Explain.fact(member, failure == null ? state : state + ": " + Words.plain(failure));
    }
    String error = member.error() == null ? "no answer yet" : Words.plain(member.error());
    return new Evidence(
        view.seenFrom(),
        0,
        "%s silent for %s: %s".formatted(member.nodeId(), Words.duration(member.ageMs()), error));
  }

  /** Members of one term whose votes went to different candidates, none of which got a majority. */
  private static void splitVote(ClusterView view, List<Sentence> sentences) {
    long term = view.fresh().stream().mapToLong(m -> m.status().getTerm()).max().orElse(0);
    List<MemberReport> voters =
        view.fresh().stream()
            .filter(m -> m.status().getTerm() == term && m.status().getVotedFor() != null)
            .toList();
    long candidates = voters.stream().map(m -> m.status().getVotedFor()).distinct().count();
    if (candidates > 1) {
      List<Evidence> evidence =
          voters.stream()
              .map(m -> Explain.fact(m, "voted for " + m.status().getVotedFor()))
              .toList();
      sentences.add(
          new Sentence(
              Severity.WARNING,
              "The votes of term %d are split between %d candidates".formatted(term, candidates),
              evidence));
    }
  }

  private static void campaigns(ClusterView view, List<Sentence> sentences) {
    for (MemberReport member : view.fresh()) {
      RaftStatus status = member.status();
      if (status.getState() != NodeState.RUNNING) {
        continue;
      }
      Evidence evidence =
          Explain.fact(
              member,
              "%s for %s, last index %d, %s"
                  .formatted(
                      status.getRole(),
                      Words.duration(status.getRoleSinceMs()),
                      status.getLastIndex(),
                      Words.count(
                          status.getElectionsStarted(), "election started", "elections started")));
      if (status.getRole() == RaftRole.CANDIDATE) {
        String text = "%s campaigns in term %d".formatted(member.nodeId(), status.getTerm());
        sentences.add(campaign(view, member, text, evidence));
      } else if (status.getRole() == RaftRole.PRE_CANDIDATE) {
        String text =
            "%s asks whether it could win term %d".formatted(member.nodeId(), status.getTerm() + 1);
        sentences.add(campaign(view, member, text, evidence));
      }
    }
  }

  /** Nobody votes for one whose log is behind its own: such a campaign cannot succeed. */
  private static Sentence campaign(
      ClusterView view, MemberReport candidate, String text, Evidence evidence) {
    List<MemberReport> ahead =
        view.fresh().stream()
            .filter(m -> m.status().getState() == NodeState.RUNNING)
            .filter(m -> m.status().getLastIndex() > candidate.status().getLastIndex())
            .toList();
    if (view.members().size() - ahead.size() >= view.majority()) {
      return Sentence.of(Severity.WARNING, text, evidence);
    }
    List<Evidence> facts = new ArrayList<>(List.of(evidence));
    ahead.forEach(m -> facts.add(Explain.fact(m, "last index " + m.status().getLastIndex())));
    return new Sentence(
        Severity.WARNING,
        "%s, but %s hold more of the log and will hardly vote for it"
            .formatted(text, Words.list(ahead.stream().map(MemberReport::nodeId).toList())),
        facts);
  }

  private static Sentence waiting(ClusterView view) {
    List<Evidence> evidence =
        view.fresh().stream()
            .sorted(Comparator.comparing(MemberReport::nodeId))
            .map(
                m ->
                    Explain.fact(
                        m, "%s in term %d".formatted(m.status().getRole(), m.status().getTerm())))
            .toList();
    return new Sentence(
        Severity.WARNING, "No member campaigns yet; election timers are running", evidence);
  }
}
