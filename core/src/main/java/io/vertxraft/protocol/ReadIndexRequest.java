package io.vertxraft.protocol;

/**
 * A member asks the leader up to which index it must have applied before it answers reads that have
 * arrived by now (thesis 6.4).
 *
 * @param requestId correlates the answer
 * @param lease whether the leader's lease is proof enough that it leads
 */
public record ReadIndexRequest(long requestId, boolean lease) implements PeerRpc {}
