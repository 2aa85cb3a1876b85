package io.vertxraft.testkit.sim;

import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;

/** Which node of which cluster a disk belongs to: the first that opened a group on it. */
final class DiskOwner {
  private final String disk;
  private GroupIdentity owner;

  DiskOwner(String disk) {
    this.disk = disk;
  }

  /** Why a node may not use the disk, or null. */
  StorageException refusal(GroupIdentity identity) {
    boolean welcome =
        owner == null
            || (owner.clusterId().equals(identity.clusterId())
                && owner.nodeId().equals(identity.nodeId()));
    return welcome
        ? null
        : new StorageException(
            Kind.WRONG_OWNER,
            "disk '%s' belongs to node '%s' of cluster '%s', not to '%s' of '%s': use another disk"
                .formatted(
                    disk,
                    owner.nodeId(),
                    owner.clusterId(),
                    identity.nodeId(),
                    identity.clusterId()));
  }

  void remember(GroupIdentity identity) {
    owner = owner == null ? identity : owner;
  }
}
