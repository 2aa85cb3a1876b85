package io.vertxraft.spi;

/**
 * How much room a storage has for more entries.
 *
 * @param low whether no entries should be appended now. Terms, votes and truncations are still
 *     written, from a reserve that is kept for them
 * @param usableBytes bytes that are free where the storage is; {@link Long#MAX_VALUE} without a
 *     limit
 * @param reason for people: place, bytes and remedy; empty unless {@code low}
 */
public record Room(boolean low, long usableBytes, String reason) {
  /** Room without a limit. */
  public static final Room UNLIMITED = new Room(false, Long.MAX_VALUE, "");
}
