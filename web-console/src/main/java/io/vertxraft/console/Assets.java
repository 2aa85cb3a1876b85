package io.vertxraft.console;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page's files, read from the jar once. Only the files listed here exist, so that no path can
 * lead anywhere else. Their address contains a hash of all of them and may be cached for ever.
 */
final class Assets {
  /** A file and how to serve it. */
  record Asset(String contentType, Buffer body) {}

  private static final String DIRECTORY = "/io/vertxraft/console/";
  private static final List<String> NAMES =
      List.of(
          "actions.js",
          "api.js",
          "base.css",
          "bundle.js",
          "charts.js",
          "console.js",
          "controls.css",
          "dom.js",
          "eventlog.js",
          "findings.js",
          "format.js",
          "graph.js",
          "group.js",
          "groups.js",
          "history.js",
          "icon.svg",
          "keys.js",
          "logview.js",
          "members.js",
          "membership.js",
          "patch.js",
          "recording.js",
          "rulers.js",
          "sections.css",
          "shell.js",
          "snapshots.js",
          "stream.js",
          "tables.js",
          "timebar.js",
          "timeline.js",
          "tour.js",
          "travel.js",
          "zip.js");

  private static final class Holder {
    private static final Assets INSTANCE = new Assets();
  }

  private final Map<String, Asset> files = new LinkedHashMap<>();
  private final String hash;
  private final Buffer page;

  private Assets() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String name : NAMES) {
        byte[] body = read("assets/" + name);
        digest.update(body);
        files.put(name, new Asset(contentType(name), Buffer.buffer(body)));
      }
      hash = HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
    String html = Buffer.buffer(read("index.html")).toString();
    page =
        Buffer.buffer(
            html.replace("<!--{preloads}-->", preloads()).replace("{assets}", "assets/" + hash));
  }

  /** Lets a browser fetch all modules at once: their imports are several steps deep. */
  private static String preloads() {
    return NAMES.stream()
        .filter(name -> name.endsWith(".js"))
        .map("  <link rel=\"modulepreload\" href=\"{assets}/%s\">"::formatted)
        .collect(Collectors.joining("\n"))
        .strip();
  }

  static Assets get() {
    return Holder.INSTANCE;
  }

  /** The page itself. */
  Buffer page() {
    return page;
  }

  String hash() {
    return hash;
  }

  /** A file, or null if there is none of this name and hash. */
  Asset find(String wantedHash, String name) {
    return hash.equals(wantedHash) ? files.get(name) : null;
  }

  private static String contentType(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return switch (extension) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("no content type for " + name);
    };
  }

  private static byte[] read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(DIRECTORY + name)) {
      if (in == null) {
        throw new IllegalStateException("the console's jar lacks " + DIRECTORY + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + DIRECTORY + name + " from the jar", e);
    }
  }
}
