package io.vertxraft.consensus;

import io.vertxraft.protocol.Configuration;

/**
 * Who is wanted as leader. A member campaigns at once if no voter has a higher priority;
 * otherwise it lets one election timeout pass for each higher priority there is, so that a better
 * one can come first, and none is waited for for ever. Priority 0 never campaigns. A member whose
 * disk is short of room comes after all others.
 */
final class Priorities {
  static final int DEFAULT = 1;

  private final CoreSettings settings;

  Priorities(CoreSettings settings) {
    this.settings = settings;
  }

  /** The priority of a member. */
  int of(String nodeId) {
    return settings.priorities().getOrDefault(nodeId, DEFAULT);
  }

  /** How many election timeouts this member lets pass before it campaigns. */
  int timeoutsToWait(Configuration configuration, boolean shortOfRoom) {
    int own = of(settings.nodeId());
    return (int)
        configuration.members().stream()
            .filter(id -> configuration.isVoter(id) && !id.equals(settings.nodeId()))
            .mapToInt(this::of)
            .filter(other -> shortOfRoom ? other > 0 : other > own)
            .distinct()
            .count();
  }
}
