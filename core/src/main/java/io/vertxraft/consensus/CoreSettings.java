package io.vertxraft.consensus;

import io.vertxraft.protocol.Configuration;

/**
 * The fixed parameters of a {@link RaftCore}.
 *
 * @param groupId the group, part of each entry's checksum
 * @param nodeId this member
 * @param configuration the members of the group
 * @param electionTimeoutNanos shortest wait before a campaign; the longest is twice as long
 * @param heartbeatNanos time between heartbeats
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
    long electionTimeoutNanos,
    long heartbeatNanos,
    int appendEntriesMax,
    int appendBytesMax,
    int inflightMessagesMax,
    long inflightBytesMax,
    Probe probe) {}
