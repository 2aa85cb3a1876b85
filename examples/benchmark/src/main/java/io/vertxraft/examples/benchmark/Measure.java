package io.vertxraft.examples.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be measured. */
enum Measure {
  /** Commands, in closed and open loops. */
  COMMANDS,
  /** Reads by ReadIndex and by lease. */
  READS,
  /** Commands of 1 MiB. */
  LARGE,
  /** One, 16 and 64 groups in the same processes, under load and without. */
  GROUPS,
  /** Commands that nobody syncs. */
  NOFSYNC,
  /** From the death of the leader to the next command. */
  FAILOVER,
  /** From the start of all processes to the first command, with a long log. */
  RESTART,
  /** What the disk and loopback can do without any library. */
  LIMITS;

  /** What it is called on the command line. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Measure> of(String key) {
    return Arrays.stream(values()).filter(measure -> measure.key().equals(key)).findFirst();
  }

  static String keys() {
    return Arrays.stream(values()).map(Measure::key).collect(Collectors.joining(", "));
  }
}
