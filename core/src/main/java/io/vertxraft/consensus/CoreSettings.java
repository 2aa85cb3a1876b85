package io.vertxraft.consensus;

import io.vertxraft.protocol.Configuration;
import java.util.Map;

/**
 * The fixed parameters of a {@link RaftCore}.
 *
 * @param groupId the group, part of each entry's checksum
 * @param nodeId this member
 * @param configuration the members of the group
 * @param priorities how much each member is wanted as leader, see {@link Priorities}; 1 for a
 *     member that is not mentioned
 * @param electionTimeoutNanos shortest wait before a campaign; the longest is half as long again
 * @param heartbeatNanos time between heartbeats
 * @param clockDriftMaxPercent how much faster the clock of one member may run than that of another
 * @param transferTimeoutNanos time for the target of a transfer to catch up
 * @param storageStallNanos a leader whose storage does not finish a write for so long hands over
 * @param appendEntriesMax entries per AppendEntries
 * @param appendBytesMax bytes of entries per AppendEntries; one entry is always allowed
 * @param inflightMessagesMax unanswered AppendEntries per follower
 * @param inflightBytesMax unanswered bytes of entries per follower; one message is always allowed
 * @param probe a test's window, {@link Probe#NONE} in production
 */
public record CoreSettings(
    String groupId,
    String nodeId,
    Configuration configuration,
    Map<String, Integer> priorities,
    long electionTimeoutNanos,
    long heartbeatNanos,
    int clockDriftMaxPercent,
    long transferTimeoutNanos,
    long storageStallNanos,
    int appendEntriesMax,
    int appendBytesMax,
    int inflightMessagesMax,
    long inflightBytesMax,
    Probe probe) {

  /** Copies the priorities. */
  public CoreSettings {
    priorities = Map.copyOf(priorities);
  }

  /**
   * How long a leader may rely on an answer, counted from the sending of the question: the voters'
   * election timeout on the fastest clock.
   */
  long leaseNanos() {
    return electionTimeoutNanos * 100 / (100 + clockDriftMaxPercent);
  }
}
