package io.vertxraft.leveldb;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/**
 * Everything one can set about a {@link LevelDbStorage}. Only the directory is required. {@link
 * #validate()} is called when the storage is created.
 */
public class LevelDbOptions {
  /** Default {@link #getWriteBufferBytes()}: {@value}. */
  public static final int DEFAULT_WRITE_BUFFER_BYTES = 16 * 1024 * 1024;

  /** Default {@link #getCacheBytes()}: {@value}. */
  public static final int DEFAULT_CACHE_BYTES = 8 * 1024 * 1024;

  /** Default {@link #getBatchBytesMax()}: {@value}. */
  public static final int DEFAULT_BATCH_BYTES_MAX = 1024 * 1024;

  /** Default {@link #getBatchWritesMax()}: {@value}. */
  public static final int DEFAULT_BATCH_WRITES_MAX = 1_024;

  /** Default {@link #getFreeSpaceBytesMin()}: {@value}. */
  public static final long DEFAULT_FREE_SPACE_BYTES_MIN = 512L * 1024 * 1024;

  /** A run of so many bytes stays in the journal; reading it there costs a call to the system. */
  static final int LONG_RUN_BYTES = 1024;

  private String directory;
  private int writeBufferBytes = DEFAULT_WRITE_BUFFER_BYTES;
  private int cacheBytes = DEFAULT_CACHE_BYTES;
  private int batchBytesMax = DEFAULT_BATCH_BYTES_MAX;
  private int batchWritesMax = DEFAULT_BATCH_WRITES_MAX;
  private long freeSpaceBytesMin = DEFAULT_FREE_SPACE_BYTES_MIN;
  private String nativeLibraryDirectory;
  private int runEntriesMax = Runs.ENTRIES_MAX;
  private int journalSegmentBytes = Journal.SEGMENT_BYTES;
  private int settleBytes = Store.SETTLE_BYTES;
  private int longRunBytes = LONG_RUN_BYTES;
  private long snapshotsEndNanos = TimeUnit.SECONDS.toNanos(10);

  /** Options with all defaults; the directory must be set. */
  public LevelDbOptions() {}

  /** Copies options. */
  public LevelDbOptions(LevelDbOptions other) {
    directory = other.directory;
    writeBufferBytes = other.writeBufferBytes;
    cacheBytes = other.cacheBytes;
    batchBytesMax = other.batchBytesMax;
    batchWritesMax = other.batchWritesMax;
    freeSpaceBytesMin = other.freeSpaceBytesMin;
    nativeLibraryDirectory = other.nativeLibraryDirectory;
    runEntriesMax = other.runEntriesMax;
    journalSegmentBytes = other.journalSegmentBytes;
    settleBytes = other.settleBytes;
    longRunBytes = other.longRunBytes;
    snapshotsEndNanos = other.snapshotsEndNanos;
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public LevelDbOptions(JsonObject json) {
    directory = json.getString("directory");
    writeBufferBytes = json.getInteger("writeBufferBytes", writeBufferBytes);
    cacheBytes = json.getInteger("cacheBytes", cacheBytes);
    batchBytesMax = json.getInteger("batchBytesMax", batchBytesMax);
    batchWritesMax = json.getInteger("batchWritesMax", batchWritesMax);
    freeSpaceBytesMin = json.getLong("freeSpaceBytesMin", freeSpaceBytesMin);
    nativeLibraryDirectory = json.getString("nativeLibraryDirectory");
  }

  /** The JSON form that {@link #LevelDbOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    if (directory != null) {
      json.put("directory", directory);
    }
    if (nativeLibraryDirectory != null) {
      json.put("nativeLibraryDirectory", nativeLibraryDirectory);
    }
    return json.put("writeBufferBytes", writeBufferBytes)
        .put("cacheBytes", cacheBytes)
        .put("batchBytesMax", batchBytesMax)
        .put("batchWritesMax", batchWritesMax)
        .put("freeSpaceBytesMin", freeSpaceBytesMin);
  }

  /**
   * Checks every option.
   *
   * @return this
   * @throws IllegalArgumentException naming the first option that does not fit, its value and what
   *     is allowed
   */
  public LevelDbOptions validate() {
    if (directory == null || directory.isBlank()) {
      throw new IllegalArgumentException(
          "directory is missing: name the directory that holds this node's log");
    }
    range("writeBufferBytes", writeBufferBytes, 64 * 1024, 1024L * 1024 * 1024);
    range("cacheBytes", cacheBytes, 64 * 1024, Integer.MAX_VALUE);
    range("batchBytesMax", batchBytesMax, 1, 64L * 1024 * 1024);
    range("batchWritesMax", batchWritesMax, 1, 1_000_000);
    range("freeSpaceBytesMin", freeSpaceBytesMin, 0, Long.MAX_VALUE / 2);
    return this;
  }

  private static void range(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d: use %d to %d".formatted(option, value, min, max));
    }
  }

  /** The directory that holds the storage; created if it is not there. */
  public String getDirectory() {
    return directory;
  }

  /** Sets {@link #getDirectory()}. */
  public LevelDbOptions setDirectory(String directory) {
    this.directory = directory;
    return this;
  }

  /**
   * Bytes LevelDB gathers in memory before it writes a table. The time to start after a crash and
   * the room that must stay free on disk grow with it.
   */
  public int getWriteBufferBytes() {
    return writeBufferBytes;
  }

  /** Sets {@link #getWriteBufferBytes()}. */
  public LevelDbOptions setWriteBufferBytes(int writeBufferBytes) {
    this.writeBufferBytes = writeBufferBytes;
    return this;
  }

  /** Bytes of LevelDB's block cache, outside the Java heap. */
  public int getCacheBytes() {
    return cacheBytes;
  }

  /** Sets {@link #getCacheBytes()}. */
  public LevelDbOptions setCacheBytes(int cacheBytes) {
    this.cacheBytes = cacheBytes;
    return this;
  }

  /**
   * Most bytes of entries that share one synced write. A single write that is larger goes alone.
   */
  public int getBatchBytesMax() {
    return batchBytesMax;
  }

  /** Sets {@link #getBatchBytesMax()}. */
  public LevelDbOptions setBatchBytesMax(int batchBytesMax) {
    this.batchBytesMax = batchBytesMax;
    return this;
  }

  /** Most writes, of all groups together, that share one synced write. */
  public int getBatchWritesMax() {
    return batchWritesMax;
  }

  /** Sets {@link #getBatchWritesMax()}. */
  public LevelDbOptions setBatchWritesMax(int batchWritesMax) {
    this.batchWritesMax = batchWritesMax;
    return this;
  }

  /**
   * Bytes of free disk below which the members are asked to append no more entries, until there is
   * an eighth more than that. Terms, votes and truncations are still written, down to a floor of
   * sixteen write buffers and 64 MiB below which nothing is given to LevelDB at all: it maps its
   * files into memory, so that a full disk would end the whole process with SIGBUS. This limit is
   * at least 32 MiB above that floor.
   */
  public long getFreeSpaceBytesMin() {
    return freeSpaceBytesMin;
  }

  /** Sets {@link #getFreeSpaceBytesMin()}. */
  public LevelDbOptions setFreeSpaceBytesMin(long freeSpaceBytesMin) {
    this.freeSpaceBytesMin = freeSpaceBytesMin;
    return this;
  }

  /**
   * Where the native library is unpacked, on a file system that is not mounted noexec; null, the
   * default, for the directory {@code native} in {@link #getDirectory()}. If it cannot be loaded
   * from there, the directory for temporary files is tried. Of all storages of a process the first
   * one decides. The system property {@code library.leveldbjni.path} goes before.
   */
  public String getNativeLibraryDirectory() {
    return nativeLibraryDirectory;
  }

  /** Sets {@link #getNativeLibraryDirectory()}. */
  public LevelDbOptions setNativeLibraryDirectory(String nativeLibraryDirectory) {
    this.nativeLibraryDirectory = nativeLibraryDirectory;
    return this;
  }

  /** How long closing waits for work on snapshots: it takes long only if the disk is stuck. */
  long snapshotsEndNanos() {
    return snapshotsEndNanos;
  }

  /** Sets {@link #snapshotsEndNanos()}; for tests. */
  LevelDbOptions snapshotsEndNanos(long nanos) {
    snapshotsEndNanos = nanos;
    return this;
  }

  /** Bytes of a segment of the journal. */
  int journalSegmentBytes() {
    return journalSegmentBytes;
  }

  /** Sets {@link #journalSegmentBytes()}; for tests. */
  LevelDbOptions journalSegmentBytes(int bytes) {
    journalSegmentBytes = bytes;
    return this;
  }

  /** Bytes of changes that the journal has and the database gets at once. */
  int settleBytes() {
    return settleBytes;
  }

  /** Sets {@link #settleBytes()}; for tests. */
  LevelDbOptions settleBytes(int bytes) {
    settleBytes = bytes;
    return this;
  }

  /** From which length on a run stays in the journal, and the database has only its place. */
  int longRunBytes() {
    return longRunBytes;
  }

  /** Sets {@link #longRunBytes()}; for tests. */
  LevelDbOptions longRunBytes(int bytes) {
    longRunBytes = bytes;
    return this;
  }

  /** Most entries in a record; for measurements. */
  int runEntriesMax() {
    return runEntriesMax;
  }

  /** Sets {@link #runEntriesMax()}. */
  LevelDbOptions runEntriesMax(int entries) {
    runEntriesMax = entries;
    return this;
  }
}
