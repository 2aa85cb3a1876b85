package io.vertxraft.console;

import io.vertxraft.FollowerStatus;
import io.vertxraft.LatencyStatus;
import io.vertxraft.LeaderLease;
import io.vertxraft.NodeState;
import io.vertxraft.RaftStatus;
import io.vertxraft.StageStatus;
import io.vertxraft.console.Sentence.Severity;
import java.util.List;
import java.util.Locale;

/** What members say of themselves besides how far they are, and what a leader says of theirs. */
final class MemberFindings {
  /** An unfinished write this old is worth a sentence; a healthy disk needs milliseconds. */
  static final long STALL_MS_MIN = 1_000;

  /** Batches of which half take this long are worth a sentence. */
  static final long SLOW_MS_MIN = 250;

  private final ClusterView view;
  private final List<Sentence> sentences;

  private MemberFindings(ClusterView view, List<Sentence> sentences) {
    this.view = view;
    this.sentences = sentences;
  }

  static void add(ClusterView view, List<Sentence> sentences) {
    MemberFindings findings = new MemberFindings(view, sentences);
    SnapshotFindings snapshots = new SnapshotFindings(sentences);
    view.fresh().stream()
        .filter(member -> member.status().getState() == NodeState.RUNNING)
        .forEach(
            member -> {
              findings.ofMember(member);
              snapshots.ofMember(member);
            });
    view.claimant().ifPresent(findings::ofLeader);
  }

  private void ofMember(MemberReport member) {
    RaftStatus status = member.status();
    if (status.getDamage() != null) {
      add(
          Severity.WARNING,
          "%s has lost entries and neither votes nor counts until a leader has given them again"
              .formatted(member.nodeId()),
          member,
          Words.plain(status.getDamage()));
    }
    if (status.getStorageShortage() != null) {
      add(
          Severity.WARNING,
          "%s takes no entries, because its disk is short of room".formatted(member.nodeId()),
          member,
          Words.plain(status.getStorageShortage()));
    }
    if (status.isRecovering() && !SnapshotFindings.isLoading(status)) {
      add(
          Severity.WARNING,
          "%s refuses reads until it has applied again what its log held when it came up"
              .formatted(member.nodeId()),
          member,
          "applied %d of %d".formatted(status.getAppliedIndex(), status.getLastIndex()));
    }
    if (status.getOldestWriteAgeMs() >= STALL_MS_MIN) {
      add(
          Severity.WARNING,
          "The disk of %s has not finished a write for %s"
              .formatted(member.nodeId(), Words.duration(status.getOldestWriteAgeMs())),
          member,
          Words.count(status.getWritesInFlight(), "write in flight", "writes in flight"));
    } else {
      stages(member);
    }
  }

  /** Stages whose batches take long, though none is stuck. */
  private void stages(MemberReport member) {
    for (StageStatus stage : member.status().getStages()) {
      LatencyStatus latency = stage.getLatency();
      if (latency == null || latency.getP50Micros() < SLOW_MS_MIN * 1_000) {
        continue;
      }
      String half = Words.duration(latency.getP50Micros() / 1_000);
      String text =
          switch (stage.getStage()) {
            case LOG ->
                "The disk of %s is slow: half of its writes take %s or longer"
                    .formatted(member.nodeId(), half);
            case STATE_MACHINE ->
                "The state machine of %s is slow: half of its batches take %s or longer"
                    .formatted(member.nodeId(), half);
            case NODE -> null;
          };
      if (text != null) {
        add(
            Severity.WARNING,
            text,
            member,
            "of %s, 99 %% took at most %s"
                .formatted(
                    Words.count(latency.getCount(), "batch", "batches"),
                    Words.duration(latency.getP99Micros() / 1_000)));
      }
    }
  }

  private void ofLeader(MemberReport leader) {
    RaftStatus status = leader.status();
    if (status.getTransferTarget() != null) {
      add(
          Severity.WARNING,
          "%s is handing its leadership over to %s; commands wait for the last step"
              .formatted(leader.nodeId(), status.getTransferTarget()),
          leader,
          "leads term " + status.getTerm());
    }
    for (FollowerStatus follower : status.getFollowers()) {
      if (follower.isClockSuspect()) {
        add(
            Severity.WARNING,
            "The clock of %s runs faster than leases allow for, so %s counts for none"
                .formatted(follower.getNodeId(), follower.getNodeId()),
            leader,
            "clock suspect");
      }
      if (follower.isDamaged() && !saysItself(follower.getNodeId())) {
        add(
            Severity.WARNING,
            "%s has lost entries and does not count, as %s sees it"
                .formatted(follower.getNodeId(), leader.nodeId()),
            leader,
            "damaged");
      }
    }
    lease(leader, status.getLeaderLease());
  }

  private boolean saysItself(String nodeId) {
    return view.member(nodeId)
        .filter(view::isFresh)
        .filter(member -> member.status().getDamage() != null)
        .isPresent();
  }

  private void lease(MemberReport leader, LeaderLease lease) {
    if (lease.valid()) {
      add(
          Severity.INFO,
          "The lease of %s is valid".formatted(leader.nodeId()),
          leader,
          "for %s more if nobody answers"
              .formatted(Words.duration(lease.getRemainingMicros() / 1_000)));
    } else {
      add(
          Severity.INFO,
          "%s has no valid lease: reads by lease cost a round of heartbeats"
              .formatted(leader.nodeId()),
          leader,
          "lease " + lease.getState().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  private void add(Severity severity, String text, MemberReport source, String fact) {
    sentences.add(Sentence.of(severity, text, Explain.fact(source, fact)));
  }
}
