package io.vertxraft;

import io.vertx.core.VertxException;

/**
 * Entries that a reader of the log wants are gone: a snapshot has taken their place. Take
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
        "the log of %s begins at index %d, %d is gone: take the state by a read, then follow the"
                .formatted(nodeId, firstIndex, wantedIndex)
            + " log from the index after it",
        null,
        true);
    this.wantedIndex = wantedIndex;
    this.firstIndex = firstIndex;
  }

  /** The index that was to be read next. */
  public long wantedIndex() {
    return wantedIndex;
  }

  /** The first index that the log still has, or will have. */
  public long firstIndex() {
    return firstIndex;
  }
}
