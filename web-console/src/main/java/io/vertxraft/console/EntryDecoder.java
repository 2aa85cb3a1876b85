package io.vertxraft.console;

import io.vertx.core.buffer.Buffer;

/** Makes commands readable in the console's view of the log. */
@FunctionalInterface
public interface EntryDecoder {
  /**
   * A command in a form that can be shown: a {@code JsonObject}, a {@code JsonArray}, a text, a
   * number, a boolean or null. May throw: the message is shown in its place. Called on the
   * console's context; must not block.
   *
   * @param command the bytes that were given to {@code apply}
   */
  Object decode(Buffer command);

  /** Shows commands as UTF-8 text. */
  static EntryDecoder text() {
    return Buffer::toString;
  }
}
