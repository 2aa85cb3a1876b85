package io.vertxraft.peer;

import io.vertxraft.spi.PeerAddress;

/**
 * The state of a stream to a peer.
 *
 * @param peer the peer and its address
 * @param kind which of the streams
 * @param connected whether the stream is open and the peer's identity verified; a {@link
 *     StreamKind#SNAPSHOT} stream is not while nothing is asked of the peer
 * @param connects how often the stream has been opened so far
 * @param lastError why it was last closed or refused; empty if it never was
 */
public record PeerStatus(
    PeerAddress peer, StreamKind kind, boolean connected, long connects, String lastError) {}
