package io.vertxraft.console;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Limits and cadences of a {@link RaftConsole}. Setters throw if the value is out of range. */
@DataObject
@JsonGen(publicConverter = false)
public class RaftConsoleOptions {
  /** Default of {@link #getSampleIntervalMs()}: 500. */
  public static final long DEFAULT_SAMPLE_INTERVAL_MS = 500;

  /** Default of {@link #getLeaseMs()}: 5,000. */
  public static final long DEFAULT_LEASE_MS = 5_000;

  /** Default of {@link #getSilentAfterMs()}: 3,000. */
  public static final long DEFAULT_SILENT_AFTER_MS = 3_000;

  /** Default of {@link #getLagEntriesMax()}: 1,000. */
  public static final long DEFAULT_LAG_ENTRIES_MAX = 1_000;

  /** Default of {@link #getClientsMax()}: 64. */
  public static final int DEFAULT_CLIENTS_MAX = 64;

  /** Default of {@link #getClientQueueBytesMax()}: 64 * 1024. */
  public static final int DEFAULT_CLIENT_QUEUE_BYTES_MAX = 64 * 1024;

  /** Default of {@link #getEventsMax()}: 500. */
  public static final int DEFAULT_EVENTS_MAX = 500;

  /** Default of {@link #getFramesMax()}: 60. */
  public static final int DEFAULT_FRAMES_MAX = 60;

  /** Default of {@link #getHeartbeatIntervalMs()}: 15,000. */
  public static final long DEFAULT_HEARTBEAT_INTERVAL_MS = 15_000;

  /** Default of {@link #getHistoryMs()}: 300,000. */
  public static final long DEFAULT_HISTORY_MS = 300_000;

  /** Default of {@link #getHistoryBytesMax()}: 8 * 1024 * 1024. */
  public static final long DEFAULT_HISTORY_BYTES_MAX = 8L * 1024 * 1024;

  /** Default of {@link #getGroupsOpenMax()}: 32. */
  public static final int DEFAULT_GROUPS_OPEN_MAX = 32;

  private long sampleIntervalMs = DEFAULT_SAMPLE_INTERVAL_MS;
  private long leaseMs = DEFAULT_LEASE_MS;
  private long silentAfterMs = DEFAULT_SILENT_AFTER_MS;
  private long lagEntriesMax = DEFAULT_LAG_ENTRIES_MAX;
  private int clientsMax = DEFAULT_CLIENTS_MAX;
  private int clientQueueBytesMax = DEFAULT_CLIENT_QUEUE_BYTES_MAX;
  private int eventsMax = DEFAULT_EVENTS_MAX;
  private int framesMax = DEFAULT_FRAMES_MAX;
  private long heartbeatIntervalMs = DEFAULT_HEARTBEAT_INTERVAL_MS;
  private List<String> allowedHosts = new ArrayList<>();
  private long historyMs = DEFAULT_HISTORY_MS;
  private long historyBytesMax = DEFAULT_HISTORY_BYTES_MAX;
  private boolean recordAlways;
  private boolean logHealth = true;
  private int groupsOpenMax = DEFAULT_GROUPS_OPEN_MAX;
  private Map<String, String> memberConsoles = new LinkedHashMap<>();

  /** The defaults. */
  public RaftConsoleOptions() {}

  /** Copies options. */
  public RaftConsoleOptions(RaftConsoleOptions other) {
    sampleIntervalMs = other.sampleIntervalMs;
    leaseMs = other.leaseMs;
    silentAfterMs = other.silentAfterMs;
    lagEntriesMax = other.lagEntriesMax;
    clientsMax = other.clientsMax;
    clientQueueBytesMax = other.clientQueueBytesMax;
    eventsMax = other.eventsMax;
    framesMax = other.framesMax;
    heartbeatIntervalMs = other.heartbeatIntervalMs;
    allowedHosts = new ArrayList<>(other.allowedHosts);
    historyMs = other.historyMs;
    historyBytesMax = other.historyBytesMax;
    recordAlways = other.recordAlways;
    logHealth = other.logHealth;
    groupsOpenMax = other.groupsOpenMax;
    memberConsoles = new LinkedHashMap<>(other.memberConsoles);
  }

  /**
   * Reads the JSON form; what is missing keeps its default.
   *
   * @throws IllegalArgumentException naming the option that is out of range
   */
  public RaftConsoleOptions(JsonObject json) {
    RaftConsoleOptionsConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    RaftConsoleOptionsConverter.toJson(this, json);
    return json;
  }

  /** Milliseconds between two samples of all members, while somebody looks; 10 or more. */
  public long getSampleIntervalMs() {
    return sampleIntervalMs;
  }

  /** Sets {@link #getSampleIntervalMs()}. */
  public RaftConsoleOptions setSampleIntervalMs(long sampleIntervalMs) {
    requireAtLeast("sampleIntervalMs", sampleIntervalMs, 10);
    this.sampleIntervalMs = sampleIntervalMs;
    return this;
  }

  /** How long one plain request keeps sampling going, in milliseconds; 0 or more. */
  public long getLeaseMs() {
    return leaseMs;
  }

  /** Sets {@link #getLeaseMs()}. */
  public RaftConsoleOptions setLeaseMs(long leaseMs) {
    requireAtLeast("leaseMs", leaseMs, 0);
    this.leaseMs = leaseMs;
    return this;
  }

  /** A report or contact older than this many milliseconds counts as silence; 1 or more. */
  public long getSilentAfterMs() {
    return silentAfterMs;
  }

  /** Sets {@link #getSilentAfterMs()}. */
  public RaftConsoleOptions setSilentAfterMs(long silentAfterMs) {
    requireAtLeast("silentAfterMs", silentAfterMs, 1);
    this.silentAfterMs = silentAfterMs;
    return this;
  }

  /**
   * A follower that lacks more entries than this may be called behind; see {@link FollowerState}.
   */
  public long getLagEntriesMax() {
    return lagEntriesMax;
  }

  /** Sets {@link #getLagEntriesMax()}. */
  public RaftConsoleOptions setLagEntriesMax(long lagEntriesMax) {
    requireAtLeast("lagEntriesMax", lagEntriesMax, 0);
    this.lagEntriesMax = lagEntriesMax;
    return this;
  }

  /** Most event streams at a time; one more is answered with 503. 1 or more. */
  public int getClientsMax() {
    return clientsMax;
  }

  /** Sets {@link #getClientsMax()}. */
  public RaftConsoleOptions setClientsMax(int clientsMax) {
    requireAtLeast("clientsMax", clientsMax, 1);
    this.clientsMax = clientsMax;
    return this;
  }

  /** Bytes a stream may have waiting before newer frames replace older ones; 1,024 or more. */
  public int getClientQueueBytesMax() {
    return clientQueueBytesMax;
  }

  /** Sets {@link #getClientQueueBytesMax()}. */
  public RaftConsoleOptions setClientQueueBytesMax(int clientQueueBytesMax) {
    requireAtLeast("clientQueueBytesMax", clientQueueBytesMax, 1_024);
    this.clientQueueBytesMax = clientQueueBytesMax;
    return this;
  }

  /** Most events kept; older ones are dropped. 1 or more. */
  public int getEventsMax() {
    return eventsMax;
  }

  /** Sets {@link #getEventsMax()}. */
  public RaftConsoleOptions setEventsMax(int eventsMax) {
    requireAtLeast("eventsMax", eventsMax, 1);
    this.eventsMax = eventsMax;
    return this;
  }

  /** Most frames kept for streams that resume, within 1 MiB; 1 or more. */
  public int getFramesMax() {
    return framesMax;
  }

  /** Sets {@link #getFramesMax()}. */
  public RaftConsoleOptions setFramesMax(int framesMax) {
    requireAtLeast("framesMax", framesMax, 1);
    this.framesMax = framesMax;
    return this;
  }

  /** Milliseconds between two comments that keep a stream open; 10 or more. */
  public long getHeartbeatIntervalMs() {
    return heartbeatIntervalMs;
  }

  /** Sets {@link #getHeartbeatIntervalMs()}. */
  public RaftConsoleOptions setHeartbeatIntervalMs(long heartbeatIntervalMs) {
    requireAtLeast("heartbeatIntervalMs", heartbeatIntervalMs, 10);
    this.heartbeatIntervalMs = heartbeatIntervalMs;
    return this;
  }

  /**
   * Host names that requests may name in their {@code Host} header, without port. Empty, the
   * default: over a loopback address only {@code localhost}, {@code 127.0.0.1} and {@code [::1]},
   * so that no foreign page can reach the console by giving its own name a loopback address (DNS
   * rebinding); over other addresses any. Otherwise these names everywhere, and the three above
   * over loopback.
   */
  public List<String> getAllowedHosts() {
    return allowedHosts;
  }

  /** Sets {@link #getAllowedHosts()}. */
  public RaftConsoleOptions setAllowedHosts(List<String> allowedHosts) {
    this.allowedHosts = new ArrayList<>(allowedHosts);
    return this;
  }

  /** For how many milliseconds recorded frames are kept; 0 or more, 0 records nothing. */
  public long getHistoryMs() {
    return historyMs;
  }

  /** Sets {@link #getHistoryMs()}. */
  public RaftConsoleOptions setHistoryMs(long historyMs) {
    requireAtLeast("historyMs", historyMs, 0);
    this.historyMs = historyMs;
    return this;
  }

  /** Most bytes that recorded frames may take, deflated, of each group; 0 or more. */
  public long getHistoryBytesMax() {
    return historyBytesMax;
  }

  /** Sets {@link #getHistoryBytesMax()}. */
  public RaftConsoleOptions setHistoryBytesMax(long historyBytesMax) {
    requireAtLeast("historyBytesMax", historyBytesMax, 0);
    this.historyBytesMax = historyBytesMax;
    return this;
  }

  /**
   * Whether frames are recorded while nobody looks too. Then every member is asked for its report
   * at all times.
   */
  public boolean isRecordAlways() {
    return recordAlways;
  }

  /** Sets {@link #isRecordAlways()}. */
  public RaftConsoleOptions setRecordAlways(boolean recordAlways) {
    this.recordAlways = recordAlways;
    return this;
  }

  /** Whether a change of health is logged: WARNING when it worsens, INFO when it recovers. */
  public boolean isLogHealth() {
    return logHealth;
  }

  /** Sets {@link #isLogHealth()}. */
  public RaftConsoleOptions setLogHealth(boolean logHealth) {
    this.logHealth = logHealth;
    return this;
  }

  /**
   * Of how many groups a console of several keeps events and history at a time; 1 or more. One more
   * takes the place of the one that was looked at least recently, unless all are being looked at.
   */
  public int getGroupsOpenMax() {
    return groupsOpenMax;
  }

  /** Sets {@link #getGroupsOpenMax()}. */
  public RaftConsoleOptions setGroupsOpenMax(int groupsOpenMax) {
    requireAtLeast("groupsOpenMax", groupsOpenMax, 1);
    this.groupsOpenMax = groupsOpenMax;
    return this;
  }

  /**
   * Where other members' consoles are, by node id, for links and for actions that only the leader
   * can do: absolute addresses, or ones relative to this console's mount, with a slash at the end.
   */
  public Map<String, String> getMemberConsoles() {
    return memberConsoles;
  }

  /** Sets {@link #getMemberConsoles()}. */
  public RaftConsoleOptions setMemberConsoles(Map<String, String> memberConsoles) {
    this.memberConsoles = new LinkedHashMap<>(memberConsoles);
    return this;
  }

  private static void requireAtLeast(String option, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(
          "console option %s is %d, it must be at least %d".formatted(option, value, min));
    }
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
