package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.DelegatingStateMachine;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.oracle.SnapshotContent;
import java.util.List;

/**
 * Reports what a state machine applies, saves and loads, for any state machine: index, term, hash
 * of the command, and a hash over all commands and replies so far, which differs as soon as two
 * members reply differently. The hash goes into each snapshot, and so lives on where it is loaded.
 */
public final class RecordingStateMachine extends DelegatingStateMachine {
  /** Files of the state machine itself are below this directory. */
  private static final String DIRECTORY = "application/";

  /** Hears of each applied command, and of snapshots. */
  public interface Listener {
    /** A command was applied. Called in log order, when the batch has been applied. */
    void applied(long index, long term, long payloadHash, long stateHash);

    /** The state is to be saved, as that at {@code index}. */
    void saving(long index, long term, long stateHash);

    /** A saved state was loaded. */
    void loaded(long index, long term, long stateHash);
  }

  private final Listener listener;
  private long stateHash = ChainHash.EMPTY;

  /** Wraps the state machine of one life of a node. */
  public RecordingStateMachine(StateMachine delegate, Listener listener) {
    super(delegate);
    this.listener = listener;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    return super.apply(batch).onSuccess(replies -> record(batch, replies));
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    Buffer hash = Buffer.buffer().appendLong(stateHash);
    listener.saving(writer.lastIndex(), writer.lastTerm(), stateHash);
    return super.saveSnapshot(new PartialWriter(writer, DIRECTORY))
        .compose(done -> writer.write(SnapshotContent.HASH_FILE, hash));
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return super.loadSnapshot(new PartialReader(reader, DIRECTORY))
        .compose(done -> reader.read(SnapshotContent.HASH_FILE))
        .onSuccess(
            hash -> {
              stateHash = hash.getLong(0);
              listener.loaded(reader.lastIndex(), reader.lastTerm(), stateHash);
            })
        .mapEmpty();
  }

  private void record(List<Command> batch, List<Buffer> replies) {
    long entryHash = 0;
    for (int i = 0; i < batch.size() && i < replies.size(); i++) {
      Command command = batch.get(i);
      long payloadHash = ChainHash.bytes(command.payload().getBytes());
      stateHash = ChainHash.link(stateHash, command.index() ^ payloadHash);
      stateHash = ChainHash.link(stateHash, ChainHash.bytes(replies.get(i).getBytes()));
      boolean begins = i == 0 || batch.get(i - 1).index() != command.index();
      boolean ends = i + 1 == batch.size() || batch.get(i + 1).index() != command.index();
      entryHash = begins ? payloadHash : ChainHash.link(entryHash, payloadHash);
      if (ends) {
        listener.applied(command.index(), command.term(), entryHash, stateHash);
      }
    }
  }
}
