package io.vertxraft.protocol;

/**
 * Answer to a {@link ReadIndexRequest}.
 *
 * @param requestId the request answered
 * @param granted whether the sender has proved, after the request arrived, that it leads
 * @param index if granted: whoever has applied this has all that was acknowledged before the
 *     request
 * @param leaderId if refused: the leader that the sender knows, or null
 */
public record ReadIndexReply(long requestId, boolean granted, long index, String leaderId)
    implements PeerRpc {}
