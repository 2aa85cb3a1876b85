/**
 * What the transports between members have in common: groups, streams that are kept open, queues,
 * limits, the check of who is who, and the form of messages.
 *
 * <p>Of interest to those who run a node are {@link io.vertxraft.peer.PeerTransportOptions}, {@link
 * io.vertxraft.peer.PeerStatus} and {@link io.vertxraft.peer.TransportStats}; {@link
 * io.vertxraft.peer.MessageCodec} defines the wire form of each message. The rest serves the
 * transports themselves, and changes with them.
 */
package io.vertxraft.peer;
