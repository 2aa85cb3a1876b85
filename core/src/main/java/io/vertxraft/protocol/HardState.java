package io.vertxraft.protocol;

/**
 * What a member must remember across restarts apart from its log: the persistent state of figure 2.
 *
 * @param term latest term the member has seen, 0 before the first
 * @param votedFor member that got this member's vote in {@code term}, or null if none
 */
public record HardState(long term, String votedFor) {
  /** The state of a member that has never taken part in an election. */
  public static final HardState INITIAL = new HardState(0, null);
}
