package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.StorageInspector;
import io.vertxraft.leveldb.StorageInspector.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Checks every byte that a member would check at its start. */
@Command(
    name = "verify",
    description = "Checks that all that was acknowledged is there and whole.",
    mixinStandardHelpOptions = true)
final class VerifyCommand extends LogCommand {
  VerifyCommand() {}

  @Override
  int print(StorageInspector storage, PrintWriter out) {
    List<Problem> problems = storage.problems();
    if (json()) {
      out.println(report(storage, problems).encodePrettily());
    } else {
      out.printf(
          Locale.ROOT,
          "%s: node %s of cluster %s%n",
          storage.directory(),
          storage.nodeId(),
          storage.clusterId());
      storage.groups().forEach(group -> out.println("  " + words(group)));
      if (!storage.tornEnd().isEmpty()) {
        out.printf(Locale.ROOT, "NOTE     %s. The next start cuts it off.%n", storage.tornEnd());
      }
      for (Problem problem : problems) {
        out.printf(Locale.ROOT, "DAMAGED  group %s, %s%n", problem.groupId(), place(problem));
        out.printf(Locale.ROOT, "  what   %s%n", problem.nature());
        out.printf(Locale.ROOT, "  remedy %s.%n", problem.remedy());
      }
      out.println(problems.isEmpty() ? "good" : "damaged");
    }
    return problems.isEmpty() ? RaftCtl.GOOD : RaftCtl.DAMAGED;
  }

  private static String place(Problem problem) {
    return problem.index() == 0
        ? "term and vote (%s)".formatted(problem.file())
        : "from entry %d on (%s)".formatted(problem.index(), problem.file());
  }

  private static JsonObject report(StorageInspector storage, List<Problem> problems) {
    JsonArray groups = new JsonArray();
    storage.groups().forEach(group -> groups.add(json(group)));
    JsonArray damages = new JsonArray();
    for (Problem problem : problems) {
      damages.add(
          new JsonObject()
              .put("file", problem.file().toString())
              .put("groupId", problem.groupId())
              .put("index", problem.index())
              .put("nature", problem.nature())
              .put("remedy", problem.remedy()));
    }
    return new JsonObject()
        .put("directory", storage.directory().toString())
        .put("clusterId", storage.clusterId())
        .put("nodeId", storage.nodeId())
        .put("healthy", problems.isEmpty())
        .put("tornEnd", storage.tornEnd().isEmpty() ? null : storage.tornEnd())
        .put("groups", groups)
        .put("problems", damages);
  }
}
