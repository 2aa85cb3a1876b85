package io.vertxraft.peer;

/**
 * What a transport has counted, in messages unless said otherwise, since the transport was created.
 *
 * @param sent handed to a connection
 * @param received handed to a group
 * @param droppedDisconnected not sent for want of a stream to the receiver, or of an event loop to
 *     write to it
 * @param droppedQueueFull not sent because the receiver's queue was full, or not delivered because
 *     the group's was or its context took no tasks
 * @param droppedTooLarge not sent or not accepted because of {@code messageBytesMax}
 * @param droppedMalformed received, but not well formed
 * @param droppedForeign received for a group that is not joined here, from a node that is not a
 *     member of it, or on the wrong stream
 * @param refusedStreams peers' streams refused because of who they claimed to be, and clients'
 *     because there were too many
 * @param clientCalls calls of clients handed to a group
 * @param snapshotBytesSent bytes of snapshots, as they travel, among what was sent
 * @param snapshotBytesReceived bytes of snapshots, as they travel, among what was received
 * @param snapshotRepliesDelayed pieces of snapshots that waited because of {@code
 *     snapshotBytesPerSecondMax}
 */
public record TransportStats(
    long sent,
    long received,
    long droppedDisconnected,
    long droppedQueueFull,
    long droppedTooLarge,
    long droppedMalformed,
    long droppedForeign,
    long refusedStreams,
    long clientCalls,
    long snapshotBytesSent,
    long snapshotBytesReceived,
    long snapshotRepliesDelayed) {}
