package io.vertxraft.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads server-sent events, one after the other. */
final class EventStream {
  private static final int EVENT_CHARS_MAX = 32 * 1024 * 1024;

  private final BufferedReader reader;
  private volatile long heardNanos = System.nanoTime();

  /**
   * One event.
   *
   * @param type its name, {@code message} if it has none
   * @param id null if it has none
   * @param data its lines
   */
  record Event(String type, String id, String data) {}

  EventStream(InputStream bytes) {
    reader = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
  }

  /** When a line came last, of the JVM's own clock; comments count, too. */
  long heardNanos() {
    return heardNanos;
  }

  /** The next event that has data, or null at the end of the stream. */
  Event next() throws IOException {
    String type = "message";
    String id = null;
    StringBuilder data = new StringBuilder();
    for (String line = line(); line != null; line = line()) {
      heardNanos = System.nanoTime();
      if (line.isEmpty()) {
        if (data.length() > 0) {
          return new Event(type, id, data.substring(0, data.length() - 1));
        }
        type = "message";
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      switch (field) {
        case "event" -> type = value;
        case "id" -> id = value;
        case "data" -> {
          data.append(value).append('\n');
          requireBounded(data);
        }
        default -> {} // comments, and what later versions may add
      }
    }
    return null;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (c == '\n') {
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
      }
      line.append((char) c);
      requireBounded(line);
    }
    return null;
  }

  private static void requireBounded(StringBuilder text) throws IOException {
    if (text.length() > EVENT_CHARS_MAX) {
      throw new IOException("an event of more than %d characters".formatted(EVENT_CHARS_MAX));
    }
  }
}
