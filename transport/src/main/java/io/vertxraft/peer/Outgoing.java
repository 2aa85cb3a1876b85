package io.vertxraft.peer;

import io.vertxraft.protocol.Message;

/**
 * A message on its way out.
 *
 * @param groupId the group it belongs to
 * @param message the message
 * @param bytesMax an upper bound of its size on the wire
 */
public record Outgoing(String groupId, Message message, long bytesMax) {}
