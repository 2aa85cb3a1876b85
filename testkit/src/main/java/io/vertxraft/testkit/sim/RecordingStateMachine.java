package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.ChainHash;
import java.util.List;

/**
 * Reports what a state machine applies, for any state machine: index, term, hash of the command,
 * and a hash over all commands and replies so far, which differs as soon as two members reply
 * differently.
 */
public final class RecordingStateMachine implements StateMachine {
  /** Hears of each applied command. */
  @FunctionalInterface
  public interface Listener {
    /** Called in log order, when the batch has been applied. */
    void applied(long index, long term, long payloadHash, long stateHash);
  }

  private final StateMachine delegate;
  private final Listener listener;
  private long stateHash = ChainHash.EMPTY;

  /** Wraps the state machine of one life of a node. */
  public RecordingStateMachine(StateMachine delegate, Listener listener) {
    this.delegate = delegate;
    this.listener = listener;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    return delegate.apply(batch).onSuccess(replies -> record(batch, replies));
  }

  @Override
  public Future<Buffer> query(Buffer query) {
    return delegate.query(query);
  }

  private void record(List<Command> batch, List<Buffer> replies) {
    for (int i = 0; i < batch.size() && i < replies.size(); i++) {
      Command command = batch.get(i);
      long payloadHash = ChainHash.bytes(command.payload().getBytes());
      stateHash = ChainHash.link(stateHash, command.index() ^ payloadHash);
      stateHash = ChainHash.link(stateHash, ChainHash.bytes(replies.get(i).getBytes()));
      listener.applied(command.index(), command.term(), payloadHash, stateHash);
    }
  }
}
