package io.vertxraft.spi;

import java.util.regex.Pattern;

/**
 * Who a member is: the names under which its data is stored and its messages travel.
 *
 * @param clusterId the cluster; members of different clusters refuse each other
 * @param groupId the Raft group within the cluster
 * @param nodeId this member
 */
public record GroupIdentity(String clusterId, String groupId, String nodeId) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Checks all three ids. */
  public GroupIdentity {
    requireId("clusterId", clusterId);
    requireId("groupId", groupId);
    requireId("nodeId", nodeId);
  }

  /**
   * Checks an id: 1 to 64 letters, digits, dots, underscores or hyphens.
   *
   * @return the id
   * @throws IllegalArgumentException naming {@code what} if it is anything else
   */
  public static String requireId(String what, String id) {
    if (id == null || !ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "%s '%s' is not valid: use 1 to 64 characters of A-Z a-z 0-9 . _ -".formatted(what, id));
    }
    return id;
  }

  @Override
  public String toString() {
    return clusterId + "/" + groupId + "/" + nodeId;
  }
}
