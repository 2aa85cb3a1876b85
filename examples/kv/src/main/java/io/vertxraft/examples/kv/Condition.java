package io.vertxraft.examples.kv;

/**
 * What must hold of a key's entry for a write to take place; decided when the write is applied.
 *
 * @param kind what is compared
 * @param index the index that {@link Kind#INDEX} compares with; 0 for the other kinds
 */
public record Condition(Kind kind, long index) {
  /** The condition that always holds. */
  public static final Condition NONE = new Condition(Kind.NONE, 0);

  /** Holds if the key is absent. */
  public static final Condition ABSENT = new Condition(Kind.ABSENT, 0);

  /** Holds if the key is present. */
  public static final Condition PRESENT = new Condition(Kind.PRESENT, 0);

  /** What a condition compares. The order is part of the command format. */
  public enum Kind {
    /** Nothing. */
    NONE,
    /** The entry's last write has the given log index. */
    INDEX,
    /** There is no entry. */
    ABSENT,
    /** There is an entry. */
    PRESENT
  }

  /** Holds if the last write of the key has this log index. */
  public static Condition index(long index) {
    return new Condition(Kind.INDEX, index);
  }

  /**
   * Whether the condition holds.
   *
   * @param currentIndex index of the key's last write, or 0 if the key is absent
   */
  public boolean holds(long currentIndex) {
    return switch (kind) {
      case NONE -> true;
      case INDEX -> currentIndex != 0 && currentIndex == index;
      case ABSENT -> currentIndex == 0;
      case PRESENT -> currentIndex != 0;
    };
  }
}
