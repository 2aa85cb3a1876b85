package io.vertxraft.consensus;

/** The state contradicts a safety rule: a defect of the toolkit. The member must stop. */
public final class InvariantViolation extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; {@code message} names the rule and the values. */
  public InvariantViolation(String message) {
    super(message);
  }
}
