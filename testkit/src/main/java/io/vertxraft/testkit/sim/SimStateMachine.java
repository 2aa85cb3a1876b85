package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.testkit.ChainHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A small deterministic state machine: registers, lists and counters, one per key ({@link
 * KeyModel}), and a hash over everything applied. Its replies tell where a command was applied and
 * to which state, so that checks can compare. A snapshot of it has one file for each part of the
 * keys, so that some of them are the same from one snapshot to the next.
 */
public final class SimStateMachine implements StateMachine {
  private final Map<Integer, Long> numbers = new HashMap<>();
  private final Map<Integer, List<Long>> lists = new HashMap<>();
  private final RaftScheduler scheduler;
  private final SimRandom random;
  private final long batchNanosMean;
  private long stateHash = ChainHash.EMPTY;
  private long lastIndex;

  /** Applies each batch at once. */
  public SimStateMachine() {
    this(null, null, 0);
  }

  /**
   * Takes its time for each batch.
   *
   * @param scheduler provides the time
   * @param random draws it
   * @param batchNanosMean mean time per batch, exponentially distributed
   */
  public SimStateMachine(RaftScheduler scheduler, SimRandom random, long batchNanosMean) {
    this.scheduler = scheduler;
    this.random = random;
    this.batchNanosMean = batchNanosMean;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    List<Buffer> replies = new ArrayList<>(batch.size());
    for (Command command : batch) {
      replies.add(apply(command));
    }
    if (batchNanosMean == 0) {
      return Future.succeededFuture(replies);
    }
    Promise<List<Buffer>> promise = Promise.promise();
    scheduler.schedule(random.exponential(batchNanosMean), () -> promise.complete(replies));
    return promise.future();
  }

  /** Reads a key, as {@link SimCommand.Operation#GET} does through the log. */
  @Override
  public Future<Buffer> query(Buffer query) {
    SimCommand decoded = SimCommand.decode(query);
    if (decoded.operation() != SimCommand.Operation.GET) {
      return Future.failedFuture(notFor(decoded));
    }
    SimReply reply =
        KeyModel.of(decoded.key()) == KeyModel.LIST
            ? operateOnList(decoded)
            : new SimReply(lastIndex, stateHash, operateOnNumber(decoded), List.of());
    return Future.succeededFuture(reply.encode());
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return SimState.save(writer, lastIndex, stateHash, numbers, lists);
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return SimState.load(reader)
        .onSuccess(
            state -> {
              lastIndex = state.lastIndex();
              stateHash = state.stateHash();
              numbers.clear();
              numbers.putAll(state.numbers());
              lists.clear();
              lists.putAll(state.lists());
            })
        .mapEmpty();
  }

  private Buffer apply(Command command) {
    Buffer payload = command.payload();
    SimCommand decoded = SimCommand.decode(payload);
    lastIndex = command.index();
    stateHash = ChainHash.link(stateHash, lastIndex);
    stateHash = ChainHash.link(stateHash, ChainHash.bytes(payload.getBytes()));
    if (KeyModel.of(decoded.key()) == KeyModel.LIST) {
      return operateOnList(decoded).encode();
    }
    return new SimReply(lastIndex, stateHash, operateOnNumber(decoded), List.of()).encode();
  }

  private long operateOnNumber(SimCommand command) {
    int key = command.key();
    long before = number(key);
    return switch (command.operation()) {
      case GET -> before;
      case PUT -> {
        numbers.put(key, command.value());
        yield before;
      }
      case CAS -> {
        if (before == command.expected()) {
          numbers.put(key, command.value());
        }
        yield before;
      }
      case ADD -> {
        numbers.put(key, before + command.value());
        yield before + command.value();
      }
      case APPEND -> throw notFor(command);
    };
  }

  private SimReply operateOnList(SimCommand command) {
    List<Long> list = lists.computeIfAbsent(command.key(), key -> new ArrayList<>());
    return switch (command.operation()) {
      case GET -> new SimReply(lastIndex, stateHash, list.size(), list);
      case APPEND -> {
        list.add(command.value());
        yield new SimReply(lastIndex, stateHash, list.size(), List.of());
      }
      case PUT, CAS, ADD -> throw notFor(command);
    };
  }

  private static IllegalArgumentException notFor(SimCommand command) {
    KeyModel model = KeyModel.of(command.key());
    return new IllegalArgumentException(
        "%s: key %d is a %s and takes %s"
            .formatted(command, command.key(), model, model.operations()));
  }

  /** The value of a register or counter; 0 at first. */
  public long number(int key) {
    return numbers.getOrDefault(key, 0L);
  }

  /** The elements of a list; none at first. */
  public List<Long> list(int key) {
    return List.copyOf(lists.getOrDefault(key, List.of()));
  }

  /** Index of the last command applied, 0 if none. */
  public long lastIndex() {
    return lastIndex;
  }

  /** Hash over all commands applied. */
  public long stateHash() {
    return stateHash;
  }
}
