package io.vertxraft.console;

import io.vertxraft.NodeState;
import io.vertxraft.PeerContact;
import io.vertxraft.RaftRole;
import io.vertxraft.console.Sentence.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Links that carry messages one way only, from when each end has heard the other one last.
 *
 * <p>Two followers have nothing to say to each other, so a pair is judged only if one of them is
 * the leader, campaigns, or asks the others for the reports looked at here: then each message is a
 * question that gets an answer, and who is heard must hear.
 */
final class OneWayLinks {
  private final ClusterView view;
  private final List<Sentence> found = new ArrayList<>();

  private OneWayLinks(ClusterView view) {
    this.view = view;
  }

  static List<Sentence> of(ClusterView view) {
    OneWayLinks links = new OneWayLinks(view);
    List<MemberReport> running =
        view.fresh().stream()
            .filter(member -> member.status().getState() == NodeState.RUNNING)
            .toList();
    for (MemberReport hearer : running) {
      for (MemberReport deaf : running) {
        if (hearer != deaf && (links.speaks(hearer) || links.speaks(deaf))) {
          links.judge(hearer, deaf);
        }
      }
    }
    return links.found;
  }

  private boolean speaks(MemberReport member) {
    return member.nodeId().equals(view.seenFrom())
        || member.status().getRole() != RaftRole.FOLLOWER;
  }

  private void judge(MemberReport hearer, MemberReport deaf) {
    OptionalLong heard = heardAgeMs(hearer, deaf.nodeId());
    OptionalLong notHeard = heardAgeMs(deaf, hearer.nodeId());
    if (heard.isEmpty() || notHeard.isEmpty() || isNewLeader(hearer) || isNewLeader(deaf)) {
      return;
    }
    boolean hears = heard.getAsLong() >= 0 && heard.getAsLong() <= view.silentAfterMs() / 2;
    boolean hearsNot = silenceMs(deaf, notHeard.getAsLong()) > view.silentAfterMs();
    if (hears && hearsNot) {
      found.add(
          Sentence.of(
              Severity.WARNING,
              "%s hears %s, but %s does not hear %s: messages pass one way only"
                  .formatted(hearer.nodeId(), deaf.nodeId(), deaf.nodeId(), hearer.nodeId()),
              fact(hearer, deaf.nodeId(), heard.getAsLong()),
              fact(deaf, hearer.nodeId(), notHeard.getAsLong())));
    }
  }

  /** Who has just started has heard nobody yet; that says something only after a while. */
  private static long silenceMs(MemberReport member, long heardAgeMs) {
    return heardAgeMs < 0 ? member.status().getRoleSinceMs() : heardAgeMs;
  }

  /** Its first answers may be on their way. */
  private boolean isNewLeader(MemberReport member) {
    return member.claimsToLead() && member.status().getRoleSinceMs() <= view.silentAfterMs();
  }

  private static OptionalLong heardAgeMs(MemberReport member, String nodeId) {
    return member.status().getContacts().stream()
        .filter(contact -> nodeId.equals(contact.getNodeId()))
        .mapToLong(PeerContact::getHeardAgeMs)
        .findFirst();
  }

  private static Sentence.Evidence fact(MemberReport member, String other, long ageMs) {
    return Explain.fact(
        member,
        ageMs < 0
            ? "never heard " + other
            : "heard %s %s ago".formatted(other, Words.duration(ageMs)));
  }
}
