package io.vertxraft.consensus;

/** Names the four roles. */
public enum RoleKind {
  /** {@link Follower}. */
  FOLLOWER,
  /** {@link PreCandidate}. */
  PRE_CANDIDATE,
  /** {@link Candidate}. */
  CANDIDATE,
  /** {@link Leader}. */
  LEADER
}
