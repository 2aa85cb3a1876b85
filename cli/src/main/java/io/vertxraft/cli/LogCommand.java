package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.StorageInspector;
import io.vertxraft.protocol.HardState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What the commands about the logs in a directory share. */
abstract class LogCommand extends DirectoryCommand {
  /** Prints what is asked for and returns the exit code. */
  abstract int print(StorageInspector storage, PrintWriter out) throws IOException;

  @Override
  final int look(Path storageDirectory, PrintWriter out) throws IOException {
    try (StorageInspector storage = StorageInspector.open(storageDirectory)) {
      return print(storage, out);
    }
  }

  static JsonObject json(StorageInspector.Group group) {
    HardState hardState = group.hardState();
    return new JsonObject()
        .put("groupId", group.groupId())
        .put("term", hardState == null ? null : hardState.term())
        .put("votedFor", hardState == null ? null : hardState.votedFor())
        .put("firstIndex", group.firstIndex())
        .put("lastIndex", group.lastIndex())
        .put("lastTerm", group.lastTerm());
  }

  static String words(StorageInspector.Group group) {
    HardState hardState = group.hardState();
    String promise =
        hardState == null
            ? "term and vote are not certain"
            : "term %d, vote %s"
                .formatted(
                    hardState.term(),
                    hardState.votedFor() == null ? "for nobody" : "for " + hardState.votedFor());
    String log =
        group.lastIndex() < group.firstIndex()
            ? "empty log, next entry " + group.firstIndex()
            : "entries %d to %d (term %d)"
                .formatted(group.firstIndex(), group.lastIndex(), group.lastTerm());
    return "group %s: %s, %s".formatted(group.groupId(), promise, log);
  }
}
