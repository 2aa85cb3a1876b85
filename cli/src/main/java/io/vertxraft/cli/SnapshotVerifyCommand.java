package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertxraft.leveldb.SnapshotInspector;
import io.vertxraft.leveldb.SnapshotInspector.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;

/** Checks every byte of snapshots. */
@Command(
    name = "verify",
    description = "Compares every byte of the snapshots in a directory with their manifests.",
    mixinStandardHelpOptions = true)
final class SnapshotVerifyCommand extends SnapshotDirectoryCommand {
  SnapshotVerifyCommand() {}

  @Override
  int print(SnapshotInspector storage, List<Snapshot> chosen, PrintWriter out) throws IOException {
    JsonArray report = new JsonArray();
    boolean healthy = true;
    for (Snapshot snapshot : chosen) {
      String problem = storage.verify(snapshot);
      boolean good = problem.isEmpty();
      healthy &= good;
      if (json()) {
        report.add(json(snapshot).put("good", good).put("problem", good ? null : problem));
      } else {
        out.println((good ? "good     " : "DAMAGED  ") + words(snapshot));
        if (!good) {
          out.println("  " + problem + ".");
        }
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
