package io.vertxraft.testkit.explore;

/**
 * What can happen to one member, as a number: some kinds stand alone, some carry an argument, and
 * everything from {@link #MESSAGE} on is the arrival of a message.
 */
final class Event {
  /** The election timeout of a follower or (pre-)candidate passes. */
  static final int TIME_OUT = 0;

  /** A follower has not heard its leader for the shortest election timeout. */
  static final int AGE = 1;

  /** A leader's heartbeat interval passes. */
  static final int HEARTBEAT = 2;

  /** A leader has not been answered for an election timeout. */
  static final int SILENCE = 3;

  /** The oldest pending write becomes durable. */
  static final int PERSIST = 4;

  /** The oldest read of entries completes. */
  static final int LOAD = 5;

  /** A leader finds the follower with the given position stuck. */
  static final int REPROBE = 8;

  /** The client command with the given number is proposed. */
  static final int PROPOSE = 16;

  /** The member crashes when the given number of pending writes are durable, and comes back. */
  static final int CRASH = 32;

  /** The message with the given number arrives. */
  static final int MESSAGE = 128;

  private Event() {}

  static boolean isMessage(int event) {
    return event >= MESSAGE;
  }

  static boolean isCrash(int event) {
    return event >= CRASH && event <= CRASH + Bounds.COUNT_MAX;
  }

  static String text(int event) {
    if (isCrash(event)) {
      int kept = event - CRASH;
      return "crash and restart"
          + (kept == 0 ? "" : ", having completed " + kept + " pending writes");
    }
    if (event >= PROPOSE) {
      return "propose value " + (event - PROPOSE);
    }
    if (event >= REPROBE) {
      return "no acknowledgement from follower " + (event - REPROBE) + ", look for it anew";
    }
    return switch (event) {
      case TIME_OUT -> "election timeout";
      case AGE -> "leader not heard for a while";
      case HEARTBEAT -> "heartbeat interval passes";
      case SILENCE -> "nobody answers the leader for an election timeout";
      case PERSIST -> "oldest write becomes durable";
      case LOAD -> "oldest read completes";
      default -> "event " + event;
    };
  }
}
