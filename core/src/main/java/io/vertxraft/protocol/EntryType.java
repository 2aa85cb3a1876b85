package io.vertxraft.protocol;

/** What a {@link LogEntry} carries. The code is part of the disk and wire format. */
public enum EntryType {
  /** Appended by each new leader so that entries of earlier terms can commit (§5.4.2, §8). */
  NO_OP(0),
  /** A command for the state machine. */
  COMMAND(1),
  /** A membership configuration (§6). */
  CONFIGURATION(2),
  /** A command, or several, with what sessions need; or news of a session: {@link Envelope}. */
  ENVELOPE(3);

  private final byte code;

  EntryType(int code) {
    this.code = (byte) code;
  }

  /** The stable one-byte code of this type in the entry format. */
  public byte code() {
    return code;
  }

  /**
   * The type with the given code.
   *
   * @throws CorruptEntryException if no type has this code
   */
  public static EntryType ofCode(byte code) {
    return switch (code) {
      case 0 -> NO_OP;
      case 1 -> COMMAND;
      case 2 -> CONFIGURATION;
      case 3 -> ENVELOPE;
      default -> throw new CorruptEntryException("unknown entry type code " + code);
    };
  }
}
