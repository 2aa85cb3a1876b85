package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.StorageInspector;
import io.vertxraft.leveldb.StorageInspector.Group;
import io.vertxraft.leveldb.StorageInspector.Volume;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Says how much there is. */
@Command(
    name = "stats",
    description = "Says how much the files and the logs of the groups hold.",
    mixinStandardHelpOptions = true)
final class StatsCommand extends LogCommand {
  StatsCommand() {}

  @Override
  int print(StorageInspector storage, PrintWriter out) throws IOException {
    Map<String, Long> files = storage.files();
    JsonArray groups = new JsonArray();
    for (Group group : storage.groups()) {
      Volume volume = storage.volume(group.groupId());
      if (!json()) {
        out.println(words(group));
        out.printf(
            Locale.ROOT,
            "  %d entries of %d bytes in %d records; entries by term: %s%n",
            volume.entries(),
            volume.entryBytes(),
            volume.records(),
            volume.entriesPerTerm());
      }
      groups.add(
          json(group)
              .put("entries", volume.entries())
              .put("entryBytes", volume.entryBytes())
              .put("records", volume.records())
              .put("entriesPerTerm", terms(volume)));
    }
    long bytes = files.values().stream().mapToLong(Long::longValue).sum();
    if (json()) {
      JsonObject report =
          new JsonObject()
              .put("directory", storage.directory().toString())
              .put("bytes", bytes)
              .put("files", new JsonObject(Map.copyOf(files)))
              .put("groups", groups);
      out.println(report.encodePrettily());
    } else {
      out.printf(Locale.ROOT, "%d bytes in %d files%n", bytes, files.size());
      files.forEach((file, size) -> out.printf(Locale.ROOT, "  %12d %s%n", size, file));
    }
    return storage.problems().isEmpty() ? RaftCtl.GOOD : RaftCtl.DAMAGED;
  }

  private static JsonObject terms(Volume volume) {
    JsonObject terms = new JsonObject();
    volume.entriesPerTerm().forEach((term, entries) -> terms.put(Long.toString(term), entries));
    return terms;
  }
}
