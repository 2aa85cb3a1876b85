package io.vertxraft.cli;

/** A console cannot be reached, or does not do what was asked; the message names the remedy. */
final class ConsoleException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  ConsoleException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  ConsoleException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static ConsoleException unreachable(String message) {
    return new ConsoleException(RaftCtl.UNREACHABLE, message);
  }

  static ConsoleException refused(String message) {
    return new ConsoleException(RaftCtl.REFUSED, message);
  }

  int exitCode() {
    return exitCode;
  }
}
