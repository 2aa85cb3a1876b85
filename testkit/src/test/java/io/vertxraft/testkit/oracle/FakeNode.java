package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.testkit.DiskImage;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.snapshot.SnapshotShelf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node that does what a test says, right or wrong. */
final class FakeNode implements NodeProbe {
  private final EntryCodec codec = new EntryCodec("g");
  private final String nodeId;
  final LogChain log = new LogChain();
  final DiskImage disk = new DiskImage();
  final SnapshotShelf shelf = new SnapshotShelf();
  int life = 1;
  boolean running = true;
  long term;
  String votedFor;
  boolean leader;
  long commitIndex;
  long durableIndex;
  boolean shortOfRoom;
  final Map<String, Long> matchIndexes = new HashMap<>();

  FakeNode(String nodeId) {
    this.nodeId = nodeId;
  }

  /** Takes part in {@code newTerm}, in memory and on disk. */
  FakeNode inTerm(long newTerm, String vote) {
    term = newTerm;
    votedFor = vote;
    disk.apply(new StorageWrite(new HardState(newTerm, vote), 0, List.of()));
    return this;
  }

  FakeNode leads(long newTerm) {
    inTerm(newTerm, nodeId);
    leader = true;
    return this;
  }

  FakeNode follows(long newTerm) {
    inTerm(newTerm, null);
    leader = false;
    return this;
  }

  /** Appends commands to the log and the disk, the payload telling them apart. */
  FakeNode appends(long entryTerm, int... payloads) {
    writes(log.lastIndex() + 1, 0, entryTerm, payloads);
    return this;
  }

  /** Appends commands to the log, but not to the disk. */
  FakeNode appendsInMemory(long entryTerm, int payload) {
    log.append(entry(log.lastIndex() + 1, entryTerm, payload));
    return this;
  }

  /** Removes everything from {@code index} on and appends one command there. */
  FakeNode replaces(long index, long entryTerm, int payload) {
    log.truncateFrom(index);
    writes(index, index, entryTerm, payload);
    return this;
  }

  private void writes(long from, long truncateFrom, long entryTerm, int... payloads) {
    List<LogEntry> entries = new ArrayList<>();
    for (int payload : payloads) {
      LogEntry entry = entry(from + entries.size(), entryTerm, payload);
      entries.add(entry);
      log.append(entry);
    }
    disk.apply(new StorageWrite(null, truncateFrom, entries));
  }

  private LogEntry entry(long index, long entryTerm, int payload) {
    return codec.encode(index, entryTerm, EntryType.COMMAND, new byte[] {(byte) payload});
  }

  FakeNode commits(long index) {
    commitIndex = index;
    return this;
  }

  /** The log begins after {@code index}, in memory and on disk. */
  FakeNode cutsLogUpTo(long index) {
    log.truncatePrefix(index + 1);
    disk.truncatePrefix(index + 1);
    return this;
  }

  FakeNode restarts() {
    life++;
    leader = false;
    commitIndex = 0;
    term = disk.hardState().term();
    votedFor = disk.hardState().votedFor();
    log.copyFrom(disk.log());
    return this;
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public int life() {
    return life;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public long term() {
    return term;
  }

  @Override
  public String votedFor() {
    return votedFor;
  }

  @Override
  public boolean isLeader() {
    return leader;
  }

  @Override
  public long commitIndex() {
    return commitIndex;
  }

  @Override
  public boolean isShortOfRoom() {
    return shortOfRoom;
  }

  @Override
  public long durableIndex() {
    return durableIndex;
  }

  @Override
  public long matchIndex(String follower) {
    return matchIndexes.getOrDefault(follower, 0L);
  }

  @Override
  public long lastIndex() {
    return log.lastIndex();
  }

  @Override
  public long lastTerm() {
    return log.lastTerm();
  }

  @Override
  public LogChain log() {
    return log;
  }

  @Override
  public DiskImage disk() {
    return disk;
  }

  @Override
  public SnapshotShelf snapshots() {
    return shelf;
  }
}
