package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.SnapshotInspector;
import io.vertxraft.leveldb.SnapshotInspector.Snapshot;
import io.vertxraft.spi.SnapshotManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Option;

/** What the commands about the snapshots in a directory share. */
abstract class SnapshotDirectoryCommand extends DirectoryCommand {
  @Option(
      names = "--group",
      paramLabel = "ID",
      description = "Only of this group (default: all groups).")
  private String groupId;

  @Option(
      names = "--index",
      paramLabel = "INDEX",
      description = "Only the snapshot at this index (default: all).")
  private Long index;

  /** Prints what is asked for about the chosen snapshots and returns the exit code. */
  abstract int print(SnapshotInspector storage, List<Snapshot> chosen, PrintWriter out)
      throws IOException;

  @Override
  final int look(Path storageDirectory, PrintWriter out) throws IOException {
    try (SnapshotInspector storage = SnapshotInspector.open(storageDirectory)) {
      List<Snapshot> chosen =
          storage.snapshots().stream()
              .filter(snapshot -> groupId == null || snapshot.groupId().equals(groupId))
              .filter(snapshot -> index == null || snapshot.lastIndex() == index)
              .toList();
      if (chosen.isEmpty() && (groupId != null || index != null)) {
        throw wrongUsage(
            "there is no such snapshot: 'raftctl snapshot list %s' shows all"
                .formatted(storageDirectory));
      }
      return print(storage, chosen, out);
    }
  }

  /** A line for people. */
  static String words(Snapshot snapshot) {
    String place = "group %s, index %d".formatted(snapshot.groupId(), snapshot.lastIndex());
    SnapshotManifest manifest = snapshot.manifest();
    return manifest == null
        ? place
        : "%s, term %d: %d bytes in %d files, members %s, saved %s"
            .formatted(
                place,
                manifest.lastTerm(),
                manifest.bytes(),
                manifest.files().size(),
                manifest.configuration(),
                Instant.ofEpochMilli(manifest.savedAtMs()));
  }

  /** The same for programs. */
  static JsonObject json(Snapshot snapshot) {
    JsonObject json =
        new JsonObject()
            .put("groupId", snapshot.groupId())
            .put("lastIndex", snapshot.lastIndex())
            .put("directory", snapshot.directory().toString());
    SnapshotManifest manifest = snapshot.manifest();
    return manifest == null ? json : json.mergeIn(json(manifest));
  }

  /** What a manifest says, but for the session table. */
  static JsonObject json(SnapshotManifest manifest) {
    JsonArray files = new JsonArray();
    manifest
        .files()
        .forEach(
            file ->
                files.add(
                    new JsonObject()
                        .put("name", file.name())
                        .put("bytes", file.bytes())
                        .put("sha256", file.sha256())));
    return new JsonObject()
        .put("clusterId", manifest.clusterId())
        .put("groupId", manifest.groupId())
        .put("lastIndex", manifest.lastIndex())
        .put("lastTerm", manifest.lastTerm())
        .put("members", new JsonArray(List.copyOf(manifest.configuration().members())))
        .put("savedAtMs", manifest.savedAtMs())
        .put("bytes", manifest.bytes())
        .put("files", files);
  }

  /** Prints a report about snapshots for programs. */
  static void print(
      SnapshotInspector storage, boolean healthy, JsonArray snapshots, PrintWriter out) {
    out.println(
        new JsonObject()
            .put("directory", storage.directory().toString())
            .put("clusterId", storage.clusterId())
            .put("nodeId", storage.nodeId())
            .put("healthy", healthy)
            .put("snapshots", snapshots)
            .encodePrettily());
  }
}
