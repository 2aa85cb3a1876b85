package io.vertxraft.protocol;

/**
 * Answer to {@link InstallSnapshot}.
 *
 * @param term the follower's term
 * @param installed whether the follower durably holds everything up to {@code lastIndex}, as
 *     snapshot or as entries that are committed; else it is still on its way
 * @param lastIndex if installed: up to where; else: where the snapshot that is being fetched ends,
 *     or 0 if none is
 * @param bytesDone bytes that are there
 * @param bytesTotal bytes of the whole snapshot; 0 while that is not known
 */
public record InstallSnapshotReply(
    long term, boolean installed, long lastIndex, long bytesDone, long bytesTotal)
    implements Message.AfterDurable {

  /** The follower durably holds everything up to {@code lastIndex}. */
  public static InstallSnapshotReply installed(long term, long lastIndex) {
    return new InstallSnapshotReply(term, true, lastIndex, 0, 0);
  }

  /** The follower is at it. */
  public static InstallSnapshotReply underWay(
      long term, long lastIndex, long bytesDone, long bytesTotal) {
    return new InstallSnapshotReply(term, false, lastIndex, bytesDone, bytesTotal);
  }
}
