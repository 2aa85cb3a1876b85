package io.vertxraft.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How to reach a console: what the commands about running members share. */
final class ConsoleAccess {
  private static final int TIMEOUT_SECONDS_MAX = 86_400;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${RAFTCTL_URL:-http://127.0.0.1:8080/raft/}",
      description = {
        "Where a member's console is mounted (default: ${DEFAULT-VALUE}).",
        "The environment variable RAFTCTL_URL sets another default."
      })
  private String url;

  @Option(
      names = "--group",
      paramLabel = "ID",
      description = "The group, if the console is one of several.")
  private String groupId;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = {
        "A header to send, such as 'Authorization: Bearer ...'; may be given often.",
        "The environment variable RAFTCTL_TOKEN is sent as a bearer token if there is no",
        "Authorization among them; it does not show up in lists of processes."
      })
  private List<String> headers = List.of();

  @Option(
      names = "--token",
      hidden = true,
      paramLabel = "TOKEN",
      defaultValue = "${RAFTCTL_TOKEN:-}")
  private String token;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = {
        "Certificates in PEM form that are trusted with https, in place of the JDK's own."
      })
  private Path trusted;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Longest wait for an answer (default: 10; of actions and bundles: 120).")
  private Integer timeoutSeconds;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * A client of the console, of the group if one is given.
   *
   * @param timeoutSecondsDefault used unless the user has set another
   */
  ConsoleClient open(int timeoutSecondsDefault) {
    ConsoleClient client = openRoot(timeoutSecondsDefault);
    return groupId == null ? client : client.ofGroup(groupId);
  }

  /** A client of the console as it is mounted, be it of one group or of several. */
  ConsoleClient openRoot(int timeoutSecondsDefault) {
    int seconds = timeoutSeconds == null ? timeoutSecondsDefault : timeoutSeconds;
    if (seconds < 1 || seconds > TIMEOUT_SECONDS_MAX) {
      throw wrong("--timeout is %d: use 1 to %d seconds".formatted(seconds, TIMEOUT_SECONDS_MAX));
    }
    try {
      return new ConsoleClient(ConsoleAddress.parse(url), sent(), trusted, seconds);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private Map<String, String> sent() {
    Map<String, String> sent = new LinkedHashMap<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      // The value may be a secret, and is not repeated.
      String name = colon < 1 ? "" : header.substring(0, colon).strip();
      if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        throw wrong("a --header does not have the form 'Name: value'");
      }
      sent.put(name, header.substring(colon + 1).strip());
    }
    boolean known = sent.keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
    if (!known && !token.isBlank()) {
      sent.put("Authorization", "Bearer " + token.strip());
    }
    return sent;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
