package io.vertxraft.examples.kv;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The headers {@code If-Match} and {@code If-None-Match} (RFC 9110, 13.1) and {@code ETag}. */
final class Preconditions {
  private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");
  private static final Pattern TAG_LIST =
      Pattern.compile("(W/)?\"[^\"]*\"(\\s*,\\s*(W/)?\"[^\"]*\")*");

  private Preconditions() {}

  /** The entity tag of an entry whose last write has this index. */
  static String etag(long index) {
    return "\"" + index + "\"";
  }

  /**
   * The condition of a write.
   *
   * @throws IllegalArgumentException if a header has no form that a write can honour
   */
  static Condition ofWrite(HttpServerRequest request) {
    String ifMatch = request.getHeader(HttpHeaders.IF_MATCH);
    String ifNoneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (ifMatch != null && ifNoneMatch != null) {
      throw new IllegalArgumentException("If-Match and If-None-Match exclude each other");
    }
    if (ifNoneMatch != null) {
      if (!ifNoneMatch.trim().equals("*")) {
        throw new IllegalArgumentException(
            "If-None-Match of a write is '%s', allowed is *".formatted(ifNoneMatch));
      }
      return Condition.ABSENT;
    }
    if (ifMatch == null) {
      return Condition.NONE;
    }
    if (ifMatch.trim().equals("*")) {
      return Condition.PRESENT;
    }
    Matcher tag = TAG.matcher(ifMatch.trim());
    if (!tag.matches()) {
      throw new IllegalArgumentException(
          "If-Match is '%s', allowed is one \"<index>\" or *".formatted(ifMatch));
    }
    return Condition.index(Long.parseLong(tag.group(1)));
  }

  /**
   * Checks the form of a read's {@code If-Match} and {@code If-None-Match}.
   *
   * @throws IllegalArgumentException if one is not a list of entity tags
   */
  static void requireReadable(HttpServerRequest request) {
    requireTags(request, "If-Match");
    requireTags(request, "If-None-Match");
  }

  private static void requireTags(HttpServerRequest request, String header) {
    String tags = request.getHeader(header);
    if (tags != null && !isAny(tags) && !TAG_LIST.matcher(tags.trim()).matches()) {
      throw new IllegalArgumentException(
          "%s is '%s', allowed are \"<index>\", lists of these, and *".formatted(header, tags));
    }
  }

  private static boolean isAny(String tags) {
    return tags.trim().equals("*");
  }

  /**
   * Whether the entry whose last write has this index is one that the reader's {@code If-Match}
   * names. A weak tag names none (RFC 9110, 13.1.1).
   */
  static boolean isExpected(HttpServerRequest request, long index) {
    String ifMatch = request.getHeader(HttpHeaders.IF_MATCH);
    return ifMatch == null
        || isAny(ifMatch)
        || Arrays.asList(ifMatch.trim().split("\\s*,\\s*", -1)).contains(etag(index));
  }

  /** Whether the reader already has the entry whose last write has this index. */
  static boolean isKnown(HttpServerRequest request, long index) {
    String ifNoneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return ifNoneMatch != null && (isAny(ifNoneMatch) || ifNoneMatch.contains(etag(index)));
  }
}
