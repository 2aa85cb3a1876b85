package io.vertxraft.console;

/** A request has a parameter that cannot be used; the message says why and what would do. */
final class WrongParameter extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String parameter;

  WrongParameter(String parameter, String message) {
    super(message, null, false, false);
    this.parameter = parameter;
  }

  /** The culprit's name. */
  String parameter() {
    return parameter;
  }
}
