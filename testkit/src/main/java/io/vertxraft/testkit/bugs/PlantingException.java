package io.vertxraft.testkit.bugs;

/** A bug cannot be planted. The message names it, says why, and what to do. */
public final class PlantingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public PlantingException(String message) {
    super(message);
  }

  /** Creates the exception with what led to it. */
  public PlantingException(String message, Throwable cause) {
    super(message, cause);
  }
}
