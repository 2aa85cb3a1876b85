package io.vertxraft.consensus;

import io.vertxraft.protocol.Configuration;
import java.util.Map;

/**
 * The leader's side of the follower leases: while a quorum has heard this leader within an
 * election timeout on its own clocks, nobody else can be elected (thesis 6.4.1). Counted from the
 * time a heartbeat was sent, shortened by the bound on how much faster other clocks run.
 */
final class Lease {
  private final CoreSettings settings;
  private boolean held;
  private boolean givenUp;
  private long until;

  Lease(CoreSettings settings) {
    this.settings = settings;
  }

  /** A follower has answered. */
  void renew(
      Configuration configuration, Map<String, Progress> followers, long startedAt, long now) {
    // Relative to the election, because clocks may be negative; never for whoever has not answered.
    long since =
        Quorum.reachedValue(
            configuration,
            id ->
                id.equals(settings.nodeId())
                    ? now - startedAt
                    : followers.get(id).trustedContactSince(startedAt));
    held = since >= 0;
    until = startedAt + since + settings.leaseNanos();
  }

  /** From now on there is no lease in this term: another member may be elected at any time. */
  void giveUp() {
    givenUp = true;
  }

  boolean isGivenUp() {
    return givenUp;
  }

  /** Whether a quorum with known clocks has ever answered. */
  boolean isHeld() {
    return held;
  }

  boolean isValid(long now) {
    return held && !givenUp && now - until < 0;
  }

  long until() {
    return until;
  }
}
