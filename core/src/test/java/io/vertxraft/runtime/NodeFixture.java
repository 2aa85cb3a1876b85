package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Consistency;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A node with a disk, a network and a clock that do what the test says. */
final class NodeFixture {
  private record Write(Runnable change, Promise<Void> done) {}

  /** A message and whom it is for. */
  record Sent(String to, Message message) {}

  final ManualScheduler scheduler = new ManualScheduler();
  final List<LogEntry> disk = new ArrayList<>();
  final List<Message> sent = new ArrayList<>();
  final List<Sent> outbox = new ArrayList<>();

  /** The group's snapshots. */
  final MemorySnapshots snapshots = new MemorySnapshots(scheduler);

  /** Where the log on disk begins, and the term of the entry before. */
  long diskFirst = 1;

  long diskPrevTerm;
  HardState diskHardState = HardState.INITIAL;
  final List<String> readsBeyondDurable = new ArrayList<>();
  StateMachine stateMachine = StateMachine.of(command -> command.payload());
  Transport.Receiver receiver;

  /** If set, reads wait for it. */
  Promise<List<LogEntry>> heldRead;

  /** What is found when the storage is opened; entries belong to {@link #disk} as well. */
  RecoveredLog recovered = RecoveredLog.empty();

  /** Whether the node has said that it is whole again. */
  boolean healed;

  private Room room = Room.UNLIMITED;
  private Consumer<Room> roomHandler = ignored -> {};
  boolean diskIsStuck;
  StorageException diskFailure;
  private final ArrayDeque<Write> writes = new ArrayDeque<>();

  /** Why the log was given up, if it was. */
  String discarded;

  /** If set, the state machine's context is never released. */
  boolean contextStaysOpen;

  static RaftOptions options(int size) {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      members.add(new Member("n" + i, "host" + i, 7_100 + i));
    }
    return new RaftOptions().setNodeId("n1").setMembers(members);
  }

  NodeRuntime start(RaftOptions options) {
    NodeRuntime node = create(options);
    node.start();
    scheduler.run();
    return node;
  }

  NodeRuntime create(RaftOptions options) {
    return new NodeRuntime(
        options,
        new Current(),
        new StateMachineContext() {
          @Override
          public Future<Executor> open() {
            return Future.succeededFuture(scheduler);
          }

          @Override
          public Future<Void> close() {
            return contextStaysOpen ? Promise.<Void>promise().future() : Future.succeededFuture();
          }
        },
        new Storage(),
        new Network(),
        scheduler,
        Probe.NONE);
  }

  /** What the next life of the node will find on its disk. */
  void recover() {
    List<RecoveredLog.TermRun> runs = new ArrayList<>();
    for (LogEntry entry : disk) {
      if (runs.isEmpty() || runs.get(runs.size() - 1).term() != entry.term()) {
        runs.add(new RecoveredLog.TermRun(entry.index(), entry.term()));
      }
    }
    recovered =
        new RecoveredLog(
            diskHardState, diskFirst, diskLast(), diskPrevTerm, runs, recovered.health());
  }

  long diskLast() {
    return diskFirst + disk.size() - 1;
  }

  private long diskTermAt(long index) {
    return index == diskFirst - 1 ? diskPrevTerm : disk.get((int) (index - diskFirst)).term();
  }

  /** Whatever state machine the test has put in place by now. */
  private final class Current implements StateMachine {
    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      return stateMachine.apply(batch);
    }

    @Override
    public Future<Buffer> query(Buffer query) {
      return stateMachine.query(query);
    }

    @Override
    public Future<Long> durableAppliedIndex() {
      return stateMachine.durableAppliedIndex();
    }

    @Override
    public Future<Void> saveSnapshot(SnapshotWriter writer) {
      return stateMachine.saveSnapshot(writer);
    }

    @Override
    public Future<Void> loadSnapshot(SnapshotReader reader) {
      return stateMachine.loadSnapshot(reader);
    }
  }

  /** Starts a single-member group and waits until it leads. */
  NodeRuntime lead(RaftOptions options) {
    NodeRuntime node = start(options);
    for (int i = 0; i < 30 && !node.core().isReady(); i++) {
      scheduler.advance(100_000_000L);
    }
    return node;
  }

  Future<Buffer> apply(NodeRuntime node, String command) {
    Future<Buffer> result = node.apply(Buffer.buffer(command));
    scheduler.run();
    return result;
  }

  /** The disk is short of room, or has room again. */
  void room(Room newRoom) {
    room = newRoom;
    roomHandler.accept(newRoom);
    scheduler.run();
  }

  Future<Buffer> read(NodeRuntime node, Consistency consistency, String query) {
    Future<Buffer> result = node.read(consistency, Buffer.buffer(query));
    scheduler.run();
    return result;
  }

  /** Completes all writes. */
  void sync() {
    for (Write write = writes.poll(); write != null; write = writes.poll()) {
      if (diskFailure != null) {
        write.done().fail(diskFailure);
      } else {
        write.change().run();
        write.done().complete();
      }
    }
  }

  private void store(StorageWrite write) {
    if (write.hardState() != null) {
      diskHardState = write.hardState();
    }
    if (write.newStart() != null) {
      disk.clear();
      diskFirst = write.newStart().firstIndex();
      diskPrevTerm = write.newStart().prevTerm();
    }
    if (write.truncateFrom() > 0) {
      disk.subList((int) (write.truncateFrom() - diskFirst), disk.size()).clear();
    }
    disk.addAll(write.entries());
  }

  private void dropPrefix(long firstIndex) {
    if (firstIndex > diskFirst) {
      diskPrevTerm = diskTermAt(firstIndex - 1);
      disk.subList(0, (int) (firstIndex - diskFirst)).clear();
      diskFirst = firstIndex;
    }
  }

  private Future<Void> inOrder(Runnable change) {
    Promise<Void> done = Promise.promise();
    writes.add(new Write(change, done));
    if (!diskIsStuck) {
      scheduler.execute(this::sync);
    }
    return done.future();
  }

  private final class Storage implements RaftStorage, GroupStorage {
    @Override
    public Future<GroupStorage> open(GroupIdentity identity, Executor context) {
      return Future.succeededFuture(this);
    }

    @Override
    public RecoveredLog recovered() {
      return recovered;
    }

    @Override
    public Future<Void> requireVoters(Set<String> ids) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> write(StorageWrite write) {
      return inOrder(() -> store(write));
    }

    @Override
    public Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax) {
      if (heldRead != null) {
        return heldRead.future();
      }
      if (toIndex > diskLast()) {
        readsBeyondDurable.add(fromIndex + ".." + toIndex);
        return Future.failedFuture("not durable");
      }
      if (fromIndex < diskFirst) {
        return Future.failedFuture(new IllegalArgumentException(fromIndex + " is gone"));
      }
      return Future.succeededFuture(
          List.copyOf(
              disk.subList((int) (fromIndex - diskFirst), (int) (toIndex - diskFirst + 1))));
    }

    @Override
    public Future<Void> truncatePrefix(long firstIndex) {
      return inOrder(() -> dropPrefix(firstIndex));
    }

    @Override
    public Future<Void> discardDamaged(String detail) {
      return inOrder(
          () -> {
            discarded = detail;
            disk.clear();
            diskFirst = 1;
            diskPrevTerm = 0;
          });
    }

    @Override
    public SnapshotStorage snapshots() {
      return snapshots;
    }

    @Override
    public Future<Void> healed() {
      healed = true;
      return Future.succeededFuture();
    }

    @Override
    public Room room() {
      return room;
    }

    @Override
    public void roomHandler(Consumer<Room> handler) {
      roomHandler = handler;
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  private final class Network implements Transport, Transport.Endpoint {
    @Override
    public Future<Endpoint> join(
        GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver inbound) {
      receiver = inbound;
      return Future.succeededFuture(this);
    }

    @Override
    public void send(String to, Message message) {
      sent.add(message);
      outbox.add(new Sent(to, message));
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
