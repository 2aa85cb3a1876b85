package io.vertxraft.protocol;

/**
 * Asks a member for its own view of the group.
 *
 * @param requestId correlates the answer
 */
public record StatusRequest(long requestId) implements PeerRpc {}
