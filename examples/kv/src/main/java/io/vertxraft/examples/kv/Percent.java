package io.vertxraft.examples.kv;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Strict percent-decoding (RFC 3986). The usual decoders replace what they cannot read, which would
 * give a client another key than the one it meant.
 */
final class Percent {
  private Percent() {}

  /**
   * Decodes a path segment; {@code +} stays {@code +}.
   *
   * @param what names the text in error messages
   * @throws IllegalArgumentException if the text is not valid
   */
  static KvKey decodeSegment(String what, String text) {
    return decode(what, text, false);
  }

  /**
   * Decodes a query string; {@code +} is a space, as forms write it.
   *
   * @param query the raw query, or null
   * @throws IllegalArgumentException if it is not valid or names a parameter twice
   */
  static Map<String, KvKey> decodeQuery(String query) {
    Map<String, KvKey> parameters = new LinkedHashMap<>();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String rawName = equals < 0 ? pair : pair.substring(0, equals);
      String name = decode("a parameter's name", rawName, true).toString();
      String rawValue = equals < 0 ? "" : pair.substring(equals + 1);
      KvKey value = decode("parameter '" + name + "'", rawValue, true);
      if (parameters.put(name, value) != null) {
        throw new IllegalArgumentException("parameter '%s' is given twice".formatted(name));
      }
    }
    return parameters;
  }

  private static KvKey decode(String what, String text, boolean plusIsSpace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '%') {
        if (at + 2 >= text.length()
            || !HexFormat.isHexDigit(text.charAt(at + 1))
            || !HexFormat.isHexDigit(text.charAt(at + 2))) {
          throw new IllegalArgumentException(
              "%s has a '%%' at %d that two hexadecimal digits do not follow".formatted(what, at));
        }
        bytes.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
        at += 3;
        continue;
      }
      if (c <= ' ' || c >= 0x7f) {
        throw new IllegalArgumentException(
            "%s has a character at %d that must be percent-encoded".formatted(what, at));
      }
      bytes.write(plusIsSpace && c == '+' ? ' ' : c);
      at++;
    }
    try {
      return KvKey.ofUtf8(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }
}
