package io.vertxraft.testkit.explore;

import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.RoleKind;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import java.util.List;
import java.util.Locale;

/**
 * What the explorer must know of one state of one member, without having the member at hand.
 *
 * @param node position of the member
 * @param parent the state it was first reached from, itself if it was first
 * @param event the event it was first reached by
 * @param recovered the disk, if the member has just come up from it, else null
 * @param role its role
 * @param term its term
 * @param log number of its log
 * @param commitIndex how much of it is committed, to its knowledge
 * @param durable its durable term and vote
 * @param durableLog number of its durable log
 * @param pendingWrites writes that are not durable
 * @param pendingLoads reads that are not answered
 * @param contactIsFresh whether it refuses pre-votes because it has heard its leader lately
 * @param highs one half of its fingerprint under every renaming
 * @param lows the other half
 */
record LocalState(
    int node,
    int parent,
    int event,
    Disk recovered,
    RoleKind role,
    long term,
    int log,
    int commitIndex,
    HardState durable,
    int durableLog,
    int pendingWrites,
    int pendingLoads,
    boolean contactIsFresh,
    long[] highs,
    long[] lows) {

  /** What survives a crash. */
  record Disk(HardState hardState, List<LogEntry> entries) {}

  static LocalState of(
      LocalMachine machine, int node, int parent, int event, LogTree logs, Digest[] digests) {
    RaftCore core = machine.core();
    long[] highs = new long[digests.length];
    long[] lows = new long[digests.length];
    for (int i = 0; i < digests.length; i++) {
      highs[i] = digests[i].high();
      lows[i] = digests[i].low();
    }
    return new LocalState(
        node,
        parent,
        event,
        Event.isCrash(event)
            ? new Disk(machine.durableState(), List.copyOf(machine.durableLog()))
            : null,
        core.roleKind(),
        core.term(),
        logs.of(machine.log()),
        (int) core.commitIndex(),
        machine.durableState(),
        logs.of(machine.durableLog()),
        machine.pendingWrites(),
        machine.pendingLoads(),
        machine.contactIsFresh(),
        highs,
        lows);
  }

  boolean isLeader() {
    return role == RoleKind.LEADER;
  }

  /** Role, term, log and the like, in one line. */
  String text(LogTree logs) {
    String undurable =
        durableLog == log && durable.term() == term
            ? ""
            : ", durable " + durable.term() + " " + logs.text(durableLog);
    return "%s of term %d, log %s, commit %d%s"
        .formatted(
            role.name().toLowerCase(Locale.ROOT), term, logs.text(log), commitIndex, undurable);
  }
}
