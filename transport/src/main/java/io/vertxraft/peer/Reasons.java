package io.vertxraft.peer;

/** Failures in words. */
public final class Reasons {
  private Reasons() {}

  /** The message of a failure, or its type if it has none. */
  public static String of(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
