package io.vertxraft.console;

import io.vertx.ext.web.RoutingContext;

/** Reads query parameters. */
final class Query {
  private Query() {}

  /**
   * A whole number.
   *
   * @throws WrongParameter if it is none, or out of range
   */
  static long number(RoutingContext request, String name, long absent, long min, long max) {
    String text = request.request().getParam(name);
    if (text == null || text.isEmpty()) {
      return absent;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new WrongParameter(name, "%s='%s' is not a number".formatted(name, Words.plain(text)));
    }
    throw new WrongParameter(
        name,
        max == Long.MAX_VALUE
            ? "%s=%s is too small: it must be at least %d".formatted(name, text, min)
            : "%s=%s is out of range: it must be %d to %d".formatted(name, text, min, max));
  }

  static boolean has(RoutingContext request, String name) {
    String text = request.request().getParam(name);
    return text != null && !text.isEmpty();
  }
}
