package io.vertxraft.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.SnapshotManifest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A member whose leader is the test: n1 follows n2. The command at index i is "ci", so that a state
 * tells what was applied to get there.
 */
final class SnapshotFixture {
  static final long SECOND = 1_000_000_000L;
  static final long MS = 1_000_000L;

  final NodeFixture base = new NodeFixture();
  final Ledger ledger = new Ledger();
  final List<RaftEvent> events = new ArrayList<>();
  final EntryCodec codec = new EntryCodec(RaftOptions.DEFAULT_GROUP_ID);
  final RaftOptions options = NodeFixture.options(3).setSnapshots(quiet());

  /** The snapshots that other members have, by last index. */
  final TreeMap<Long, Map<String, Buffer>> remote = new TreeMap<>();

  /** Term of the leader, and of every entry it sends. */
  long term = 1;

  String leader = "n2";
  NodeRuntime node;

  SnapshotFixture() {
    base.stateMachine = ledger;
  }

  /** Nothing happens by itself. */
  static SnapshotOptions quiet() {
    return new SnapshotOptions()
        .setIntervalMs(0)
        .setEntries(0)
        .setLogBytes(0)
        .setRetainEntries(0)
        .setChunkBytes(4)
        .setChunksInFlightMax(2);
  }

  /** Changes the options for snapshots; before the node starts. */
  SnapshotFixture with(Consumer<SnapshotOptions> change) {
    SnapshotOptions changed = new SnapshotOptions(options.getSnapshots());
    change.accept(changed);
    options.setSnapshots(changed);
    return this;
  }

  SnapshotFixture start() {
    node = base.create(options);
    ReadStream<RaftEvent> stream = node.events();
    stream.handler(events::add);
    node.start();
    run();
    return this;
  }

  /** The process ends without a word, and starts again with what is on its disk. */
  SnapshotFixture restart() {
    base.recover();
    base.snapshots.restart();
    ledger.newLife();
    return start();
  }

  /** Starts the only member of a group and waits until it leads. */
  SnapshotFixture lead() {
    options.setMembers(options.getMembers().subList(0, 1));
    start();
    for (int i = 0; i < 30 && !node.core().isReady(); i++) {
      advanceMs(100);
    }
    return this;
  }

  void run() {
    base.scheduler.run();
  }

  void advanceMs(long millis) {
    base.scheduler.advance(millis * MS);
  }

  /** The leader sends the commands from {@code from} to {@code to}, all committed. */
  void commands(long from, long to) {
    commands(from, to, to);
  }

  void commands(long from, long to, long commit) {
    List<LogEntry> entries = new ArrayList<>();
    for (long i = from; i <= to; i++) {
      entries.add(command(i, term));
    }
    long prevTerm = from == 1 ? 0 : term;
    base.receiver.receive(leader, new AppendEntries(term, from - 1, prevTerm, commit, entries));
    run();
  }

  LogEntry command(long index, long entryTerm) {
    return codec.encode(index, entryTerm, EntryType.COMMAND, ("c" + index).getBytes(UTF_8));
  }

  /** The disk of an earlier life: a log of term 1. */
  void diskHas(long first, long last) {
    base.diskFirst = first;
    base.diskPrevTerm = first == 1 ? 0 : 1;
    base.diskHardState = new HardState(1, null);
    for (long i = first; i <= last; i++) {
      base.disk.add(command(i, 1));
    }
    base.recovered = RecoveredLog.empty();
    base.recover();
  }

  /** A snapshot of an earlier life, of term 1. */
  SnapshotManifest diskHasSnapshot(long lastIndex) {
    return base.snapshots.put(head(lastIndex, 1), stateFile(lastIndex));
  }

  static Map<String, Buffer> stateFile(long lastIndex) {
    Map<String, Buffer> files = new LinkedHashMap<>();
    files.put("state", Ledger.stateAt(lastIndex));
    return files;
  }

  SnapshotManifest head(long lastIndex, long lastTerm) {
    return new SnapshotManifest(
        options.getClusterId(),
        options.getGroupId(),
        lastIndex,
        lastTerm,
        lastTerm,
        Configuration.of(
            Set.copyOf(options.getMembers().stream().map(m -> m.getNodeId()).toList())),
        Buffer.buffer(),
        0,
        List.of());
  }

  // --- another member's snapshots ---------------------------------------------------------------

  /** The leader has a snapshot that ends at {@code lastIndex}. */
  SnapshotFixture leaderHas(long lastIndex) {
    remote.put(lastIndex, stateFile(lastIndex));
    return this;
  }

  /** The leader offers its newest snapshot, having nothing before {@code minIndex + 1}. */
  void offer(long lastIndex, long minIndex) {
    base.receiver.receive(leader, new InstallSnapshot(term, lastIndex, term, minIndex));
    run();
  }

  /** The questions for snapshots that were sent since this was called last, and to whom. */
  List<NodeFixture.Sent> questions() {
    List<NodeFixture.Sent> questions = new ArrayList<>();
    Iterator<NodeFixture.Sent> all = base.outbox.iterator();
    while (all.hasNext()) {
      NodeFixture.Sent sent = all.next();
      if (sent.message() instanceof SnapshotRequest) {
        questions.add(sent);
        all.remove();
      }
    }
    return questions;
  }

  /** Answers questions until none is left. */
  void answerAll() {
    List<NodeFixture.Sent> questions = questions();
    while (!questions.isEmpty()) {
      questions.forEach(this::answer);
      run();
      questions = questions();
    }
  }

  void answer(NodeFixture.Sent question) {
    base.receiver.receive(question.to(), answerTo((SnapshotRequest) question.message()));
    run();
  }

  SnapshotReply answerTo(SnapshotRequest request) {
    if (request.file().isEmpty()) {
      Map.Entry<Long, Map<String, Buffer>> newest = remote.lastEntry();
      if (newest == null || newest.getKey() < request.lastIndex()) {
        return refusal(request, SnapshotReply.Outcome.NOT_FOUND);
      }
      Buffer encoded = manifest(newest.getKey()).encode();
      return piece(request, encoded);
    }
    Map<String, Buffer> files = remote.get(request.lastIndex());
    return files == null
        ? refusal(request, SnapshotReply.Outcome.NOT_FOUND)
        : piece(request, files.get(request.file()));
  }

  SnapshotManifest manifest(long lastIndex) {
    return head(lastIndex, term).withFiles(MemorySnapshots.describe(remote.get(lastIndex)));
  }

  private static SnapshotReply piece(SnapshotRequest request, Buffer content) {
    int from = (int) Math.min(request.offset(), content.length());
    int to = Math.min(from + request.bytesMax(), content.length());
    byte[] bytes = content.getBytes(from, to);
    return new SnapshotReply(
        request.requestId(), SnapshotReply.Outcome.OK, bytes, false, bytes.length);
  }

  static SnapshotReply refusal(SnapshotRequest request, SnapshotReply.Outcome outcome) {
    byte[] text = "refused".getBytes(UTF_8);
    return new SnapshotReply(request.requestId(), outcome, text, false, text.length);
  }

  // --- what is seen -----------------------------------------------------------------------------

  Future<SnapshotResult> save() {
    Future<SnapshotResult> result = node.snapshot();
    run();
    return result;
  }

  RaftStatus status() {
    Future<RaftStatus> status = node.status();
    run();
    return status.result();
  }

  SnapshotStatus snapshotStatus() {
    return status().getSnapshots();
  }

  List<String> causes(RaftEventType type) {
    return events.stream().filter(e -> e.getType() == type).map(RaftEvent::getCause).toList();
  }
}
