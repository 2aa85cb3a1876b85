package io.vertxraft.examples.kv;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses what no resource should see: requests whose form leaves doubt where they end or whom they
 * are for (RFC 9112, 3.2 and 6.1), and requests by which a foreign page reaches this server under a
 * name of its own.
 */
final class RequestCheck {
  private final Set<String> allowedHosts = new HashSet<>();

  /**
   * Creates a check.
   *
   * @param allowedHosts names that requests may give in {@code Host}; if there are none, any name
   *     is fine, but not over loopback
   */
  RequestCheck(List<String> allowedHosts) {
    allowedHosts.forEach(host -> this.allowedHosts.add(host.toLowerCase(Locale.ROOT)));
  }

  /**
   * What is wrong with a request, or null.
   *
   * @param problem the answer
   * @param isFinal whether the connection is of no more use
   */
  record Refusal(Problem problem, boolean isFinal) {
    private static Refusal end(String message) {
      return new Refusal(Problem.rejected(400, message), true);
    }

    private static Refusal of(int status, String message) {
      return new Refusal(Problem.rejected(status, message), false);
    }
  }

  /** Checks a request; gives null if nothing is wrong. */
  Refusal check(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() > 1) {
      return Refusal.end("Host is given %d times, allowed is once".formatted(hosts.size()));
    }
    boolean hasHost = hosts.size() == 1 && !hosts.get(0).isBlank();
    if (!hasHost && request.version() != HttpVersion.HTTP_1_0) {
      return Refusal.end("Host is missing: HTTP/1.1 demands one");
    }
    String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
    if (coding != null && !coding.trim().equalsIgnoreCase("chunked")) {
      return Refusal.end("Transfer-Encoding is '%s', allowed is chunked".formatted(coding));
    }
    String expectation = request.getHeader(HttpHeaders.EXPECT);
    if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
      return Refusal.of(417, "Expect is '%s', allowed is 100-continue".formatted(expectation));
    }
    String path = request.path();
    if (path == null || !path.startsWith("/")) {
      return Refusal.of(
          400, "request target is '%s', allowed is a path from '/'".formatted(request.uri()));
    }
    return hasHost ? foreign(request) : null;
  }

  private Refusal foreign(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (authority == null) {
      return Refusal.end("Host is '%s', allowed is host:port".formatted(request.getHeader("Host")));
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    boolean overLoopback = isLoopback(request.connection().localAddress());
    boolean allowed =
        allowedHosts.contains(host) || (overLoopback ? isOfLoopback(host) : allowedHosts.isEmpty());
    return allowed
        ? null
        : Refusal.of(
            403, "host '%s' is not allowed here; name it in --allowed-hosts".formatted(host));
  }

  private static boolean isLoopback(SocketAddress local) {
    return local != null && local.isInetSocket() && isOfLoopback(local.hostAddress());
  }

  /** Looks nothing up: a name whose owner points it at loopback is what must not get through. */
  private static boolean isOfLoopback(String host) {
    if (host == null) {
      return false;
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    InetAddress literal =
        NetUtil.createInetAddressFromIpAddressString(
            bracketed ? host.substring(1, host.length() - 1) : host);
    return host.equals("localhost") || (literal != null && literal.isLoopbackAddress());
  }
}
