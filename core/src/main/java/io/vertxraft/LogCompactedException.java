package io.vertxraft;

import io.vertx.core.VertxException;

/**
 * Entries that a reader of the log wants are gone: a snapshot has taken their place. Or they
 * are commands of sessions that this member applied before it was restarted, or did not apply
 * itself, of which it does not know any more which of them were repetitions without effect. Take
 * the state as it is now, by a read or from a snapshot, and go on from the index it holds.
 */
public final class LogCompactedException extends VertxException {
  private static final long serialVersionUID = 1L;

  private final long wantedIndex;
  private final long firstIndex;

  /**
   * Creates the exception.
   *
   * @param nodeId whose log it is
   * @param wantedIndex see {@link #wantedIndex()}
   * @param firstIndex see {@link #firstIndex()}
   */
  public LogCompactedException(String nodeId, long wantedIndex, long firstIndex) {
    super(
        "the log of %s can be followed from index %d on, %d is gone: take the state by a read, then"
                .formatted(nodeId, firstIndex, wantedIndex)
            + " follow the log from the index after it",
        null,
        true);
    this.wantedIndex = wantedIndex;
    this.firstIndex = firstIndex;
  }

  /** The index that was to be read next. */
  public long wantedIndex() {
    return wantedIndex;
  }

  /** The first index from which on the log can be followed. */
  public long firstIndex() {
    return firstIndex;
  }
}
