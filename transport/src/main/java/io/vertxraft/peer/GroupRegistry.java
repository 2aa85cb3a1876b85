package io.vertxraft.peer;

import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The groups joined by this node. Changed by one thread, read by all. */
public final class GroupRegistry {
  private final Map<String, JoinedGroup> groups = new ConcurrentHashMap<>();
  private final Set<String> left = ConcurrentHashMap.newKeySet();
  private final Set<String> formerPeers = ConcurrentHashMap.newKeySet();

  /** The group with this id, or null if it is not joined here. */
  public JoinedGroup get(String groupId) {
    return groups.get(groupId);
  }

  /** Whether this node was a member of the group until it left: its peers may not know yet. */
  boolean hasLeft(String groupId) {
    return left.contains(groupId);
  }

  Collection<JoinedGroup> all() {
    return groups.values();
  }

  /**
   * Adds a group.
   *
   * @throws IllegalStateException if it contradicts what the groups joined earlier say
   */
  void add(JoinedGroup group) {
    GroupIdentity id = group.identity();
    for (JoinedGroup other : groups.values()) {
      GroupIdentity known = other.identity();
      if (known.groupId().equals(id.groupId())) {
        throw new IllegalStateException("group '%s' is already joined".formatted(id.groupId()));
      }
      if (!known.clusterId().equals(id.clusterId()) || !known.nodeId().equals(id.nodeId())) {
        throw new IllegalStateException(
            "%s contradicts %s: one transport serves one node of one cluster".formatted(id, known));
      }
      for (PeerAddress member : group.members()) {
        checkAddress(other, member);
      }
    }
    groups.put(id.groupId(), group);
    left.remove(id.groupId());
  }

  private static void checkAddress(JoinedGroup other, PeerAddress member) {
    for (PeerAddress known : other.members()) {
      if (known.nodeId().equals(member.nodeId()) && !known.equals(member)) {
        throw new IllegalStateException(
            "%s contradicts %s in group '%s': a node has one address"
                .formatted(member, known, other.identity().groupId()));
      }
    }
  }

  void remove(JoinedGroup group) {
    if (groups.remove(group.identity().groupId(), group)) {
      left.add(group.identity().groupId());
      group.members().forEach(member -> formerPeers.add(member.nodeId()));
    }
  }

  /**
   * Whether a node may be right to call although no joined group has it: no group is joined at
   * present, or one was left that had it. Such a node need not be misconfigured.
   */
  boolean mayBecomePeer(String nodeId) {
    return groups.isEmpty() || formerPeers.contains(nodeId);
  }

  /** Whether {@code nodeId} is another member of any joined group. */
  boolean hasPeer(String nodeId) {
    return groups.values().stream().anyMatch(group -> group.hasPeer(nodeId));
  }
}
