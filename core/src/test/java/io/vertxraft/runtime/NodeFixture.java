package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A node with a disk, a network and a clock that do what the test says. */
final class NodeFixture {
  private record Write(StorageWrite write, Promise<Void> done) {}

  final ManualScheduler scheduler = new ManualScheduler();
  final List<LogEntry> disk = new ArrayList<>();
  final List<Message> sent = new ArrayList<>();
  final List<String> readsBeyondDurable = new ArrayList<>();
  StateMachine stateMachine = StateMachine.of(command -> command.payload());
  Transport.Receiver receiver;

  /** If set, reads wait for it. */
  Promise<List<LogEntry>> heldRead;

  boolean diskIsStuck;
  StorageException diskFailure;
  private final ArrayDeque<Write> writes = new ArrayDeque<>();

  static RaftOptions options(int size) {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      members.add(new Member("n" + i, "host" + i, 7_100 + i));
    }
    return new RaftOptions().setNodeId("n1").setMembers(members);
  }

  NodeRuntime start(RaftOptions options) {
    NodeRuntime node =
        new NodeRuntime(
            options,
            batch -> stateMachine.apply(batch),
            StateMachineContext.of(scheduler),
            new Storage(),
            new Network(),
            scheduler,
            Probe.NONE);
    node.start();
    scheduler.run();
    return node;
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

  /** Completes all writes. */
  void sync() {
    for (Write write = writes.poll(); write != null; write = writes.poll()) {
      if (diskFailure != null) {
        write.done().fail(diskFailure);
      } else {
        store(write.write());
        write.done().complete();
      }
    }
  }

  private void store(StorageWrite write) {
    if (write.truncateFrom() > 0) {
      disk.subList((int) write.truncateFrom() - 1, disk.size()).clear();
    }
    disk.addAll(write.entries());
  }

  private final class Storage implements RaftStorage, GroupStorage {
    @Override
    public Future<GroupStorage> open(GroupIdentity identity, Executor context) {
      return Future.succeededFuture(this);
    }

    @Override
    public RecoveredLog recovered() {
      return RecoveredLog.empty();
    }

    @Override
    public Future<Void> write(StorageWrite write) {
      Promise<Void> done = Promise.promise();
      writes.add(new Write(write, done));
      if (!diskIsStuck) {
        scheduler.execute(NodeFixture.this::sync);
      }
      return done.future();
    }

    @Override
    public Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax) {
      if (heldRead != null) {
        return heldRead.future();
      }
      if (toIndex > disk.size()) {
        readsBeyondDurable.add(fromIndex + ".." + toIndex);
        return Future.failedFuture("not durable");
      }
      return Future.succeededFuture(List.copyOf(disk.subList((int) fromIndex - 1, (int) toIndex)));
    }

    @Override
    public Future<Void> truncatePrefix(long firstIndex) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> healed() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Room room() {
      return Room.UNLIMITED;
    }

    @Override
    public void roomHandler(Consumer<Room> handler) {}

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
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
