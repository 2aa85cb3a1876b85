package io.vertxraft.peer;

import java.lang.System.Logger;

/**
 * What all streams of one transport share.
 *
 * @param options what the transport was created with
 * @param groups the groups joined by the node
 * @param counters what has been counted
 * @param log warnings that a peer can cause at will
 */
public record TransportParts(
    PeerTransportOptions<?> options,
    GroupRegistry groups,
    TransportCounters counters,
    RateLimitedLog log) {
  /** The parts of a new transport, which has joined nothing yet. */
  public static TransportParts of(PeerTransportOptions<?> options, Logger logger) {
    return new TransportParts(
        options, new GroupRegistry(), new TransportCounters(), new RateLimitedLog(logger));
  }
}
