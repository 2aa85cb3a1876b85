package io.vertxraft.testkit.snapshot;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of one snapshot, growing or published. Confined to one thread. */
public final class SnapshotDirectory {
  private final Map<String, Buffer> files = new LinkedHashMap<>();
  private final boolean received;
  private SnapshotManifest manifest;
  private boolean synced;
  private boolean seemsSynced;
  private boolean damaged;
  private boolean readable = true;

  /**
   * An empty directory.
   *
   * @param manifest what it is to be; of a saved snapshot, without files
   * @param received whether it comes from another member
   */
  SnapshotDirectory(SnapshotManifest manifest, boolean received) {
    this.manifest = manifest;
    this.received = received;
  }

  /** What it is to be; once it is complete, what it is. */
  public SnapshotManifest manifest() {
    return manifest;
  }

  /** Names of the files that have been begun, in that order. */
  public List<String> names() {
    return Collections.unmodifiableList(new ArrayList<>(files.keySet()));
  }

  /** Bytes of a file that are there. */
  public long bytes(String name) {
    Buffer content = files.get(name);
    return content == null ? 0 : content.length();
  }

  /** Bytes of all files together. */
  public long bytes() {
    long bytes = 0;
    for (Buffer content : files.values()) {
      bytes += content.length();
    }
    return bytes;
  }

  /** A piece of a file, as it is; it ends where the file ends. */
  public Buffer read(String name, long offset, int bytesMax) {
    Buffer content = files.get(name);
    int from = (int) Math.min(offset, content.length());
    return content.getBuffer(from, (int) Math.min(content.length(), (long) from + bytesMax));
  }

  boolean isReceived() {
    return received;
  }

  /** Whether a power cut leaves the files as they are. */
  public boolean isSynced() {
    return synced;
  }

  void markSynced(boolean really) {
    synced = really;
    seemsSynced = !really;
  }

  /** Whether a sync has succeeded that did nothing. */
  public boolean seemsSynced() {
    return seemsSynced;
  }

  /** Whether the manifest can be read. */
  public boolean isReadable() {
    return readable;
  }

  /** Whether the manifest can be read and every file is what it says. */
  public boolean isWhole() {
    return readable && (!damaged || firstWrong() == null);
  }

  /**
   * Refuses bytes that do not belong here.
   *
   * @throws IllegalArgumentException if the file's name is not allowed, or unknown
   * @throws StorageException if the file would become longer than it is
   */
  void requireFits(String name, long newBytes) {
    if (!received) {
      SnapshotFile.requireName(name);
      return;
    }
    SnapshotFile file = manifest.file(name);
    if (file == null) {
      throw new IllegalArgumentException(
          "the snapshot at %d has no file '%s'".formatted(manifest.lastIndex(), name));
    }
    if (bytes(name) + newBytes > file.bytes()) {
      throw corrupt("file '%s' is longer than its %d bytes".formatted(name, file.bytes()));
    }
  }

  /**
   * Writes bytes at the end of a file.
   *
   * @throws StorageException if a received file is complete and wrong; it has to come anew then
   */
  void append(String name, Buffer content) {
    Buffer file = files.computeIfAbsent(name, begun -> Buffer.buffer()).appendBuffer(content);
    SnapshotFile wanted = received ? manifest.file(name) : null;
    if (wanted != null && file.length() == wanted.bytes() && !describe(name, file).equals(wanted)) {
      files.remove(name);
      throw corrupt("file '%s' is not what its manifest says".formatted(name));
    }
  }

  /** Takes over the whole content of a file. */
  void put(String name, Buffer content) {
    files.put(name, content);
  }

  Buffer get(String name) {
    return files.get(name);
  }

  /** Cuts a file off after {@code bytes}. */
  public void cut(String name, long bytes) {
    files.put(name, files.get(name).getBuffer(0, (int) bytes));
    damaged = true;
  }

  /** The file keeps its length, but from {@code offset} on it has zeros: its pages were lost. */
  public void zero(String name, long offset) {
    Buffer content = files.get(name).copy();
    for (int at = (int) offset; at < content.length(); at++) {
      content.setByte(at, (byte) 0);
    }
    files.put(name, content);
    damaged = true;
  }

  /** Turns one bit of a file. */
  public void flip(String name, long bit) {
    Buffer content = files.get(name).copy();
    int at = (int) (bit / 8);
    content.setByte(at, (byte) (content.getByte(at) ^ 1 << bit % 8));
    files.put(name, content);
    damaged = true;
  }

  /** The manifest cannot be read any more. */
  public void loseManifest() {
    readable = false;
  }

  /**
   * No file will grow any more.
   *
   * @throws StorageException if a received file is not what the manifest says
   */
  void complete() {
    if (received) {
      verify();
      return;
    }
    List<SnapshotFile> list = new ArrayList<>();
    files.forEach((name, content) -> list.add(describe(name, content)));
    manifest = manifest.withFiles(list);
  }

  /**
   * Compares every byte with the manifest.
   *
   * @throws StorageException if something differs
   */
  void verify() {
    String wrong = readable ? firstWrong() : "its manifest cannot be read";
    if (wrong != null) {
      throw corrupt(wrong);
    }
  }

  private String firstWrong() {
    for (SnapshotFile file : manifest.files()) {
      Buffer content = files.get(file.name());
      if (content == null || !describe(file.name(), content).equals(file)) {
        return "file '%s' is not what its manifest says".formatted(file.name());
      }
    }
    return files.size() == manifest.files().size() ? null : "it has a file too many";
  }

  private StorageException corrupt(String what) {
    return new StorageException(
        Kind.CORRUPT, "snapshot at %d: %s".formatted(manifest.lastIndex(), what));
  }

  static SnapshotFile describe(String name, Buffer content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
      return new SnapshotFile(name, content.length(), HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
