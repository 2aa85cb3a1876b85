package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.core.json.JsonObject;
import io.vertxraft.spi.GroupIdentity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A member of a group: where it listens for its peers, and how much it is wanted as leader.
 * Immutable.
 */
@DataObject
public class Member {
  private final String nodeId;
  private final String host;

  /** Default {@link #getPriority()}: {@value}. */
  public static final int DEFAULT_PRIORITY = 1;

  /** Highest {@link #getPriority()}: {@value}. */
  public static final int PRIORITY_MAX = 100;

  private final int port;
  private final int priority;

  /**
   * Creates a member with the default priority.
   *
   * @param nodeId 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
   * @param host host name or address its peers connect to
   * @param port 1 to 65535
   * @throws IllegalArgumentException naming the part that is not valid
   */
  public Member(String nodeId, String host, int port) {
    this(nodeId, host, port, DEFAULT_PRIORITY);
  }

  /**
   * Creates a member.
   *
   * @param nodeId 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
   * @param host host name or address its peers connect to
   * @param port 1 to 65535
   * @param priority see {@link #getPriority()}
   * @throws IllegalArgumentException naming the part that is not valid
   */
  public Member(String nodeId, String host, int port, int priority) {
    this.nodeId = GroupIdentity.requireId("nodeId", nodeId);
    if (host == null || host.isBlank()) {
      throw new IllegalArgumentException("host of member '%s' is missing".formatted(nodeId));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "port %d of member '%s' is not within 1..65535".formatted(port, nodeId));
    }
    if (priority < 0 || priority > PRIORITY_MAX) {
      throw new IllegalArgumentException(
          "priority %d of member '%s' is not within 0..%d"
              .formatted(priority, nodeId, PRIORITY_MAX));
    }
    this.host = host;
    this.port = port;
    this.priority = priority;
  }

  /** Copies a member. */
  public Member(Member other) {
    this(other.nodeId, other.host, other.port, other.priority);
  }

  /** Reads {@code nodeId}, {@code host}, {@code port} and {@code priority}. */
  public Member(JsonObject json) {
    this(
        json.getString("nodeId"),
        json.getString("host"),
        json.getInteger("port", 0),
        json.getInteger("priority", DEFAULT_PRIORITY));
  }

  /**
   * Parses the form {@code id=host:port}, as used on command lines; IPv6 addresses in brackets.
   *
   * @throws IllegalArgumentException naming the text that does not have this form
   */
  public static Member parse(String text) {
    int equals = text.indexOf('=');
    int colon = text.lastIndexOf(':');
    if (equals < 1 || colon < equals + 2 || colon == text.length() - 1) {
      throw new IllegalArgumentException(
          "member '%s' does not have the form id=host:port".formatted(text));
    }
    String host = text.substring(equals + 1, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return new Member(text.substring(0, equals), host, port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("port of member '%s' is not a number".formatted(text), e);
    }
  }

  /** The member's id, unique within the cluster. */
  public String getNodeId() {
    return nodeId;
  }

  /** Host name or address. */
  public String getHost() {
    return host;
  }

  /** Port for peer traffic. */
  public int getPort() {
    return port;
  }

  /**
   * How much the member is wanted as leader, the same number on every member of the group. A
   * member lets one election timeout pass for each higher priority in the group before it campaigns
   * itself. 0 never campaigns, but votes.
   */
  public int getPriority() {
    return priority;
  }

  /** The same member with another priority. */
  public Member withPriority(int newPriority) {
    return new Member(nodeId, host, port, newPriority);
  }

  /** The JSON form that {@link #Member(JsonObject)} reads. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("nodeId", nodeId)
        .put("host", host)
        .put("port", port)
        .put("priority", priority);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Member that
        && nodeId.equals(that.nodeId)
        && host.equals(that.host)
        && port == that.port
        && priority == that.priority;
  }

  @Override
  public int hashCode() {
    return nodeId.hashCode();
  }

  /**
   * Checks a list of members as one.
   *
   * @throws IllegalArgumentException naming what does not fit
   */
  static void validateAll(List<Member> members, String nodeId) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members is empty: list every member, this node included");
    }
    Set<String> ids = new LinkedHashSet<>();
    Set<String> addresses = new LinkedHashSet<>();
    for (Member member : members) {
      if (!ids.add(member.getNodeId())) {
        throw new IllegalArgumentException(
            "members lists the id '%s' twice".formatted(member.getNodeId()));
      }
      String address = member.getHost() + ":" + member.getPort();
      if (!addresses.add(address)) {
        throw new IllegalArgumentException("members lists the address %s twice".formatted(address));
      }
    }
    if (members.stream().allMatch(member -> member.getPriority() == 0)) {
      throw new IllegalArgumentException(
          "every member has priority 0, so none would ever lead: give one a higher priority");
    }
    if (!ids.contains(nodeId)) {
      throw new IllegalArgumentException(
          "nodeId '%s' is not among the members %s".formatted(nodeId, ids));
    }
  }

  @Override
  public String toString() {
    return nodeId + "=" + host + ":" + port;
  }
}
