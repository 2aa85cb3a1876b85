package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/**
 * When a member takes snapshots, how many it keeps, and how it fetches one from another member.
 * Part of {@link RaftOptions#getSnapshots()}.
 */
@DataObject
@JsonGen(publicConverter = false)
public class SnapshotOptions {
  /** Default {@link #getIntervalMs()}: {@value}. */
  public static final long DEFAULT_INTERVAL_MS = 3_600_000;

  /** Default {@link #getEntries()}: {@value}. */
  public static final long DEFAULT_ENTRIES = 100_000;

  /** Default {@link #getLogBytes()}: {@value}. */
  public static final long DEFAULT_LOG_BYTES = 256L * 1024 * 1024;

  /** Default {@link #getEntriesMin()}: {@value}. */
  public static final long DEFAULT_ENTRIES_MIN = 1;

  /** Default {@link #getKept()}: {@value}. */
  public static final int DEFAULT_KEPT = 2;

  /** Default {@link #getRetainEntries()}: {@value}. */
  public static final long DEFAULT_RETAIN_ENTRIES = 1_000;

  /** Default {@link #getRetainBytes()}: {@value}. */
  public static final long DEFAULT_RETAIN_BYTES = 1024L * 1024;

  /** Default {@link #getRetainForFollowersBytesMax()}: {@value}. */
  public static final long DEFAULT_RETAIN_FOR_FOLLOWERS_BYTES_MAX = 1024L * 1024 * 1024;

  /** Default {@link #getSaveTimeoutMs()}: {@value}. */
  public static final long DEFAULT_SAVE_TIMEOUT_MS = 600_000;

  /** Default {@link #getReceiveTimeoutMs()}: {@value}. */
  public static final long DEFAULT_RECEIVE_TIMEOUT_MS = 600_000;

  /** Default {@link #getLoadTimeoutMs()}: {@value}. */
  public static final long DEFAULT_LOAD_TIMEOUT_MS = 600_000;

  /** Default {@link #getChunkBytes()}: {@value}. */
  public static final int DEFAULT_CHUNK_BYTES = 256 * 1024;

  /** Default {@link #getChunksInFlightMax()}: {@value}. */
  public static final int DEFAULT_CHUNKS_IN_FLIGHT_MAX = 4;

  /** Default {@link #getChunkTimeoutMs()}: {@value}. */
  public static final long DEFAULT_CHUNK_TIMEOUT_MS = 5_000;

  /** Default {@link #isCompressed()}: {@value}. */
  public static final boolean DEFAULT_COMPRESSED = false;

  /** Default {@link #isFromFollowers()}: {@value}. */
  public static final boolean DEFAULT_FROM_FOLLOWERS = false;

  private long intervalMs = DEFAULT_INTERVAL_MS;
  private long entries = DEFAULT_ENTRIES;
  private long logBytes = DEFAULT_LOG_BYTES;
  private long entriesMin = DEFAULT_ENTRIES_MIN;
  private int kept = DEFAULT_KEPT;
  private long retainEntries = DEFAULT_RETAIN_ENTRIES;
  private long retainBytes = DEFAULT_RETAIN_BYTES;
  private long retainForFollowersBytesMax = DEFAULT_RETAIN_FOR_FOLLOWERS_BYTES_MAX;
  private long saveTimeoutMs = DEFAULT_SAVE_TIMEOUT_MS;
  private long receiveTimeoutMs = DEFAULT_RECEIVE_TIMEOUT_MS;
  private long loadTimeoutMs = DEFAULT_LOAD_TIMEOUT_MS;
  private int chunkBytes = DEFAULT_CHUNK_BYTES;
  private int chunksInFlightMax = DEFAULT_CHUNKS_IN_FLIGHT_MAX;
  private long chunkTimeoutMs = DEFAULT_CHUNK_TIMEOUT_MS;
  private boolean compressed = DEFAULT_COMPRESSED;
  private boolean fromFollowers = DEFAULT_FROM_FOLLOWERS;

  /** Options with all defaults. */
  public SnapshotOptions() {}

  /** Copies options. */
  public SnapshotOptions(SnapshotOptions other) {
    this(other.toJson());
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public SnapshotOptions(JsonObject json) {
    SnapshotOptionsConverter.fromJson(json, this);
  }

  /** The JSON form that {@link #SnapshotOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    SnapshotOptionsConverter.toJson(this, json);
    return json;
  }

  /**
   * Checks every option.
   *
   * @throws IllegalArgumentException naming the first option that does not fit, its value and what
   *     is allowed
   */
  void validate() {
    OptionChecks.range("snapshots.intervalMs", intervalMs, 0, 365L * 86_400_000);
    OptionChecks.range("snapshots.entries", entries, 0, Long.MAX_VALUE);
    OptionChecks.range("snapshots.logBytes", logBytes, 0, Long.MAX_VALUE);
    OptionChecks.range("snapshots.entriesMin", entriesMin, 1, Long.MAX_VALUE);
    OptionChecks.range("snapshots.kept", kept, 2, 100);
    OptionChecks.range("snapshots.retainEntries", retainEntries, 0, Long.MAX_VALUE);
    OptionChecks.range("snapshots.retainBytes", retainBytes, 0, Long.MAX_VALUE);
    OptionChecks.range(
        "snapshots.retainForFollowersBytesMax", retainForFollowersBytesMax, 0, Long.MAX_VALUE);
    OptionChecks.range("snapshots.saveTimeoutMs", saveTimeoutMs, 1, 365L * 86_400_000);
    OptionChecks.range("snapshots.receiveTimeoutMs", receiveTimeoutMs, 1, 365L * 86_400_000);
    OptionChecks.range("snapshots.loadTimeoutMs", loadTimeoutMs, 1, 365L * 86_400_000);
    OptionChecks.range("snapshots.chunkBytes", chunkBytes, 1, 4 * 1024 * 1024);
    OptionChecks.range("snapshots.chunksInFlightMax", chunksInFlightMax, 1, 64);
    OptionChecks.range("snapshots.chunkTimeoutMs", chunkTimeoutMs, 1, 86_400_000);
  }

  /**
   * How often a snapshot is taken in any case, in milliseconds; the first one after a random part
   * of it, so that groups and members do not all write at once. 0 for never.
   */
  public long getIntervalMs() {
    return intervalMs;
  }

  /** Sets {@link #getIntervalMs()}. */
  public SnapshotOptions setIntervalMs(long intervalMs) {
    this.intervalMs = intervalMs;
    return this;
  }

  /**
   * A snapshot is taken when so many entries have been applied since the newest one. 0 for never.
   */
  public long getEntries() {
    return entries;
  }

  /** Sets {@link #getEntries()}. */
  public SnapshotOptions setEntries(long entries) {
    this.entries = entries;
    return this;
  }

  /**
   * A snapshot is taken when the log has grown by so many bytes since the newest one. 0 for never.
   */
  public long getLogBytes() {
    return logBytes;
  }

  /** Sets {@link #getLogBytes()}. */
  public SnapshotOptions setLogBytes(long logBytes) {
    this.logBytes = logBytes;
    return this;
  }

  /**
   * No snapshot is taken, on whatever occasion, before so many entries have been applied since the
   * newest one.
   */
  public long getEntriesMin() {
    return entriesMin;
  }

  /** Sets {@link #getEntriesMin()}. */
  public SnapshotOptions setEntriesMin(long entriesMin) {
    this.entriesMin = entriesMin;
    return this;
  }

  /**
   * How many snapshots are kept. The log is kept back to the oldest of them, so that if one is
   * damaged another one and the log take its place.
   */
  public int getKept() {
    return kept;
  }

  /** Sets {@link #getKept()}. */
  public SnapshotOptions setKept(int kept) {
    this.kept = kept;
    return this;
  }

  /**
   * Entries that are kept before the oldest kept snapshot, for followers that lag a little behind.
   */
  public long getRetainEntries() {
    return retainEntries;
  }

  /** Sets {@link #getRetainEntries()}. */
  public SnapshotOptions setRetainEntries(long retainEntries) {
    this.retainEntries = retainEntries;
    return this;
  }

  /**
   * Bytes of entries that are kept before the oldest kept snapshot, for followers that lag a little
   * behind; the entries are kept that are within both limits.
   */
  public long getRetainBytes() {
    return retainBytes;
  }

  /** Sets {@link #getRetainBytes()}. */
  public SnapshotOptions setRetainBytes(long retainBytes) {
    this.retainBytes = retainBytes;
    return this;
  }

  /**
   * Bytes of entries that a leader keeps at most because a follower that answers still needs them;
   * beyond it, that follower gets a snapshot.
   */
  public long getRetainForFollowersBytesMax() {
    return retainForFollowersBytesMax;
  }

  /** Sets {@link #getRetainForFollowersBytesMax()}. */
  public SnapshotOptions setRetainForFollowersBytesMax(long retainForFollowersBytesMax) {
    this.retainForFollowersBytesMax = retainForFollowersBytesMax;
    return this;
  }

  /** A snapshot that is not saved in so many milliseconds is given up. */
  public long getSaveTimeoutMs() {
    return saveTimeoutMs;
  }

  /** Sets {@link #getSaveTimeoutMs()}. */
  public SnapshotOptions setSaveTimeoutMs(long saveTimeoutMs) {
    this.saveTimeoutMs = saveTimeoutMs;
    return this;
  }

  /**
   * A snapshot that is being fetched from another member is given up for the time being when the
   * disk has not finished a step of it in so many milliseconds: writing a piece, or syncing and
   * verifying the whole. How long the other member and the network may take is for {@link
   * #getChunkTimeoutMs()} to say.
   */
  public long getReceiveTimeoutMs() {
    return receiveTimeoutMs;
  }

  /** Sets {@link #getReceiveTimeoutMs()}. */
  public SnapshotOptions setReceiveTimeoutMs(long receiveTimeoutMs) {
    this.receiveTimeoutMs = receiveTimeoutMs;
    return this;
  }

  /**
   * A state machine that has not loaded a snapshot in so many milliseconds has failed, and the
   * member with it.
   */
  public long getLoadTimeoutMs() {
    return loadTimeoutMs;
  }

  /** Sets {@link #getLoadTimeoutMs()}. */
  public SnapshotOptions setLoadTimeoutMs(long loadTimeoutMs) {
    this.loadTimeoutMs = loadTimeoutMs;
    return this;
  }

  /** Bytes of a snapshot that are asked for at a time when one is fetched from another member. */
  public int getChunkBytes() {
    return chunkBytes;
  }

  /** Sets {@link #getChunkBytes()}. */
  public SnapshotOptions setChunkBytes(int chunkBytes) {
    this.chunkBytes = chunkBytes;
    return this;
  }

  /** Pieces that may be on their way at the same time. */
  public int getChunksInFlightMax() {
    return chunksInFlightMax;
  }

  /** Sets {@link #getChunksInFlightMax()}. */
  public SnapshotOptions setChunksInFlightMax(int chunksInFlightMax) {
    this.chunksInFlightMax = chunksInFlightMax;
    return this;
  }

  /**
   * A piece that has not arrived in so many milliseconds, with none arriving in between, is asked
   * for again.
   */
  public long getChunkTimeoutMs() {
    return chunkTimeoutMs;
  }

  /** Sets {@link #getChunkTimeoutMs()}. */
  public SnapshotOptions setChunkTimeoutMs(long chunkTimeoutMs) {
    this.chunkTimeoutMs = chunkTimeoutMs;
    return this;
  }

  /**
   * Whether snapshots are compressed on their way from another member. Costs processor time at both
   * ends; pays on links of less than about 50 MB/s.
   */
  public boolean isCompressed() {
    return compressed;
  }

  /** Sets {@link #isCompressed()}. */
  public SnapshotOptions setCompressed(boolean compressed) {
    this.compressed = compressed;
    return this;
  }

  /**
   * Whether a snapshot is fetched from another follower that has one, rather than from the leader.
   */
  public boolean isFromFollowers() {
    return fromFollowers;
  }

  /** Sets {@link #isFromFollowers()}. */
  public SnapshotOptions setFromFollowers(boolean fromFollowers) {
    this.fromFollowers = fromFollowers;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
