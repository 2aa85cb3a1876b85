package io.vertxraft.examples.kv;

import io.vertxraft.RaftOptions;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.grpc.GrpcTransportOptions;
import java.util.function.ObjLongConsumer;

/**
 * The numeric options of the command line. Each knows its default and its range, so that help,
 * checks and error messages cannot differ.
 */
enum Setting {
  ELECTION_TIMEOUT_MS(
      "--election-timeout-ms",
      "Wait for a silent leader before an election, drawn from one to two times this value.",
      RaftOptions.DEFAULT_ELECTION_TIMEOUT_MS,
      10,
      600_000,
      RaftOptions::setElectionTimeoutMs),
  HEARTBEAT_INTERVAL_MS(
      "--heartbeat-interval-ms",
      "Time between a leader's heartbeats; at most half of --election-timeout-ms.",
      RaftOptions.DEFAULT_HEARTBEAT_INTERVAL_MS,
      1,
      300_000,
      RaftOptions::setHeartbeatIntervalMs),
  APPLY_TIMEOUT_MS(
      "--apply-timeout-ms",
      "A write without an outcome after this time ends as unknown (504).",
      RaftOptions.DEFAULT_APPLY_TIMEOUT_MS,
      1,
      86_400_000,
      RaftOptions::setApplyTimeoutMs),
  READ_TIMEOUT_MS(
      "--read-timeout-ms",
      "A GET without an answer after this time is rejected (503).",
      RaftOptions.DEFAULT_READ_TIMEOUT_MS,
      1,
      86_400_000,
      RaftOptions::setReadTimeoutMs),
  READS_IN_FLIGHT_MAX(
      "--reads-in-flight-max",
      "GET requests begun here and not answered yet; more are rejected (503).",
      RaftOptions.DEFAULT_READS_IN_FLIGHT_MAX,
      1,
      Integer.MAX_VALUE,
      (raft, value) -> raft.setReadsInFlightMax((int) value)),
  CLOCK_DRIFT_MAX_PERCENT(
      "--clock-drift-max-percent",
      "How much faster one member's clock may run than another's; reads by lease rely on"
          + " it. The same on every member.",
      RaftOptions.DEFAULT_CLOCK_DRIFT_MAX_PERCENT,
      0,
      100,
      (raft, value) -> raft.setClockDriftMaxPercent((int) value)),
  TRANSFER_TIMEOUT_MS(
      "--transfer-timeout-ms",
      "Time for the member that is to lead next to catch up when the leadership is handed over.",
      RaftOptions.DEFAULT_TRANSFER_TIMEOUT_MS,
      1,
      86_400_000,
      RaftOptions::setTransferTimeoutMs),
  STORAGE_STALL_MS(
      "--storage-stall-ms",
      "A leader whose disk has not finished a write for so long hands over, and no member with such"
          + " a disk campaigns; 0 takes twice --election-timeout-ms.",
      0,
      0,
      86_400_000,
      RaftOptions::setStorageStallMs),
  PROPOSALS_IN_FLIGHT_MAX(
      "--proposals-in-flight-max",
      "Writes proposed here and not applied yet; more are rejected (503).",
      RaftOptions.DEFAULT_PROPOSALS_IN_FLIGHT_MAX,
      1,
      Integer.MAX_VALUE,
      (raft, value) -> raft.setProposalsInFlightMax((int) value)),
  PROPOSAL_BYTES_IN_FLIGHT_MAX(
      "--proposal-bytes-in-flight-max",
      "Their bytes; at least --value-bytes-max and 2 KiB.",
      RaftOptions.DEFAULT_PROPOSAL_BYTES_IN_FLIGHT_MAX,
      1,
      1L << 40,
      RaftOptions::setProposalBytesInFlightMax),
  APPEND_ENTRIES_MAX(
      "--append-entries-max",
      "Log entries in one message to a follower.",
      RaftOptions.DEFAULT_APPEND_ENTRIES_MAX,
      1,
      1_000_000,
      (raft, value) -> raft.setAppendEntriesMax((int) value)),
  APPEND_BYTES_MAX(
      "--append-bytes-max",
      "Bytes of log entries in one message to a follower; one entry always fits.",
      RaftOptions.DEFAULT_APPEND_BYTES_MAX,
      1,
      4L * 1024 * 1024,
      (raft, value) -> raft.setAppendBytesMax((int) value)),
  REPLICATION_MESSAGES_IN_FLIGHT_MAX(
      "--replication-messages-in-flight-max",
      "Messages sent to a follower and not answered yet.",
      RaftOptions.DEFAULT_REPLICATION_MESSAGES_IN_FLIGHT_MAX,
      1,
      100_000,
      (raft, value) -> raft.setReplicationMessagesInFlightMax((int) value)),
  REPLICATION_BYTES_IN_FLIGHT_MAX(
      "--replication-bytes-in-flight-max",
      "Bytes of log entries sent to a follower and not answered yet.",
      RaftOptions.DEFAULT_REPLICATION_BYTES_IN_FLIGHT_MAX,
      1,
      1L << 40,
      RaftOptions::setReplicationBytesInFlightMax),
  LOG_CACHE_BYTES_MAX(
      "--log-cache-bytes-max",
      "Bytes of the newest log entries kept in memory.",
      RaftOptions.DEFAULT_LOG_CACHE_BYTES_MAX,
      0,
      1L << 40,
      RaftOptions::setLogCacheBytesMax),
  SNAPSHOT_ENTRIES(
      "--snapshot-entries",
      "A snapshot is taken when so many log entries have been applied since the newest one; 0 for"
          + " never.",
      SnapshotOptions.DEFAULT_ENTRIES,
      0,
      1L << 40,
      (raft, value) -> raft.getSnapshots().setEntries(value)),
  SNAPSHOT_LOG_BYTES(
      "--snapshot-log-bytes",
      "A snapshot is taken when the log has grown by so many bytes since the newest one; 0 for"
          + " never.",
      SnapshotOptions.DEFAULT_LOG_BYTES,
      0,
      1L << 40,
      (raft, value) -> raft.getSnapshots().setLogBytes(value)),
  SNAPSHOT_INTERVAL_S(
      "--snapshot-interval-s",
      "A snapshot is taken every so many seconds if anything was written; 0 for never.",
      SnapshotOptions.DEFAULT_INTERVAL_MS / 1_000,
      0,
      365L * 86_400,
      (raft, value) -> raft.getSnapshots().setIntervalMs(1_000 * value)),
  SNAPSHOTS_KEPT(
      "--snapshots-kept",
      "Snapshots kept; the log is kept back to the oldest, which takes over if a newer one is"
          + " damaged.",
      SnapshotOptions.DEFAULT_KEPT,
      2,
      100,
      (raft, value) -> raft.getSnapshots().setKept((int) value)),
  SNAPSHOT_RETAIN_ENTRIES(
      "--snapshot-retain-entries",
      "Log entries kept before the oldest snapshot, for members that lag a little behind.",
      SnapshotOptions.DEFAULT_RETAIN_ENTRIES,
      0,
      1L << 40,
      (raft, value) -> raft.getSnapshots().setRetainEntries(value)),
  SNAPSHOT_COMPRESSED(
      "--snapshot-compressed",
      "1 compresses snapshots on their way from another member, 0 does not.",
      0,
      0,
      1,
      (raft, value) -> raft.getSnapshots().setCompressed(value == 1)),
  SNAPSHOT_BYTES_PER_SECOND_MAX(
      "--snapshot-bytes-per-second-max",
      "Bytes of snapshots that this member sends to others in a second; 0 for no limit, else at"
          + " least 16384.",
      GrpcTransportOptions.DEFAULT_SNAPSHOT_BYTES_PER_SECOND_MAX,
      0,
      1_000_000_000_000L,
      Setting::none),
  SERVE_CLIENTS(
      "--serve-clients",
      "1 lets programs with a RaftClient in at the address in --members, 0 does not. There is no"
          + " access control: they can change and read everything.",
      0,
      0,
      1,
      Setting::none),
  VALUE_BYTES_MAX(
      "--value-bytes-max",
      "Longest value accepted; the same on every member, or the leader's counts.",
      KvServerOptions.DEFAULT_VALUE_BYTES_MAX,
      1,
      Setting.VALUE_BYTES_LIMIT,
      (raft, value) -> raft.setCommandBytesMax((int) value + KvCodec.PUT_OVERHEAD_BYTES_MAX)),
  STORE_BYTES_MAX(
      "--store-bytes-max",
      "Bytes of keys and values in the map, with 128 more per key; writes beyond are refused (507)."
          + " The map is kept in memory.",
      KvServerOptions.DEFAULT_STORE_BYTES_MAX,
      1,
      1L << 40,
      Setting::none),
  HTTP_BYTES_IN_FLIGHT_MAX(
      "--http-bytes-in-flight-max",
      "Bytes of values on their way in at the same time, by their announced lengths; more are"
          + " rejected (503) before they are read. At least --value-bytes-max, and raised to it if"
          + " not given.",
      KvServerOptions.DEFAULT_HTTP_BYTES_IN_FLIGHT_MAX,
      1,
      1L << 40,
      Setting::none),
  HTTP_CONNECTIONS_MAX(
      "--http-connections-max",
      "HTTP connections at the same time; more are closed at once.",
      KvServerOptions.DEFAULT_HTTP_CONNECTIONS_MAX,
      1,
      1_000_000,
      Setting::none);

  /** Least value of {@link #SNAPSHOT_BYTES_PER_SECOND_MAX} besides 0. */
  static final long SNAPSHOT_BYTES_PER_SECOND_MIN = 16 * 1024;

  /** Largest value that {@link #VALUE_BYTES_MAX} allows. */
  static final long VALUE_BYTES_LIMIT = 16L * 1024 * 1024;

  private final String option;
  private final String description;
  private final long defaultValue;
  private final long min;
  private final long max;
  private final ObjLongConsumer<RaftOptions> target;

  Setting(
      String option,
      String description,
      long defaultValue,
      long min,
      long max,
      ObjLongConsumer<RaftOptions> target) {
    this.option = option;
    this.description = description;
    this.defaultValue = defaultValue;
    this.min = min;
    this.max = max;
    this.target = target;
  }

  private static void none(RaftOptions raft, long value) {}

  String option() {
    return option;
  }

  long defaultValue() {
    return defaultValue;
  }

  /** What help says: purpose, default, range. */
  String help() {
    return "%s Default: %d. Allowed: %d to %d.".formatted(description, defaultValue, min, max);
  }

  /**
   * Checks a value from the command line.
   *
   * @throws IllegalArgumentException naming option, value and range
   */
  long parse(String text) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw outOfRange("'" + text + "'", min, max, "");
    }
    if (value < min || value > max) {
      throw outOfRange(text, min, max, "");
    }
    return value;
  }

  IllegalArgumentException outOfRange(String value, long least, long most, String reason) {
    return new IllegalArgumentException(
        "%s is %s, allowed is %d to %d%s".formatted(option, value, least, most, reason));
  }

  /** Hands the value on to the node's options, if they have such an option. */
  void set(RaftOptions raft, long value) {
    target.accept(raft, value);
  }
}
