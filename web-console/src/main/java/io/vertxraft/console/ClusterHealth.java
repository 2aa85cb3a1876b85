package io.vertxraft.console;

/** How a group is, in one word; the HTTP status of {@code api/v1/health} follows from it. */
public enum ClusterHealth {
  /** A leader serves and every member is in step. */
  HEALTHY(200),
  /** A leader exists, but something needs a look: fewer failures are survived than planned. */
  DEGRADED(429),
  /** Nobody is known to lead with a majority: commands cannot commit. */
  NO_LEADER(503);

  private final int httpStatus;

  ClusterHealth(int httpStatus) {
    this.httpStatus = httpStatus;
  }

  /** The status a health check answers with. */
  public int httpStatus() {
    return httpStatus;
  }
}
