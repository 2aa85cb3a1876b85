package io.vertxraft.leveldb;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whose a storage directory is, as its identity.json says.
 *
 * @param ready whether the database was created completely at some time
 * @param voters of each group that has been opened, the voters it was created with
 */
record Identity(
    String clusterId, String nodeId, boolean ready, SortedMap<String, SortedSet<String>> voters) {
  static final int FORMAT_VERSION = 5;

  private static final String CREATING = "creating";
  private static final String READY = "ready";

  static Path file(Path home) {
    return home.resolve("identity.json");
  }

  /**
   * Reads the identity of a directory; null if it has none.
   *
   * @throws StorageException if it is damaged or of another format
   */
  static Identity read(Path home) {
    Path file = file(home);
    if (!Files.exists(file)) {
      return null;
    }
    JsonObject identity;
    try {
      identity = new JsonObject(Files.readString(file));
    } catch (DecodeException | IOException e) {
      throw StorageErrors.corrupt(home, "identity.json cannot be read", e);
    }
    Object version = identity.getValue("formatVersion");
    if (!Integer.valueOf(FORMAT_VERSION).equals(version)) {
      throw new StorageException(
          Kind.CORRUPT,
          "'%s' has formatVersion %s, this version reads %d: use the version that wrote it"
              .formatted(file, version, FORMAT_VERSION));
    }
    Object state = identity.getValue("state");
    if (!CREATING.equals(state) && !READY.equals(state)) {
      throw StorageErrors.corrupt(home, "identity.json has state '%s'".formatted(state));
    }
    return new Identity(
        String.valueOf(identity.getValue("clusterId")),
        String.valueOf(identity.getValue("nodeId")),
        READY.equals(state),
        readVoters(home, identity));
  }

  /**
   * Reads the identity of a directory that must have one.
   *
   * @throws StorageException if it has none, or a damaged one
   */
  static Identity require(Path home) {
    Identity identity = read(home);
    if (identity != null) {
      return identity;
    }
    throw Files.exists(home.resolve(DataDirectory.DATABASE))
        ? StorageErrors.corrupt(home, "identity.json is missing although there is data")
        : new StorageException(
            Kind.IO_ERROR,
            "'%s' is not a storage directory: it has no identity.json".formatted(home));
  }

  private static SortedMap<String, SortedSet<String>> readVoters(Path home, JsonObject identity) {
    SortedMap<String, SortedSet<String>> voters = new TreeMap<>();
    try {
      JsonObject groups = identity.getJsonObject("voters", new JsonObject());
      for (String groupId : groups.fieldNames()) {
        SortedSet<String> ids = new TreeSet<>();
        groups.getJsonArray(groupId).forEach(id -> ids.add((String) id));
        voters.put(groupId, ids);
      }
    } catch (ClassCastException e) {
      throw StorageErrors.corrupt(home, "identity.json has no valid 'voters'", e);
    }
    return voters;
  }

  Identity markedReady() {
    return new Identity(clusterId, nodeId, true, voters);
  }

  Identity withVoters(String groupId, Set<String> ids) {
    SortedMap<String, SortedSet<String>> more = new TreeMap<>(voters);
    more.put(groupId, new TreeSet<>(ids));
    return new Identity(clusterId, nodeId, ready, more);
  }

  /** Writes it atomically and durably. */
  void write(Path home) throws IOException {
    JsonObject groups = new JsonObject();
    voters.forEach((groupId, ids) -> groups.put(groupId, new JsonArray(List.copyOf(ids))));
    JsonObject identity =
        new JsonObject()
            .put("formatVersion", FORMAT_VERSION)
            .put("clusterId", clusterId)
            .put("nodeId", nodeId)
            .put("state", ready ? READY : CREATING)
            .put("voters", groups);
    Path temporary = home.resolve("identity.json.tmp");
    byte[] bytes = (identity.encodePrettily() + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(temporary, file(home), StandardCopyOption.ATOMIC_MOVE);
    DataDirectory.sync(home);
  }

  /**
   * Checks that the directory is of this owner.
   *
   * @throws StorageException WRONG_OWNER if it is not
   */
  void require(Path home, String expectedClusterId, String expectedNodeId) {
    if (!clusterId.equals(expectedClusterId) || !nodeId.equals(expectedNodeId)) {
      throw new StorageException(
          Kind.WRONG_OWNER,
          ("storage directory '%s' belongs to node '%s' of cluster '%s', not to node '%s' of cluster"
                  + " '%s': correct the directory, or nodeId and clusterId")
              .formatted(home, nodeId, clusterId, expectedNodeId, expectedClusterId));
    }
  }
}
