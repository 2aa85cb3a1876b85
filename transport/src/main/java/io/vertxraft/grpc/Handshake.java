package io.vertxraft.grpc;

import io.vertx.core.MultiMap;
import io.vertx.grpc.common.GrpcStatus;
import io.vertxraft.spi.GroupIdentity;

/**
 * Who is speaking to whom: the metadata both ends of a stream exchange before anything else, and
 * the checks that keep clusters and nodes apart that were wired together by mistake.
 */
final class Handshake {
  /** The protocol version spoken here. */
  static final String VERSION = "1";

  static final String CLUSTER = "raft-cluster";
  static final String FROM = "raft-from";
  static final String TO = "raft-to";
  static final String NODE = "raft-node";
  static final String VERSION_KEY = "raft-version";
  static final String MESSAGE_BYTES_MAX = "raft-message-bytes-max";

  private Handshake() {}

  /** Why a stream is refused; UNAVAILABLE if only for the time being. */
  record Refusal(GrpcStatus status, String message) {}

  /** What the opener of a stream says about itself. */
  static void putRequest(MultiMap headers, GroupIdentity self, String peerId) {
    headers
        .set(CLUSTER, self.clusterId())
        .set(FROM, self.nodeId())
        .set(TO, peerId)
        .set(VERSION_KEY, VERSION);
  }

  /** What the listener answers. */
  static void putResponse(MultiMap headers, GroupIdentity self) {
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
          GrpcStatus.UNAUTHENTICATED, "the caller does not say who it is (no " + VERSION_KEY + ")");
    }
    if (!version.equals(VERSION)) {
      return new Refusal(
          GrpcStatus.FAILED_PRECONDITION,
          "protocol version %s is not spoken here, only %s".formatted(shown(version), VERSION));
    }
    String cluster = headers.get(CLUSTER);
    if (!self.clusterId().equals(cluster)) {
      return new Refusal(
          GrpcStatus.PERMISSION_DENIED,
          "the caller's cluster is %s, this is cluster '%s'"
              .formatted(shown(cluster), self.clusterId()));
    }
    String to = headers.get(TO);
    if (!self.nodeId().equals(to)) {
      return new Refusal(
          GrpcStatus.FAILED_PRECONDITION,
          "the caller looks for node %s, this is node '%s': check its members list"
              .formatted(shown(to), self.nodeId()));
    }
    String from = headers.get(FROM);
    if (from == null || !groups.hasPeer(from)) {
      boolean later = from != null && groups.mayBecomePeer(from);
      return new Refusal(
          later ? GrpcStatus.UNAVAILABLE : GrpcStatus.PERMISSION_DENIED,
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
  static String checkResponse(MultiMap headers, String clusterId, String peerId) {
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
  static String shown(String claimed) {
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
