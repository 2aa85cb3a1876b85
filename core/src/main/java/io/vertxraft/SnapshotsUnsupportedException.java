package io.vertxraft;

import io.vertx.core.VertxException;

/** A state machine does not implement what snapshots need. */
public final class SnapshotsUnsupportedException extends VertxException {
  private static final long serialVersionUID = 1L;

  private SnapshotsUnsupportedException(String message) {
    super(message, true);
  }

  static SnapshotsUnsupportedException of(Class<?> stateMachine, String method) {
    return new SnapshotsUnsupportedException(
        "%s has no snapshots: override StateMachine.%s".formatted(stateMachine.getName(), method));
  }
}
