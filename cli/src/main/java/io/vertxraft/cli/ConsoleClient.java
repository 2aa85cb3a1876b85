package io.vertxraft.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;

/** Asks a console. Everything that goes wrong ends as a {@link ConsoleException} in words. */
final class ConsoleClient {
  private static final int CONNECT_SECONDS_MAX = 10;

  private final ConsoleAddress address;

  /** One of several that the console has, or null. */
  private final String groupId;

  private final Map<String, String> headers;
  private final HttpClient http;
  private final int timeoutSeconds;

  /**
   * A client.
   *
   * @param headers sent with every request
   * @param trusted certificates in PEM form, or null for the JDK's own
   * @throws IllegalArgumentException if these cannot be used
   */
  ConsoleClient(
      ConsoleAddress address, Map<String, String> headers, Path trusted, int timeoutSeconds) {
    this(address, null, headers, http(trusted, timeoutSeconds), timeoutSeconds);
    try {
      request(address.base(), true);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a --header cannot be sent: its name or value is not"
              + " allowed in HTTP, or is set by raftctl itself",
          e);
    }
  }

  private ConsoleClient(
      ConsoleAddress address,
      String groupId,
      Map<String, String> headers,
      HttpClient http,
      int timeoutSeconds) {
    this.address = address;
    this.groupId = groupId;
    this.headers = headers;
    this.http = http;
    this.timeoutSeconds = timeoutSeconds;
  }

  private static HttpClient http(Path trusted, int timeoutSeconds) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(Math.min(timeoutSeconds, CONNECT_SECONDS_MAX)));
    return (trusted == null ? builder : builder.sslContext(TrustedCertificates.read(trusted)))
        .build();
  }

  ConsoleAddress address() {
    return address;
  }

  /** The same console, of one of its groups. */
  ConsoleClient ofGroup(String wanted) {
    JsonObject capabilities = get("capabilities", Map.of());
    if ("groups".equals(capabilities.getString("kind"))) {
      return new ConsoleClient(address.group(wanted), wanted, headers, http, timeoutSeconds);
    }
    String only = capabilities.getString("groupId");
    if (only != null && !only.equals(wanted)) {
      throw new ConsoleException(
          RaftCtl.USAGE,
          "the console at %s is of group '%s' and not of '%s': leave --group out, or use the --url"
                  .formatted(address, Plain.text(only), Plain.text(wanted))
              + " of another one");
    }
    return this;
  }

  /** The answer to a question, whatever it says. */
  JsonObject get(String endpoint, Map<String, String> query) {
    HttpResponse<String> response =
        send(request(address.endpoint(endpoint, query), true).GET().build(), text());
    JsonObject body = json(response.body());
    // The health is told by these, too.
    boolean answered = response.statusCode() == 200 && body != null;
    if (!answered) {
      throw trouble(endpoint, response.statusCode(), body, response);
    }
    return body;
  }

  /**
   * Asks for an action.
   *
   * @return the console's answer, also if it refused or failed, with {@code outcome}
   */
  JsonObject act(String action, JsonObject parameters, boolean dryRun) {
    String endpoint = "actions/" + action;
    HttpRequest request =
        request(address.endpoint(endpoint, dryRun ? Map.of("dryRun", "true") : Map.of()), true)
            .header("Content-Type", "application/json")
            .header("X-Raft-Console", "1")
            .POST(HttpRequest.BodyPublishers.ofString(parameters.encode()))
            .build();
    HttpResponse<String> response = send(request, text());
    JsonObject body = json(response.body());
    if (body != null && body.containsKey("outcome")) {
      return body;
    }
    throw trouble(endpoint, response.statusCode(), body, response);
  }

  /** Opens a stream of bytes that may go on for ever. */
  InputStream open(String endpoint, Map<String, String> extraHeaders) {
    HttpRequest.Builder request = request(address.endpoint(endpoint, Map.of()), false).GET();
    extraHeaders.forEach(request::setHeader);
    HttpResponse<InputStream> response = send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return response.body();
    }
    throw trouble(endpoint, response.statusCode(), json(beginning(response.body())), response);
  }

  /** Downloads a file: its headers, with the bytes still to be read within the time limit. */
  HttpResponse<InputStream> download(String endpoint) {
    HttpResponse<InputStream> response =
        send(
            request(address.endpoint(endpoint, Map.of()), true).GET().build(),
            BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return response;
    }
    throw trouble(endpoint, response.statusCode(), json(beginning(response.body())), response);
  }

  private HttpRequest.Builder request(URI uri, boolean limited) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
    headers.forEach(builder::setHeader);
    return limited ? builder.timeout(Duration.ofSeconds(timeoutSeconds)) : builder;
  }

  private static BodyHandler<String> text() {
    return BodyHandlers.ofString(StandardCharsets.UTF_8);
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body) {
    try {
      return http.send(request, body);
    } catch (HttpTimeoutException e) {
      throw new ConsoleException(
          RaftCtl.UNREACHABLE,
          "%s did not answer within %d s: is its member well? --timeout sets another limit"
              .formatted(address, timeoutSeconds),
          e);
    } catch (SSLException e) {
      throw new ConsoleException(
          RaftCtl.UNREACHABLE,
          "TLS with %s failed (%s): --cacert FILE names the certificates to trust; an address"
                  .formatted(address.host(), Plain.text(e.getMessage()))
              + " without TLS begins with http://",
          e);
    } catch (ConnectException e) {
      throw new ConsoleException(RaftCtl.UNREACHABLE, unreachable(e), e);
    } catch (IOException e) {
      throw new ConsoleException(
          RaftCtl.UNREACHABLE,
          "%s broke off: %s. Does it speak HTTP, and is it https?"
              .formatted(address, Plain.text(e.getMessage())),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConsoleException(RaftCtl.UNREACHABLE, "interrupted", e);
    }
  }

  private String unreachable(ConnectException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "the host of %s is not known: check --url or RAFTCTL_URL".formatted(address);
      }
    }
    return ("cannot connect to %s: nothing listens at %s. Does the member run, and is its console"
            + " mounted there? --url or RAFTCTL_URL say where it is")
        .formatted(address, address.host());
  }

  private ConsoleException trouble(
      String endpoint, int status, JsonObject body, HttpResponse<?> response) {
    String error = body == null ? null : body.getString("error");
    String said = error == null ? "" : ": " + Plain.text(error);
    return switch (status) {
      case 301, 302, 303, 307, 308 ->
          ConsoleException.refused(
              "%s sends on to '%s', perhaps to a login: give credentials by --header or"
                      .formatted(
                          address,
                          Plain.text(response.headers().firstValue("Location").orElse("nowhere")))
                  + " RAFTCTL_TOKEN, or the new address by --url");
      case 401, 403 ->
          ConsoleException.refused(
              "%s refuses (%d)%s. Give credentials by --header 'Authorization: ...' or"
                      .formatted(address, status, said)
                  + " RAFTCTL_TOKEN; on loopback the host must be one the console allows");
      case 404 -> missing(endpoint, said);
      case 200 -> noConsole();
      case 410 ->
          new ConsoleException(
              RaftCtl.USAGE,
              "%s does not have these entries any more%s: use --from %d"
                  .formatted(address, said, body == null ? 1 : body.getLong("firstIndex", 1L)));
      case 429 -> ConsoleException.refused("%s is busy%s".formatted(address, said));
      case 503 ->
          ConsoleException.unreachable(
              "%s does not serve now%s. Is its member closed, or has it too many watchers?"
                  .formatted(address, said));
      default ->
          status >= 400 && status < 500 && error != null
              ? new ConsoleException(
                  status == 409 ? RaftCtl.REFUSED : RaftCtl.USAGE, Plain.text(error))
              : ConsoleException.unreachable(
                  "%s answered '%s' with %d%s".formatted(address, endpoint, status, said));
    };
  }

  /** Nothing there: tells a console of several groups, an older one and something else apart. */
  private ConsoleException missing(String endpoint, String said) {
    if (endpoint.equals("capabilities")) {
      return groupId == null
          ? noConsole()
          : new ConsoleException(
              RaftCtl.USAGE,
              "there is no group '%s' at %s: 'raftctl groups' lists those there are"
                  .formatted(Plain.text(groupId), address));
    }
    JsonObject capabilities = get("capabilities", Map.of());
    if ("groups".equals(capabilities.getString("kind"))) {
      return new ConsoleException(
          RaftCtl.USAGE,
          "the console at %s is of several groups: give one by --group; 'raftctl groups' lists them"
              .formatted(address));
    }
    if (endpoint.startsWith("actions/")) {
      return ConsoleException.refused(
          (capabilities.getBoolean("readOnly", true)
                  ? "the console at %s is read-only%s: the application enables actions, with an"
                      + " authorizer, in the console's options"
                  : "the console at %s has no such action%s")
              .formatted(address, said));
    }
    if (endpoint.equals("groups")) {
      return new ConsoleException(
          RaftCtl.USAGE,
          "the console at %s is of one group: use 'raftctl status'".formatted(address));
    }
    return ConsoleException.refused(
        "the console at %s has no '%s'%s: it is older than this raftctl, or its application has not"
                .formatted(address, endpoint, said)
            + " enabled it");
  }

  private ConsoleException noConsole() {
    return ConsoleException.unreachable(
        ("there is no Raft console at %s, but something else: --url must name the path that it is"
                + " mounted under, as in http://127.0.0.1:8080/raft/")
            .formatted(address));
  }

  private static String beginning(InputStream body) {
    try (body) {
      return new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static JsonObject json(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      return null;
    }
  }
}
