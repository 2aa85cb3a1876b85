package io.vertxraft.console;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Sets the security headers of every answer and refuses requests that name a foreign host. */
final class Guard {
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Set<String> LOOPBACK_NAMES =
      Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final Set<String> allowedHosts = new HashSet<>();

  Guard(List<String> allowedHosts) {
    allowedHosts.forEach(host -> this.allowedHosts.add(host.toLowerCase(Locale.ROOT)));
  }

  void handle(RoutingContext context) {
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Cache-Control", "no-store");
    HostAndPort authority = context.request().authority();
    String host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
    if (isAllowed(host, isLoopback(context.request()))) {
      context.next();
    } else {
      Answers.error(
          context,
          403,
          "host '%s' is not allowed here; name it in the console option allowedHosts"
              .formatted(Words.plain(host)));
    }
  }

  boolean isAllowed(String host, boolean overLoopback) {
    boolean known = allowedHosts.contains(host) || (overLoopback && LOOPBACK_NAMES.contains(host));
    return known || (allowedHosts.isEmpty() && !overLoopback);
  }

  private static boolean isLoopback(HttpServerRequest request) {
    SocketAddress local = request.connection().localAddress();
    // The address is a literal here: this looks nothing up.
    return local != null && local.isInetSocket() && isLoopbackLiteral(local.hostAddress());
  }

  private static boolean isLoopbackLiteral(String address) {
    if (address == null) {
      return false;
    }
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
