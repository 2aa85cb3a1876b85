package io.vertxraft.spi;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.protocol.Configuration;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a snapshot is of, and what it consists of.
 *
 * @param clusterId the cluster it was taken in
 * @param groupId the group it was taken of
 * @param lastIndex index of the last log entry whose effect it holds; at least 1
 * @param lastTerm term of that entry
 * @param term the term of the member that took it, when it did: the entries are known to be
 *     committed as of that term, which may be later than {@code lastTerm}
 * @param configuration the members as of that entry, both halves if it was joint
 * @param sessions the session table as of that entry, as the runtime encodes it; may be empty
 * @param savedAtMs wall-clock time it was taken, in milliseconds since the epoch; for display only
 * @param files its files, in the order in which they were written
 */
public record SnapshotManifest(
    String clusterId,
    String groupId,
    long lastIndex,
    long lastTerm,
    long term,
    Configuration configuration,
    Buffer sessions,
    long savedAtMs,
    List<SnapshotFile> files) {
  /** Version of the encoded form. */
  public static final int FORMAT_VERSION = 1;

  /** Bytes of the longest manifest that is read: {@value}. */
  public static final int ENCODED_BYTES_MAX = 64 * 1024 * 1024;

  private static final String MAGIC = "vertx-raft-snapshot ";

  /** Checks everything but the files' content. */
  public SnapshotManifest {
    GroupIdentity.requireId("clusterId", clusterId);
    GroupIdentity.requireId("groupId", groupId);
    if (lastIndex < 1 || lastTerm < 1 || term < lastTerm) {
      throw new IllegalArgumentException(
          "a snapshot of term %d cannot end at index %d of term %d"
              .formatted(term, lastIndex, lastTerm));
    }
    files = List.copyOf(files);
    Set<String> names = new TreeSet<>();
    for (SnapshotFile file : files) {
      // Some file systems take two names that differ in case only for the same.
      if (!names.add(file.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("the snapshot lists '%s' twice".formatted(file.name()));
      }
    }
  }

  /** The same snapshot with other files. */
  public SnapshotManifest withFiles(List<SnapshotFile> newFiles) {
    return new SnapshotManifest(
        clusterId,
        groupId,
        lastIndex,
        lastTerm,
        term,
        configuration,
        sessions,
        savedAtMs,
        newFiles);
  }

  /** Length of all files together. */
  public long bytes() {
    return files.stream().mapToLong(SnapshotFile::bytes).sum();
  }

  /** The file of that name, or null. */
  public SnapshotFile file(String name) {
    for (SnapshotFile file : files) {
      if (file.name().equals(name)) {
        return file;
      }
    }
    return null;
  }

  /**
   * The stored and transmitted form: a line with format version and SHA-256, then JSON. Fields that
   * a version does not know, it ignores.
   */
  public Buffer encode() {
    JsonArray list = new JsonArray();
    for (SnapshotFile file : files) {
      list.add(
          new JsonObject()
              .put("name", file.name())
              .put("bytes", file.bytes())
              .put("sha256", file.sha256()));
    }
    Buffer json =
        new JsonObject()
            .put("clusterId", clusterId)
            .put("groupId", groupId)
            .put("lastIndex", lastIndex)
            .put("lastTerm", lastTerm)
            .put("term", term)
            .put("voters", array(configuration.voters()))
            .put("outgoing", array(configuration.outgoing()))
            .put("learners", array(configuration.learners()))
            .put("sessions", sessions.getBytes())
            .put("savedAtMs", savedAtMs)
            .put("files", list)
            .toBuffer();
    return Buffer.buffer(MAGIC + FORMAT_VERSION + " " + sha256(json) + "\n").appendBuffer(json);
  }

  /**
   * Reads {@link #encode()}.
   *
   * @throws IllegalArgumentException saying what is wrong with the bytes
   */
  public static SnapshotManifest decode(Buffer encoded) {
    byte[] bytes = encoded.getBytes();
    int end = 0;
    while (end < bytes.length && end < 200 && bytes[end] != '\n') {
      end++;
    }
    String[] head = new String(bytes, 0, end, StandardCharsets.US_ASCII).split(" ", -1);
    if (head.length != 3 || !MAGIC.trim().equals(head[0]) || end == bytes.length) {
      throw new IllegalArgumentException("this is no manifest of a snapshot");
    }
    if (!Integer.toString(FORMAT_VERSION).equals(head[1])) {
      throw new IllegalArgumentException(
          "the manifest has format version %s, this version reads %d: use a newer version"
              .formatted(head[1], FORMAT_VERSION));
    }
    Buffer json = encoded.slice(end + 1, encoded.length());
    if (!sha256(json).equals(head[2])) {
      throw new IllegalArgumentException("the manifest does not have its checksum");
    }
    try {
      return fromJson(new JsonObject(json));
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      throw new IllegalArgumentException("the manifest cannot be read: " + e.getMessage(), e);
    }
  }

  private static SnapshotManifest fromJson(JsonObject json) {
    List<SnapshotFile> files = new ArrayList<>();
    JsonArray list = json.getJsonArray("files");
    for (int i = 0; i < list.size(); i++) {
      JsonObject file = list.getJsonObject(i);
      files.add(
          new SnapshotFile(
              file.getString("name"), file.getLong("bytes"), file.getString("sha256")));
    }
    return new SnapshotManifest(
        json.getString("clusterId"),
        json.getString("groupId"),
        json.getLong("lastIndex"),
        json.getLong("lastTerm"),
        json.getLong("term"),
        Configuration.joint(
            ids(json.getJsonArray("voters")),
            ids(json.getJsonArray("outgoing")),
            ids(json.getJsonArray("learners"))),
        Buffer.buffer(json.getBinary("sessions")),
        json.getLong("savedAtMs"),
        files);
  }

  private static JsonArray array(Set<String> ids) {
    return new JsonArray(new ArrayList<>(ids));
  }

  private static Set<String> ids(JsonArray array) {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < array.size(); i++) {
      ids.add(GroupIdentity.requireId("member", array.getString(i)));
    }
    return ids;
  }

  private static String sha256(Buffer content) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
