package io.vertxraft.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a console is mounted.
 *
 * @param base ends with a slash
 */
record ConsoleAddress(URI base) {
  /**
   * Reads an address as people write it, with or without the slash at its end.
   *
   * @throws IllegalArgumentException naming what is wrong with it
   */
  static ConsoleAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is no address: use one like http://127.0.0.1:8080/raft/".formatted(text), e);
    }
    String scheme = uri.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException(
          "'%s' does not begin with http:// or https://".formatted(text));
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "'%s' has no host: use an address like http://127.0.0.1:8080/raft/".formatted(text));
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the address of %s has a user in it: give credentials by --header".formatted(host(uri)));
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "'%s' goes on after the path: give the path that the console is mounted under"
              .formatted(text));
    }
    String path = uri.getRawPath();
    return new ConsoleAddress(
        URI.create(
            "%s://%s%s"
                .formatted(scheme, uri.getRawAuthority(), path.endsWith("/") ? path : path + "/")));
  }

  private static String host(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /** Host and port, as people say them. */
  String host() {
    return host(base);
  }

  /** The address of one of several groups. */
  ConsoleAddress group(String groupId) {
    return new ConsoleAddress(base.resolve("groups/" + encoded(groupId) + "/"));
  }

  /** An endpoint's address. */
  URI endpoint(String name, Map<String, String> query) {
    StringBuilder relative = new StringBuilder("api/v1/").append(name);
    char separator = '?';
    for (Map.Entry<String, String> parameter : query.entrySet()) {
      relative.append(separator).append(parameter.getKey()).append('=');
      relative.append(encoded(parameter.getValue()));
      separator = '&';
    }
    return base.resolve(relative.toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
