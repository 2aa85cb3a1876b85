package io.vertxraft.peer;

import io.vertx.core.MultiMap;
import io.vertxraft.spi.GroupIdentity;

/**
 * Who is speaking to whom: the metadata both ends of a stream exchange before anything else, and
 * the checks that keep clusters and nodes apart that were wired together by mistake.
 */
public final class Handshake {
  /** The protocol version spoken here. */
  public static final String VERSION = "1";

  /** The key of the cluster's id. */
  public static final String CLUSTER = "raft-cluster";

  /** The key of the opener's node id. */
  public static final String FROM = "raft-from";

  /** The key of the node id that the opener looks for. */
  public static final String TO = "raft-to";

  /** The key of the listener's node id. */
  public static final String NODE = "raft-node";

  /** The key of the protocol version. */
  public static final String VERSION_KEY = "raft-version";

  /** The key of the largest message that a member accepts from a client. */
  public static final String MESSAGE_BYTES_MAX = "raft-message-bytes-max";

  private Handshake() {}

  /** What is wrong with a stream that is refused. */
  public enum Status {
    /** The caller does not say, or cannot prove, who it is. */
    UNAUTHENTICATED,
    /** The caller does not belong here. */
    PERMISSION_DENIED,
    /** The caller looks for somebody else, or speaks another version. */
    FAILED_PRECONDITION,
    /** Only for the time being. */
    UNAVAILABLE,
    /** There are too many already. */
    RESOURCE_EXHAUSTED,
    /** No such stream is known here. */
    UNIMPLEMENTED
  }

  /**
   * Why a stream is refused.
   *
   * @param status what is wrong
   * @param message the same for people
   */
  public record Refusal(Status status, String message) {}

  /** What the opener of a stream says about itself. */
  public static void putRequest(MultiMap headers, GroupIdentity self, String peerId) {
    headers
        .set(CLUSTER, self.clusterId())
        .set(FROM, self.nodeId())
        .set(TO, peerId)
        .set(VERSION_KEY, VERSION);
  }

  /** What the listener answers. */
  public static void putResponse(MultiMap headers, GroupIdentity self) {
    headers.set(CLUSTER, self.clusterId()).set(NODE, self.nodeId()).set(VERSION_KEY, VERSION);
  }

  /**
   * Checks what an opener says.
   *
   * @return null if it is welcome
   */
  static Refusal checkRequest(MultiMap headers, GroupIdentity self, GroupRegistry groups) {
    String version = headers.get(VERSION_KEY);
    if (version == null) {
      return new Refusal(
          Status.UNAUTHENTICATED, "the caller does not say who it is (no " + VERSION_KEY + ")");
    }
    if (!version.equals(VERSION)) {
      return new Refusal(
          Status.FAILED_PRECONDITION,
          "protocol version %s is not spoken here, only %s".formatted(shown(version), VERSION));
    }
    String cluster = headers.get(CLUSTER);
    if (!self.clusterId().equals(cluster)) {
      return new Refusal(
          Status.PERMISSION_DENIED,
          "the caller's cluster is %s, this is cluster '%s'"
              .formatted(shown(cluster), self.clusterId()));
    }
    String to = headers.get(TO);
    if (!self.nodeId().equals(to)) {
      return new Refusal(
          Status.FAILED_PRECONDITION,
          "the caller looks for node %s, this is node '%s': check its members list"
              .formatted(shown(to), self.nodeId()));
    }
    String from = headers.get(FROM);
    if (from == null || !groups.hasPeer(from)) {
      boolean later = from != null && groups.mayBecomePeer(from);
      return new Refusal(
          later ? Status.UNAVAILABLE : Status.PERMISSION_DENIED,
          "node %s is not a member of any group joined by '%s'"
              .formatted(shown(from), self.nodeId()));
    }
    return null;
  }

  /**
   * Checks what a listener answers.
   *
   * @return null if it is the one looked for
   */
  public static String checkResponse(MultiMap headers, String clusterId, String peerId) {
    String cluster = headers.get(CLUSTER);
    if (!clusterId.equals(cluster)) {
      return "it belongs to cluster %s, not to '%s'".formatted(shown(cluster), clusterId);
    }
    String node = headers.get(NODE);
    if (!peerId.equals(node)) {
      return "it is node %s, not '%s': check the members list".formatted(shown(node), peerId);
    }
    String version = headers.get(VERSION_KEY);
    if (!VERSION.equals(version)) {
      return "it speaks protocol version %s, not %s".formatted(shown(version), VERSION);
    }
    return null;
  }

  /** A claimed id as it may appear in a log: a stranger may send anything. */
  public static String shown(String claimed) {
    if (claimed == null) {
      return "(none)";
    }
    try {
      return "'" + GroupIdentity.requireId("id", claimed) + "'";
    } catch (IllegalArgumentException e) {
      return "(not an id)";
    }
  }
}
