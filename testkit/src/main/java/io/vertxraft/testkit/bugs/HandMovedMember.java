package io.vertxraft.testkit.bugs;

import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.Progress;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.Recovery;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.DiskImage;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.oracle.NodeProbe;
import io.vertxraft.testkit.oracle.OracleSuite;
import io.vertxraft.testkit.oracle.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One core of a {@link HandMovedGroup} with its disk; every event is a turn of its own. */
final class HandMovedMember implements NodeProbe {
  private static final String GROUP = "sim";
  private static final long CACHE_BYTES = 1 << 20;

  private final HandMovedGroup group;
  private final String nodeId;
  private final DiskImage disk = new DiskImage();
  private final DiskImage accepted = new DiskImage();
  private final List<Long> granted = new ArrayList<>();
  private final ArrayDeque<Effects.Persist> writes = new ArrayDeque<>();

  /** Terms of the commands proposed in this life, by index. */
  private final TreeMap<Long, Long> proposed = new TreeMap<>();

  private RaftCore core;
  private int life;
  private long stateHash;

  HandMovedMember(HandMovedGroup group, String nodeId) {
    this.group = group;
    this.nodeId = nodeId;
  }

  void boot() {
    life++;
    accepted.copyFrom(disk);
    writes.clear();
    proposed.clear();
    stateHash = ChainHash.EMPTY;
    RecoveredLog recovered = disk.recovered();
    LogView log =
        new LogView(
            recovered.firstIndex(),
            recovered.lastIndex(),
            recovered.prevTerm(),
            recovered.termRuns().stream().mapToLong(RecoveredLog.TermRun::firstIndex).toArray(),
            recovered.termRuns().stream().mapToLong(RecoveredLog.TermRun::term).toArray(),
            CACHE_BYTES);
    core =
        new RaftCore(settings(), Recovery.of(recovered.hardState(), log), bound -> 0, group.now());
    oracles().afterStep(this);
  }

  private CoreSettings settings() {
    return new CoreSettings(
        GROUP,
        nodeId,
        group.configuration(),
        Map.of(),
        HandMovedGroup.ELECTION_TIMEOUT,
        HandMovedGroup.HEARTBEAT,
        HandMovedGroup.CLOCK_DRIFT_PERCENT,
        HandMovedGroup.ELECTION_TIMEOUT,
        HandMovedGroup.STORAGE_STALL,
        group.appendEntriesMax(),
        1 << 20,
        64,
        1 << 20,
        Probe.NONE);
  }

  private OracleSuite oracles() {
    return group.oracles();
  }

  /** The core, for looking; null if the member is down. */
  RaftCore core() {
    return core;
  }

  /** Loses everything that is not on disk. */
  void crash() {
    core = null;
    writes.clear();
  }

  /** Lets the member's own deadline pass. */
  void timeOut() {
    group.pass(core.deadline() - group.now());
    step(raft -> raft.tick(group.now()));
  }

  void receive(String from, RaftMessage message) {
    if (core != null) {
      step(raft -> raft.receive(from, message, group.now()));
    }
  }

  /** Appends a command if the member leads. */
  void propose(String command) {
    byte[] payload = command.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = EntryCodec.allocate(payload.length);
    System.arraycopy(payload, 0, bytes, EntryCodec.HEADER_BYTES, payload.length);
    step(
        raft -> {
          long index = raft.propose(List.of(bytes));
          proposed.put(index, raft.term());
        });
  }

  /**
   * Begins a read; the index that it may be answered at, as soon as that is known, is among {@link
   * #granted()}.
   */
  void read(boolean byLease) {
    step(raft -> raft.leadership().read(0, byLease, group.now()));
  }

  /** The indexes granted to reads so far. */
  List<Long> granted() {
    return granted;
  }

  /** Completes all writes; whether there were any. */
  boolean sync() {
    boolean any = !writes.isEmpty();
    while (!writes.isEmpty()) {
      syncOne();
    }
    return any;
  }

  /** Completes writes, the oldest first, until the disk reaches an index or none waits. */
  void syncUpTo(long index) {
    while (!writes.isEmpty() && disk.lastIndex() < index) {
      syncOne();
    }
  }

  /** Completes the oldest write. */
  void syncOne() {
    Effects.Persist write = writes.poll();
    disk.apply(storageWrite(write));
    write.messages().forEach(this::send);
    step(raft -> raft.persisted(write.seq(), group.now()));
  }

  private void step(Consumer<RaftCore> event) {
    try {
      event.accept(core);
      oracles().afterStep(this);
      carryOut(core.endTurn(group.now()));
      oracles().afterStep(this);
      apply();
    } catch (IllegalStateException e) {
      // The product has found the contradiction itself.
      throw new Violation(Stories.SELF, e.getMessage(), 0, group.now(), e);
    }
  }

  private void carryOut(Effects effects) {
    effects.sends().forEach(this::send);
    Effects.Persist persist = effects.persist();
    if (persist != null && !persist.nothingToWrite()) {
      accepted.apply(storageWrite(persist));
      writes.add(persist);
    } else if (persist != null && writes.isEmpty()) {
      persist.messages().forEach(this::send);
    } else if (persist != null) {
      writes.peekLast().messages().addAll(persist.messages());
    }
    effects.reads().stream()
        .filter(Effects.Read::isGranted)
        .forEach(read -> granted.add(read.index()));
    for (Effects.Load load : effects.loads()) {
      List<LogEntry> entries = new ArrayList<>();
      for (long index = load.fromIndex(); index <= load.toIndex(); index++) {
        entries.add(disk.log().entryAt(index));
      }
      core.loaded(load, entries, group.now());
      carryOut(core.endTurn(group.now()));
    }
  }

  private static StorageWrite storageWrite(Effects.Persist persist) {
    return new StorageWrite(persist.hardState(), persist.truncateFrom(), persist.entries());
  }

  private void send(Effects.Outbound outbound) {
    oracles().sent(nodeId, outbound.to(), outbound.message());
    group.send(nodeId, outbound.to(), (RaftMessage) outbound.message());
  }

  /** The state machine applies at once; who proposed a command here hears of it. */
  private void apply() {
    while (core.appliedIndex() < core.commitIndex()) {
      LogEntry entry = accepted.log().entryAt(core.appliedIndex() + 1);
      if (entry.type() == EntryType.COMMAND) {
        long payloadHash = ChainHash.payload(entry);
        stateHash = ChainHash.link(stateHash, payloadHash);
        oracles().applied(this, entry.index(), entry.term(), payloadHash, stateHash);
        Long term = proposed.remove(entry.index());
        if (term != null && term == entry.term()) {
          oracles().acknowledged(entry.index(), payloadHash);
        }
      }
      core.applied(entry.index());
      oracles().afterStep(this);
    }
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public int life() {
    return core == null ? 0 : life;
  }

  @Override
  public boolean isRunning() {
    return core != null;
  }

  @Override
  public long term() {
    return core.term();
  }

  @Override
  public String votedFor() {
    return core.votedFor();
  }

  @Override
  public boolean isLeader() {
    return core != null && core.isLeader();
  }

  @Override
  public long durableIndex() {
    return core.log().durableIndex();
  }

  @Override
  public long matchIndex(String follower) {
    for (Progress progress : core.followers()) {
      if (progress.nodeId().equals(follower)) {
        return progress.matchIndex();
      }
    }
    return 0;
  }

  @Override
  public long commitIndex() {
    return core.commitIndex();
  }

  @Override
  public long lastIndex() {
    return core.log().lastIndex();
  }

  @Override
  public long lastTerm() {
    return core.log().lastTerm();
  }

  @Override
  public LogChain log() {
    return accepted.log();
  }

  @Override
  public DiskImage disk() {
    return disk;
  }
}
