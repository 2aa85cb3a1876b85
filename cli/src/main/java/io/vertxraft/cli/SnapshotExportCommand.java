package io.vertxraft.cli;

import io.vertxraft.leveldb.SnapshotInspector;
import io.vertxraft.leveldb.SnapshotInspector.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a snapshot into one file. */
@Command(
    name = "export",
    description = {
      "Writes the newest snapshot, or the one of --index, into one zip file for 'import'.",
      "It is verified while it is read, and the file is read again. Nothing is overwritten.",
      "The file holds the state of the group: keep it as safe as the storage itself."
    },
    mixinStandardHelpOptions = true)
final class SnapshotExportCommand extends SnapshotDirectoryCommand {
  @Parameters(index = "1", paramLabel = "FILE", description = "The zip file to write.")
  private Path archive;

  SnapshotExportCommand() {}

  @Override
  int print(SnapshotInspector storage, List<Snapshot> chosen, PrintWriter out) throws IOException {
    List<String> groups = chosen.stream().map(Snapshot::groupId).distinct().toList();
    if (groups.size() > 1) {
      throw wrongUsage("--group is missing: use one of " + groups);
    }
    if (chosen.isEmpty()) {
      throw wrongUsage("there are no snapshots in '%s'".formatted(storage.directory()));
    }
    Snapshot newest = chosen.get(0);
    storage.export(newest, archive);
    out.println(
        json()
            ? json(newest)
                .put("archive", archive.toString())
                .put("archiveBytes", Files.size(archive))
                .encodePrettily()
            : "exported %s%n  to '%s', %d bytes"
                .formatted(words(newest), archive, Files.size(archive)));
    return RaftCtl.GOOD;
  }
}
