package io.vertxraft.consensus;

/**
 * A leader hands its leadership to {@code target} (thesis 3.10). First the target catches up with
 * what the log held at the start, while commands are taken as ever; then commands wait until it
 * holds everything and has been asked to campaign.
 */
final class Transfer {
  private final String target;
  private final long startIndex;
  private long deadline;
  private boolean holding;
  private boolean asked;

  Transfer(String target, long startIndex, long deadline) {
    this.target = target;
    this.startIndex = startIndex;
    this.deadline = deadline;
  }

  String target() {
    return target;
  }

  /** Whether no command may be appended now. */
  boolean isHolding() {
    return holding;
  }

  /** Whether the target has been asked to campaign. */
  boolean isAsked() {
    return asked;
  }

  boolean isOver(long now) {
    return now - deadline >= 0;
  }

  /**
   * The target holds the log up to {@code matchIndex}; returns whether it is now to be asked.
   *
   * @param holdUntil end of the wait if commands begin to wait now
   */
  boolean progressed(long matchIndex, long lastIndex, long holdUntil) {
    if (!holding && matchIndex >= startIndex) {
      holding = true;
      deadline = holdUntil;
    }
    if (asked || matchIndex < lastIndex) {
      return false;
    }
    asked = true;
    return true;
  }
}
