package io.vertxraft.examples.demo;

/** Colours and cursor control of terminals. */
enum Ansi {
  GREEN("\u001b[32m"),
  RED("\u001b[31m"),
  BOLD("\u001b[1m"),
  PLAIN("");

  /** Back to the start of the line. */
  static final String LINE_START = "\r";

  /** Clears from the cursor to the end of the line. */
  static final String CLEAR_TO_END = "\u001b[K";

  /** Long lines are cut off. */
  static final String WRAP_OFF = "\u001b[?7l";

  /** Long lines go on in the next row. */
  static final String WRAP_ON = "\u001b[?7h";

  private static final String RESET = "\u001b[0m";

  private final String code;

  Ansi(String code) {
    this.code = code;
  }

  /** The text in this colour, or as it is if colours are off. */
  String paint(String text, boolean colors) {
    return colors && this != PLAIN ? code + text + RESET : text;
  }
}
