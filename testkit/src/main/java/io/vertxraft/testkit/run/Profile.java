package io.vertxraft.testkit.run;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Which families of faults a run may draw from. */
public enum Profile {
  /** All but those of snapshots; no snapshot is ever taken. */
  DEFAULT(EnumSet.complementOf(EnumSet.of(FaultFamily.SNAPSHOTS))),
  /** All of them, among members that take snapshots and cut their logs. */
  SNAPSHOTS(EnumSet.allOf(FaultFamily.class)),
  /** What networks do. */
  NETWORK(
      EnumSet.of(
          FaultFamily.PARTITIONS,
          FaultFamily.CONNECTIONS,
          FaultFamily.LOSS,
          FaultFamily.DUPLICATION,
          FaultFamily.LATE_REPLAY,
          FaultFamily.BANDWIDTH)),
  /** What disks do, and the crashes that show it. */
  DISK(
      EnumSet.of(
          FaultFamily.CRASHES,
          FaultFamily.SLOW_DISKS,
          FaultFamily.DISK_ERRORS,
          FaultFamily.DAMAGE)),
  /** What clocks and schedulers do. */
  CLOCK(EnumSet.of(FaultFamily.CLOCKS, FaultFamily.PAUSES, FaultFamily.PARTITIONS)),
  /** Nothing: for measuring, and to see that a quiet world is quiet. */
  CALM(EnumSet.noneOf(FaultFamily.class));

  private final Set<FaultFamily> families;

  Profile(Set<FaultFamily> families) {
    this.families = Collections.unmodifiableSet(families);
  }

  /** Whether members take snapshots. */
  public boolean takesSnapshots() {
    return this == SNAPSHOTS;
  }

  /** Whether clients of some runs use sessions. */
  public boolean usesSessions() {
    return this == SNAPSHOTS;
  }

  /** The families it allows, in their order. */
  public Set<FaultFamily> families() {
    return families;
  }

  /** As it is written on a command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
