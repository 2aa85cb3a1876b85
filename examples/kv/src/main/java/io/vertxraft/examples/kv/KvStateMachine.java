package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.examples.kv.KvReply.KeyInfo;
import io.vertxraft.examples.kv.KvReply.Status;
import io.vertxraft.examples.kv.KvState.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * The replicated map. Each entry remembers the log index and term of its last write, which clients
 * see as its version. Confined to the state machine's context.
 *
 * <p>Bytes that are no command are answered as malformed, alike on every member. A command of a
 * later format version fails this member: to skip what newer members apply would make them differ.
 */
public final class KvStateMachine implements StateMachine {
  /** Bytes that an entry is counted with in addition to its key and value: {@value}. */
  public static final int ENTRY_OVERHEAD_BYTES = 128;

  private final KvSnapshot snapshot;
  private KvState state = KvState.EMPTY;
  private boolean replaced;

  /** An empty map. */
  public KvStateMachine() {
    this(new KvSnapshot());
  }

  KvStateMachine(KvSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    List<Buffer> replies = new ArrayList<>(batch.size());
    for (Command command : batch) {
      replies.add(KvCodec.encode(apply(command.index(), command.term(), command.payload())));
    }
    return Future.succeededFuture(replies);
  }

  /** Applies one command that stands at {@code index} in the log. */
  KvReply apply(long index, long term, Buffer payload) {
    KvCommand command;
    try {
      command = KvCodec.decodeCommand(payload);
    } catch (KvCodec.UnknownVersionException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      return KvReply.of(Status.MALFORMED, index, term);
    }
    return command instanceof KvCommand.Put put
        ? put(put, index, term)
        : delete((KvCommand.Delete) command, index, term);
  }

  @Override
  public Future<Buffer> query(Buffer query) {
    if (replaced) {
      return Future.failedFuture(
          Problem.rejected(503, "the map is being replaced by that of a snapshot"));
    }
    return Future.succeededFuture(KvCodec.encode(answer(KvCodec.decodeQuery(query))));
  }

  /** Takes the state as it is now, which costs nothing, and writes it while the map goes on. */
  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return snapshot.save(state, writer);
  }

  /** Lets go of the present state first: two of them may be more than the heap holds. */
  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    replaced = true;
    state = KvState.EMPTY;
    return snapshot
        .load(reader)
        .map(
            loaded -> {
              state = loaded;
              replaced = false;
              return null;
            });
  }

  /** Answers a query from the map as it is. */
  KvReply answer(KvQuery query) {
    return query instanceof KvQuery.Get get ? get(get.key()) : list((KvQuery.List) query);
  }

  /** Bytes held: keys, values and {@link #ENTRY_OVERHEAD_BYTES} per entry. */
  long bytes() {
    return state.bytes();
  }

  private KvReply put(KvCommand.Put put, long index, long term) {
    Entry current = state.get(put.key());
    if (!put.condition().holds(indexOf(current))) {
      return refusal(Status.PRECONDITION_FAILED, current);
    }
    Entry next = new Entry(put.value().getBytes(), index, term);
    KvState after = state.with(put.key(), current, next);
    // A write that makes the map smaller is welcome even when it is too full.
    if (after.bytes() > put.storeBytesMax() && after.bytes() > state.bytes()) {
      return refusal(Status.STORE_FULL, current);
    }
    state = after;
    return KvReply.of(Status.OK, index, term);
  }

  private KvReply delete(KvCommand.Delete delete, long index, long term) {
    Entry current = state.get(delete.key());
    if (!delete.condition().holds(indexOf(current))) {
      return refusal(Status.PRECONDITION_FAILED, current);
    }
    if (current == null) {
      return KvReply.of(Status.NOT_FOUND, 0, 0);
    }
    state = state.with(delete.key(), current, null);
    return KvReply.of(Status.OK, index, term);
  }

  private KvReply get(KvKey key) {
    Entry entry = state.get(key);
    return entry == null
        ? KvReply.of(Status.NOT_FOUND, 0, 0)
        : KvReply.value(entry.index(), entry.term(), Buffer.buffer(entry.value()));
  }

  private KvReply list(KvQuery.List list) {
    boolean fromPrefix = list.after().compareTo(list.prefix()) < 0;
    NavigableMap<KvKey, Entry> tail =
        state.entries().tailMap(fromPrefix ? list.prefix() : list.after(), fromPrefix);
    List<KeyInfo> keys = new ArrayList<>();
    for (var entry : tail.entrySet()) {
      if (!entry.getKey().startsWith(list.prefix())) {
        break;
      }
      if (keys.size() == list.limit()) {
        return KvReply.listing(keys, true);
      }
      Entry stored = entry.getValue();
      keys.add(new KeyInfo(entry.getKey(), stored.index(), stored.value().length));
    }
    return KvReply.listing(keys, false);
  }

  private static KvReply refusal(Status status, Entry current) {
    return KvReply.of(status, indexOf(current), current == null ? 0 : current.term());
  }

  private static long indexOf(Entry entry) {
    return entry == null ? 0 : entry.index();
  }
}
