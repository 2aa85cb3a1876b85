package io.vertxraft.console;

import io.vertxraft.RaftStatus;
import io.vertxraft.console.Sentence.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where the recent reports of members contradict each other. */
final class Disagreements {
  private final ClusterView view;
  private final List<Sentence> found = new ArrayList<>();

  private Disagreements(ClusterView view) {
    this.view = view;
  }

  static List<Sentence> of(ClusterView view) {
    Disagreements disagreements = new Disagreements(view);
    disagreements.severalLeaders();
    disagreements.otherGroup();
    disagreements.otherMembership();
    disagreements.otherLeader();
    disagreements.found.addAll(OneWayLinks.of(view));
    return List.copyOf(disagreements.found);
  }

  private void severalLeaders() {
    List<MemberReport> leaders = view.fresh().stream().filter(MemberReport::claimsToLead).toList();
    for (int i = 0; i < leaders.size(); i++) {
      for (int j = i + 1; j < leaders.size(); j++) {
        twoLeaders(leaders.get(i), leaders.get(j));
      }
    }
  }

  private void twoLeaders(MemberReport a, MemberReport b) {
    long termA = a.status().getTerm();
    long termB = b.status().getTerm();
    if (termA == termB) {
      add(
          Severity.CRITICAL,
          "%s and %s both claim to lead term %d".formatted(a.nodeId(), b.nodeId(), termA),
          a,
          b);
    } else {
      MemberReport old = termA < termB ? a : b;
      MemberReport current = termA < termB ? b : a;
      add(
          Severity.WARNING,
          "%s still believes that it leads term %d, while %s leads term %d"
              .formatted(
                  old.nodeId(),
                  old.status().getTerm(),
                  current.nodeId(),
                  current.status().getTerm()),
          old,
          current);
    }
  }

  private void otherGroup() {
    MemberReport own = view.own().filter(view::isFresh).orElse(null);
    if (own == null) {
      return;
    }
    for (MemberReport other : view.fresh()) {
      RaftStatus a = own.status();
      RaftStatus b = other.status();
      if (!Objects.equals(a.getClusterId(), b.getClusterId())
          || !Objects.equals(a.getGroupId(), b.getGroupId())) {
        add(
            Severity.CRITICAL,
            "%s belongs to %s/%s, but %s to %s/%s"
                .formatted(
                    other.nodeId(),
                    b.getClusterId(),
                    b.getGroupId(),
                    own.nodeId(),
                    a.getClusterId(),
                    a.getGroupId()),
            own,
            other);
      }
    }
  }

  private void otherMembership() {
    MemberReport own = view.own().filter(view::isFresh).orElse(null);
    if (own == null) {
      return;
    }
    for (MemberReport other : view.fresh()) {
      Set<String> theirs = membersOf(other.status());
      if (!membersOf(own.status()).equals(theirs)) {
        add(
            Severity.WARNING,
            "%s counts other members (%s) than %s (%s)"
                .formatted(
                    other.nodeId(),
                    String.join(", ", theirs),
                    own.nodeId(),
                    String.join(", ", membersOf(own.status()))),
            own,
            other);
      }
    }
  }

  private static Set<String> membersOf(RaftStatus status) {
    return status.getMembers().stream()
        .map(m -> m.getNodeId() + "=" + m.getHost() + ":" + m.getPort())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Members of the leader's own term that name someone else; an older term has yet to hear. */
  private void otherLeader() {
    MemberReport leader = view.claimant().orElse(null);
    if (leader == null) {
      return;
    }
    for (MemberReport other : view.fresh()) {
      String theirs = other.status().getLeaderId();
      boolean sameTerm = other.status().getTerm() == leader.status().getTerm();
      if (sameTerm && theirs != null && !theirs.equals(leader.nodeId()) && !other.claimsToLead()) {
        add(
            Severity.CRITICAL,
            "%s takes %s for the leader of term %d, but %s says that it leads it"
                .formatted(other.nodeId(), theirs, leader.status().getTerm(), leader.nodeId()),
            other,
            leader);
      } else if (other.status().getTerm() > leader.status().getTerm()) {
        add(
            Severity.WARNING,
            "%s is already in term %d, but %s leads term %d"
                .formatted(
                    other.nodeId(),
                    other.status().getTerm(),
                    leader.nodeId(),
                    leader.status().getTerm()),
            other,
            leader);
      }
    }
  }

  private void add(Severity severity, String text, MemberReport a, MemberReport b) {
    found.add(Sentence.of(severity, text, says(a), says(b)));
  }

  private static Sentence.Evidence says(MemberReport member) {
    RaftStatus status = member.status();
    String leader = status.getLeaderId() == null ? "no leader" : "leader " + status.getLeaderId();
    return Explain.fact(
        member, "%s in term %d, %s".formatted(status.getRole(), status.getTerm(), leader));
  }
}
