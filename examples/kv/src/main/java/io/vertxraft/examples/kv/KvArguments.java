package io.vertxraft.examples.kv;

import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.spi.GroupIdentity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command line of {@link KvMain}: its options, and the checks of what was given. */
final class KvArguments {
  private static final String ID = "--id";
  private static final String MEMBERS = "--members";
  private static final String HTTP = "--http";
  private static final String DATA = "--data";
  private static final String CLUSTER_ID = "--cluster-id";
  private static final String PRIORITIES = "--priorities";
  private static final String ALLOWED_HOSTS = "--allowed-hosts";
  private static final String ID_RANGE = "Allowed: 1 to 64 characters of A-Z a-z 0-9 . _ -";

  private KvArguments() {}

  /** All options with their descriptions. */
  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("raft-kv").mixinStandardHelpOptions(true);
    spec.version("raft-kv " + version());
    spec.usageMessage()
        .width(100)
        .description(
            "A member of a replicated key-value store: HTTP for clients, Raft between members.")
        .footer(
            "",
            "Exit codes: 0 stopped by SIGTERM or SIGINT, 1 could not start, 2 wrong options.",
            "",
            "Example, to be run on each member with its own --id, --http and --data:",
            "  java -jar raft-kv.jar --id n1 --http 127.0.0.1:8101 --data data-n1 \\",
            "    --members n1=127.0.0.1:7101,n2=127.0.0.1:7102,n3=127.0.0.1:7103");
    add(spec, ID, "<id>", true, "This member's id, one of --members. No default. " + ID_RANGE);
    add(
        spec,
        MEMBERS,
        "<id=host:port,...>",
        true,
        "All members with the addresses they reach each other at, the same list on every member. No"
            + " default. Allowed ports: 1 to 65535.");
    add(
        spec,
        HTTP,
        "<host:port>",
        true,
        "Address to serve clients at. There is no access control: stay on a loopback or private"
            + " address. No default. Allowed ports: 1 to 65535.");
    add(
        spec,
        DATA,
        "<directory>",
        true,
        "Where this member keeps its log; created if absent. It belongs to this member for ever. No"
            + " default.");
    add(
        spec,
        CLUSTER_ID,
        "<id>",
        false,
        "Members of other clusters are refused. Default: %s. %s"
            .formatted(RaftOptions.DEFAULT_CLUSTER_ID, ID_RANGE));
    add(
        spec,
        PRIORITIES,
        "<id=n,...>",
        false,
        "How much members are wanted as leader, the same on every member: the highest leads if it"
            + " can, 0 never leads. Default: %d for each member. Allowed: 0 to %d, not all 0."
                .formatted(Member.DEFAULT_PRIORITY, Member.PRIORITY_MAX));
    add(
        spec,
        ALLOWED_HOSTS,
        "<name,...>",
        false,
        "Names that clients may call this server by, in the Host header. Default: any; on a loopback"
            + " address only localhost and loopback addresses, so that no web page gets here by a"
            + " name of its own. Names given here are allowed besides, and others are refused.");
    for (Setting setting : Setting.values()) {
      add(spec, setting.option(), "<n>", false, setting.help());
    }
    return spec;
  }

  private static void add(
      CommandSpec spec, String name, String label, boolean required, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .paramLabel(label)
            .type(String.class)
            .required(required)
            // Ids and addresses may contain what picocli would take for a variable.
            .description(description.replace("%", "%%"))
            .build());
  }

  private static String version() {
    String version = KvArguments.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /**
   * The server that the options describe.
   *
   * @throws IllegalArgumentException naming the option, its value and what is allowed
   */
  static KvServerOptions parse(ParseResult given) {
    RaftOptions raft = new RaftOptions();
    String id = id(given, ID, null);
    raft.setNodeId(id).setClusterId(id(given, CLUSTER_ID, RaftOptions.DEFAULT_CLUSTER_ID));
    Map<Setting, Long> settings = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String text = given.matchedOptionValue(setting.option(), null);
      long value = text == null ? setting.defaultValue() : setting.parse(text);
      settings.put(setting, value);
      setting.set(raft, value);
    }
    fitHeartbeat(raft, given);
    if (!given.hasMatchedOption(Setting.HTTP_BYTES_IN_FLIGHT_MAX.option())) {
      settings.merge(
          Setting.HTTP_BYTES_IN_FLIGHT_MAX, settings.get(Setting.VALUE_BYTES_MAX), Math::max);
    }
    requireFitting(raft, settings);
    raft.setMembers(
        MemberArguments.parse(
            id, given.matchedOptionValue(MEMBERS, ""), given.matchedOptionValue(PRIORITIES, null)));
    HostAndPort http = HostAndPort.parse(HTTP, given.matchedOptionValue(HTTP, ""));
    http.requireFree(raft.getMembers());
    return new KvServerOptions(
        raft,
        directory(given.matchedOptionValue(DATA, "")),
        http.host(),
        http.port(),
        settings.get(Setting.VALUE_BYTES_MAX).intValue(),
        settings.get(Setting.STORE_BYTES_MAX),
        settings.get(Setting.HTTP_BYTES_IN_FLIGHT_MAX),
        settings.get(Setting.HTTP_CONNECTIONS_MAX).intValue(),
        settings.get(Setting.SNAPSHOT_BYTES_PER_SECOND_MAX),
        settings.get(Setting.SERVE_CLIENTS) == 1,
        allowedHosts(given.matchedOptionValue(ALLOWED_HOSTS, null)));
  }

  private static String id(ParseResult given, String option, String defaultId) {
    return GroupIdentity.requireId(option, given.matchedOptionValue(option, defaultId));
  }

  /** A short election timeout wants a shorter heartbeat than the default, unless told otherwise. */
  private static void fitHeartbeat(RaftOptions raft, ParseResult given) {
    if (!given.hasMatchedOption(Setting.HEARTBEAT_INTERVAL_MS.option())) {
      long fitting = Math.max(1, raft.getElectionTimeoutMs() / 5);
      raft.setHeartbeatIntervalMs(Math.min(raft.getHeartbeatIntervalMs(), fitting));
    }
  }

  private static void requireFitting(RaftOptions raft, Map<Setting, Long> settings) {
    long heartbeatMax = raft.getElectionTimeoutMs() / 2;
    if (raft.getHeartbeatIntervalMs() > heartbeatMax) {
      throw Setting.HEARTBEAT_INTERVAL_MS.outOfRange(
          Long.toString(raft.getHeartbeatIntervalMs()),
          1,
          heartbeatMax,
          ", half of --election-timeout-ms");
    }
    if (raft.getProposalBytesInFlightMax() < raft.getCommandBytesMax()) {
      throw Setting.PROPOSAL_BYTES_IN_FLIGHT_MAX.outOfRange(
          Long.toString(raft.getProposalBytesInFlightMax()),
          raft.getCommandBytesMax(),
          1L << 40,
          ", to hold a value of --value-bytes-max");
    }
    long snapshotRate = settings.get(Setting.SNAPSHOT_BYTES_PER_SECOND_MAX);
    if (snapshotRate > 0 && snapshotRate < Setting.SNAPSHOT_BYTES_PER_SECOND_MIN) {
      throw Setting.SNAPSHOT_BYTES_PER_SECOND_MAX.outOfRange(
          Long.toString(snapshotRate),
          Setting.SNAPSHOT_BYTES_PER_SECOND_MIN,
          1_000_000_000_000L,
          ", or 0 for no limit");
    }
    long valueBytesMax = settings.get(Setting.VALUE_BYTES_MAX);
    if (valueBytesMax > settings.get(Setting.STORE_BYTES_MAX)) {
      throw Setting.VALUE_BYTES_MAX.outOfRange(
          Long.toString(valueBytesMax),
          1,
          settings.get(Setting.STORE_BYTES_MAX),
          ", what --store-bytes-max holds");
    }
    if (settings.get(Setting.HTTP_BYTES_IN_FLIGHT_MAX) < valueBytesMax) {
      throw Setting.HTTP_BYTES_IN_FLIGHT_MAX.outOfRange(
          Long.toString(settings.get(Setting.HTTP_BYTES_IN_FLIGHT_MAX)),
          valueBytesMax,
          1L << 40,
          ", to hold a value of --value-bytes-max");
    }
  }

  private static List<String> allowedHosts(String text) {
    if (text == null) {
      return List.of();
    }
    List<String> hosts = List.of(text.split(",", -1));
    for (String host : hosts) {
      if (!host.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]")) {
        throw new IllegalArgumentException(
            "%s is '%s', allowed is name,... without ports".formatted(ALLOWED_HOSTS, text));
      }
    }
    return hosts;
  }

  private static Path directory(String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "%s is '%s', allowed is a directory: %s".formatted(DATA, text, e.getMessage()), e);
    }
    throw new IllegalArgumentException("%s is '', allowed is a directory".formatted(DATA));
  }

  private record HostAndPort(String text, String host, int port) {
    static HostAndPort parse(String option, String text) {
      int colon = text.lastIndexOf(':');
      String host = colon < 0 ? "" : text.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      String digits = text.substring(colon + 1);
      int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
      if (host.isBlank() || port < 1 || port > 65_535) {
        throw new IllegalArgumentException(
            "%s is '%s', allowed is host:port with a port of 1 to 65535".formatted(option, text));
      }
      return new HostAndPort(text, host, port);
    }

    /** Vert.x would let two servers share one address of a process, each taking half the calls. */
    void requireFree(List<Member> members) {
      for (Member member : members) {
        if (member.getPort() == port && isSame(member.getHost())) {
          throw new IllegalArgumentException(
              "%s is '%s', which %s has for the peers of %s: choose another port"
                  .formatted(HTTP, text, MEMBERS, member.getNodeId()));
        }
      }
    }

    private boolean isSame(String other) {
      try {
        InetAddress mine = InetAddress.getByName(host);
        return mine.isAnyLocalAddress() || mine.equals(InetAddress.getByName(other));
      } catch (UnknownHostException e) {
        return host.equalsIgnoreCase(other);
      }
    }
  }
}
