package io.vertxraft;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;

/**
 * A state machine around another one that passes every call on: the base of those that add
 * something, such as metrics, an audit or a check, and override what they change.
 *
 * <pre>{@code
 * class Counted extends DelegatingStateMachine {
 *   private final Counter commands;
 *
 *   Counted(StateMachine stateMachine, Counter commands) {
 *     super(stateMachine);
 *     this.commands = commands;
 *   }
 *
 *   public Future<List<Buffer>> apply(List<Command> batch) {
 *     commands.increment(batch.size());
 *     return super.apply(batch);
 *   }
 * }
 * }</pre>
 *
 * <p>A wrapper that implements {@link StateMachine} itself and forgets a method with a default,
 * such as {@link #durableAppliedIndex} or {@link #wantsSessionEnds}, silently takes that ability
 * away.
 */
public abstract class DelegatingStateMachine implements StateMachine {
  private final StateMachine delegate;

  /** Wraps {@code delegate}. */
  protected DelegatingStateMachine(StateMachine delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    return delegate.apply(batch);
  }

  @Override
  public Future<Buffer> query(Buffer query) {
    return delegate.query(query);
  }

  @Override
  public Future<Long> durableAppliedIndex() {
    return delegate.durableAppliedIndex();
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return delegate.saveSnapshot(writer);
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return delegate.loadSnapshot(reader);
  }

  @Override
  public boolean wantsSessionEnds() {
    return delegate.wantsSessionEnds();
  }
}
