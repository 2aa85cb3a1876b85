package io.vertxraft.runtime;

import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.Recovery;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.RecoveredLog;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Makes a core out of options and what storage has found. */
final class Cores {
  private Cores() {}

  static RaftCore create(
      RaftOptions options, Opening.Opened opened, RaftScheduler scheduler, Probe probe) {
    RecoveredLog recovered = opened.log();
    LogView log =
        new LogView(
            recovered.firstIndex(),
            recovered.lastIndex(),
            recovered.prevTerm(),
            recovered.termRuns().stream().mapToLong(RecoveredLog.TermRun::firstIndex).toArray(),
            recovered.termRuns().stream().mapToLong(RecoveredLog.TermRun::term).toArray(),
            options.getLogCacheBytesMax());
    Recovery recovery =
        new Recovery(
            recovered.hardState(),
            log,
            // A state that is ahead of a damaged log is caught up with.
            Math.min(opened.appliedIndex(), opened.commitIndex()),
            opened.commitIndex(),
            recovered.health().damaged());
    return new RaftCore(
        settings(options, probe), recovery, scheduler::random, scheduler.nanoTime());
  }

  private static CoreSettings settings(RaftOptions options, Probe probe) {
    Map<String, Integer> priorities = new TreeMap<>();
    for (Member member : options.getMembers()) {
      priorities.put(member.getNodeId(), member.getPriority());
    }
    long stallMs = options.getStorageStallMs();
    return new CoreSettings(
        options.getGroupId(),
        options.getNodeId(),
        Configuration.of(priorities.keySet()),
        priorities,
        nanos(options.getElectionTimeoutMs()),
        nanos(options.getHeartbeatIntervalMs()),
        options.getClockDriftMaxPercent(),
        nanos(options.getTransferTimeoutMs()),
        nanos(stallMs == 0 ? 2 * options.getElectionTimeoutMs() : stallMs),
        options.getAppendEntriesMax(),
        options.getAppendBytesMax(),
        options.getReplicationMessagesInFlightMax(),
        options.getReplicationBytesInFlightMax(),
        probe);
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
