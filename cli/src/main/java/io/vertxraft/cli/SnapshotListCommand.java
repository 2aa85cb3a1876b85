package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertxraft.leveldb.SnapshotInspector;
import io.vertxraft.leveldb.SnapshotInspector.Snapshot;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;

/** Says which snapshots there are. */
@Command(
    name = "list",
    description = {
      "Lists the snapshots in a directory, of each group the newest first.",
      "Only their manifests are read; 'verify' reads the files, too."
    },
    mixinStandardHelpOptions = true)
final class SnapshotListCommand extends SnapshotDirectoryCommand {
  SnapshotListCommand() {}

  @Override
  int print(SnapshotInspector storage, List<Snapshot> chosen, PrintWriter out) {
    JsonArray report = new JsonArray();
    boolean healthy = true;
    for (Snapshot snapshot : chosen) {
      boolean readable = snapshot.manifest() != null;
      healthy &= readable;
      if (json()) {
        report.add(json(snapshot).put("problem", readable ? null : snapshot.problem()));
      } else {
        out.println(
            readable
                ? words(snapshot)
                : "DAMAGED  %s%n  %s.".formatted(words(snapshot), snapshot.problem()));
      }
    }
    if (json()) {
      print(storage, healthy, report, out);
    } else if (chosen.isEmpty()) {
      out.println("there are no snapshots");
    }
    return healthy ? RaftCtl.GOOD : RaftCtl.DAMAGED;
  }
}
