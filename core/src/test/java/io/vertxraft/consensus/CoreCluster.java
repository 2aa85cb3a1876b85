package io.vertxraft.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.RaftMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A few cores, a network and disks, moved by hand: nothing happens unless the test says so.
 * Messages and writes wait until {@link #settle()} or one of the finer steps lets them through.
 */
final class CoreCluster {
  static final String GROUP = "g";
  static final long ELECTION_TIMEOUT = 1_000;
  static final long HEARTBEAT = 100;
  static final int CLOCK_DRIFT_PERCENT = 10;
  static final long TRANSFER_TIMEOUT = 5_000;
  static final long STORAGE_STALL = 2_000;

  record Packet(String from, String to, Message message) {}

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Configuration configuration;
  private final List<Packet> network = new ArrayList<>();
  private final List<Predicate<Packet>> cuts = new ArrayList<>();
  private final Map<String, Integer> priorities = new TreeMap<>();
  private long now = 1;
  private int inflightMessagesMax = 64;
  private long cacheMax = 1 << 20;
  private Probe probe = Probe.NONE;

  /** Lets {@code newProbe} look at every member, which starts anew. */
  CoreCluster probe(Probe newProbe) {
    probe = newProbe;
    nodes.values().forEach(Node::boot);
    return this;
  }

  void cacheMax(long bytes) {
    cacheMax = bytes;
    nodes.values().forEach(Node::boot);
  }

  void advance(long duration) {
    now += duration;
  }

  Collection<Node> all() {
    return nodes.values();
  }

  private int appendEntriesMax = 16;

  /** Sets how much a member is wanted as leader; all start anew. */
  CoreCluster priority(String id, int priority) {
    priorities.put(id, priority);
    nodes.values().forEach(Node::boot);
    return this;
  }

  CoreCluster(String... ids) {
    configuration = Configuration.of(new TreeSet<>(List.of(ids)));
    for (String id : ids) {
      nodes.put(id, new Node(id));
    }
  }

  CoreCluster inflightMessagesMax(int max) {
    inflightMessagesMax = max;
    nodes.values().forEach(Node::boot);
    return this;
  }

  CoreCluster appendEntriesMax(int max) {
    appendEntriesMax = max;
    nodes.values().forEach(Node::boot);
    return this;
  }

  Node node(String id) {
    return nodes.get(id);
  }

  long now() {
    return now;
  }

  List<Packet> network() {
    return network;
  }

  /** Drops every packet that satisfies {@code rule}, until {@link #heal()}. */
  void cut(Predicate<Packet> rule) {
    cuts.add(rule);
  }

  void isolate(String id) {
    cut(packet -> packet.from().equals(id) || packet.to().equals(id));
  }

  void heal() {
    cuts.clear();
  }

  /** Whether {@code packet} would be dropped. */
  boolean isCut(Packet packet) {
    return cuts.stream().anyMatch(cut -> cut.test(packet));
  }

  /** Lets time pass until the member's deadline has come {@code times} times. */
  void timeOut(String id) {
    Node node = node(id);
    now = Math.max(now, node.core.deadline());
    node.core.tick(now);
    node.endTurn();
  }

  /** Advances time and ticks everybody who is due, settling in between. */
  void run(long duration) {
    long end = now + duration;
    while (now < end) {
      now += HEARTBEAT / 2;
      for (Node node : nodes.values()) {
        if (node.core != null && now - node.core.deadline() >= 0) {
          node.core.tick(now);
          node.endTurn();
        }
      }
      settle();
    }
  }

  /** Delivers all messages and completes all writes, until nothing moves. */
  void settle() {
    boolean moved = true;
    while (moved) {
      moved = deliver(packet -> true) > 0;
      for (Node node : nodes.values()) {
        moved |= node.sync();
      }
    }
  }

  /** Delivers what waits now and satisfies {@code rule}; what is cut is dropped. */
  int deliver(Predicate<Packet> rule) {
    List<Packet> due = new ArrayList<>();
    for (Iterator<Packet> it = network.iterator(); it.hasNext(); ) {
      Packet packet = it.next();
      if (rule.test(packet)) {
        it.remove();
        if (!isCut(packet)) {
          due.add(packet);
        }
      }
    }
    due.forEach(packet -> node(packet.to()).receive(packet));
    return due.size();
  }

  /** Elects {@code id}; a member that is behind needs a second try to learn the term. */
  void elect(String id) {
    for (int tries = 0; tries < 3 && !node(id).core.isLeader(); tries++) {
      timeOut(id);
      settle();
    }
    if (!node(id).core.isLeader()) {
      throw new AssertionError(id + " was not elected: " + node(id).core.roleKind());
    }
  }

  final class Node {
    final String id;
    RaftCore core;
    HardState hardState = HardState.INITIAL;

    /**
     * The log, and before {@link #diskFirst} what a snapshot holds of it: the entry at index i is
     * at i - 1 always.
     */
    final List<LogEntry> disk = new ArrayList<>();

    /** Index of the first entry that the log itself has. */
    long diskFirst = 1;

    /** What went into the newest snapshot; empty while there is none. */
    List<LogEntry> snapshot = List.of();

    /** The term in which that was known to be committed. */
    long snapshotTerm;

    /** The leader's newest offer of a snapshot. */
    Effects.Install offer;

    /** How often a leader has asked for a snapshot to be taken. */
    int snapshotsWanted;

    final List<LogEntry> applied = new ArrayList<>();
    final List<Effects.Notice> notices = new ArrayList<>();

    /** Whether the disk says that it has lost something. */
    boolean damaged;

    private final SplittableRandom random;
    private final ArrayDeque<Effects.Persist> writes = new ArrayDeque<>();

    Node(String id) {
      this.id = id;
      this.random = new SplittableRandom(id.hashCode());
      boot();
    }

    private void boot() {
      logFollowsSnapshot();
      CoreSettings settings =
          new CoreSettings(
              GROUP,
              id,
              configuration,
              priorities,
              ELECTION_TIMEOUT,
              HEARTBEAT,
              CLOCK_DRIFT_PERCENT,
              TRANSFER_TIMEOUT,
              STORAGE_STALL,
              appendEntriesMax,
              1 << 20,
              inflightMessagesMax,
              1 << 20,
              probe);
      long[] starts = new long[disk.size()];
      long[] terms = new long[disk.size()];
      int runs = 0;
      for (LogEntry entry : disk.subList((int) diskFirst - 1, disk.size())) {
        if (runs == 0 || terms[runs - 1] != entry.term()) {
          starts[runs] = entry.index();
          terms[runs++] = entry.term();
        }
      }
      LogView log =
          new LogView(
              diskFirst,
              disk.size(),
              diskFirst == 1 ? 0 : disk.get((int) diskFirst - 2).term(),
              Arrays.copyOf(starts, runs),
              Arrays.copyOf(terms, runs),
              cacheMax);
      int held = snapshot.size();
      Recovery recovery = new Recovery(hardState, log, held, held, damaged);
      core = new RaftCore(settings, recovery, random::nextLong, now);
      core.snapshots().available(held, held == 0 ? 0 : snapshot.get(held - 1).term());
      applied.clear();
      applied.addAll(snapshot);
      offer = null;
      writes.clear();
    }

    /** What a starting member does about a snapshot that its log does not fit to. */
    private void logFollowsSnapshot() {
      int held = snapshot.size();
      if (held == 0) {
        return;
      }
      long term = snapshot.get(held - 1).term();
      if (held > disk.size() || disk.get(held - 1).term() != term) {
        disk.clear();
        disk.addAll(snapshot);
        diskFirst = held + 1L;
      }
      if (hardState.term() < snapshotTerm) {
        hardState = new HardState(snapshotTerm, null);
      }
    }

    /** Loses everything that is not on disk. */
    void crash() {
      core = null;
      writes.clear();
      network.removeIf(packet -> packet.to().equals(id));
    }

    void restart() {
      boot();
    }

    /** Starts anew from a disk with this on it. */
    void restore(HardState state, List<LogEntry> log) {
      hardState = state;
      disk.clear();
      disk.addAll(log);
      boot();
    }

    void crashAndRestart() {
      crash();
      restart();
    }

    /** Proposes commands; the index of the first, or 0 if the member does not lead. */
    long propose(String... commands) {
      List<byte[]> encoded = new ArrayList<>();
      for (String command : commands) {
        byte[] payload = command.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = EntryCodec.allocate(payload.length);
        System.arraycopy(payload, 0, bytes, EntryCodec.HEADER_BYTES, payload.length);
        encoded.add(bytes);
      }
      long index = core.propose(encoded);
      endTurn();
      return index;
    }

    void receive(Packet packet) {
      if (core != null) {
        core.receive(packet.from(), (RaftMessage) packet.message(), now);
        endTurn();
      }
    }

    /** Completes all writes that wait; whether there were any. */
    boolean sync() {
      boolean any = false;
      while (core != null && !writes.isEmpty()) {
        any = true;
        syncOne();
      }
      return any;
    }

    int writesInFlight() {
      return writes.size();
    }

    /** The writes in flight, oldest first. */
    Collection<Effects.Persist> writes() {
      return Collections.unmodifiableCollection(writes);
    }

    /** The entry at {@code index} of the member's log, or of its disk while it is down. */
    LogEntry entry(long index) {
      LogEntry cached = core == null ? null : core.log().entryIfCached(index);
      return cached != null ? cached : disk.get((int) index - 1);
    }

    /** Crashes when the first {@code count} of the writes in flight are durable. */
    void crashAfter(int count) {
      for (int i = 0; i < count; i++) {
        store(writes.poll());
      }
      core = null;
      writes.clear();
    }

    /** Completes the oldest write, if there is one. */
    void syncOne() {
      if (core == null || writes.isEmpty()) {
        return;
      }
      Effects.Persist write = writes.poll();
      store(write);
      write.messages().forEach(out -> network.add(new Packet(id, out.to(), out.message())));
      core.persisted(write.seq(), now);
      endTurn();
    }

    private void store(Effects.Persist write) {
      if (write.hardState() != null) {
        hardState = write.hardState();
      }
      if (write.newStart() != null) {
        disk.clear();
        disk.addAll(snapshot);
        diskFirst = write.newStart().firstIndex();
      }
      if (write.truncateFrom() > 0) {
        disk.subList((int) write.truncateFrom() - 1, disk.size()).clear();
      }
      disk.addAll(write.entries());
    }

    void endTurn() {
      Effects effects = core.endTurn(now);
      effects.sends().forEach(out -> network.add(new Packet(id, out.to(), out.message())));
      if (effects.persist() != null) {
        writes.add(effects.persist());
      }
      notices.addAll(effects.notices());
      if (effects.compactTo() > diskFirst) {
        diskFirst = effects.compactTo();
      }
      if (effects.install() != null) {
        offer = effects.install();
      }
      if (effects.snapshotWanted()) {
        snapshotsWanted++;
      }
      if (effects.restoreIndex() > 0) {
        applied.clear();
        applied.addAll(snapshot);
      }
      for (Effects.Load load : effects.loads()) {
        core.loaded(load, disk.subList((int) load.fromIndex() - 1, (int) load.toIndex()), now);
        endTurn();
      }
      if (effects.commitIndex() > 0) {
        for (long i = applied.size() + 1; i <= effects.commitIndex(); i++) {
          applied.add(entry(i));
        }
        core.applied(effects.commitIndex());
      }
    }

    /** Takes a snapshot of what is applied. */
    Node takeSnapshot() {
      hold(List.copyOf(applied), core.term());
      return this;
    }

    private void hold(List<LogEntry> newSnapshot, long term) {
      snapshot = newSnapshot;
      snapshotTerm = term;
      core.snapshots().available(snapshot.size(), snapshot.get(snapshot.size() - 1).term());
    }

    /** Takes a snapshot, and removes what it holds from the log. */
    void compact() {
      takeSnapshot().compactTo(snapshot.size() + 1L);
    }

    void compactTo(long firstIndex) {
      core.snapshots().compact(firstIndex);
      endTurn();
    }

    /** The newest snapshot of another member is durable here; whether the core takes it. */
    boolean installFrom(Node source) {
      return install(source.snapshot, source.snapshotTerm);
    }

    /** The fetched snapshot is durable here; whether the core takes it. */
    boolean install(List<LogEntry> fetched, long fetchedTerm) {
      List<LogEntry> before = snapshot;
      snapshot = fetched;
      boolean taken =
          core.snapshots()
              .installed(fetched.size(), fetched.get(fetched.size() - 1).term(), fetchedTerm, now);
      if (taken) {
        hold(fetched, fetchedTerm);
      } else {
        snapshot = before;
      }
      endTurn();
      return taken;
    }

    /** The commands applied, in order, no-ops left out. */
    List<String> appliedCommands() {
      return applied.stream().map(CoreCluster::text).filter(text -> !text.isEmpty()).toList();
    }

    /** Term and index of every entry on disk. */
    List<String> diskLog() {
      return disk.stream().map(entry -> entry.term() + "/" + entry.index()).toList();
    }
  }

  static String text(LogEntry entry) {
    byte[] bytes = new byte[entry.payloadBytes()];
    entry.payload().get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static boolean carriesEntries(Packet packet) {
    return packet.message() instanceof AppendEntries append && !append.entries().isEmpty();
  }
}
