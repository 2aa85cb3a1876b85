package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.StorageInspector;
import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists entries. */
@Command(
    name = "dump",
    description = {
      "Lists the entries of a group's log, one a line.",
      "Payloads are left out unless --payload is given: they may be secret."
    },
    mixinStandardHelpOptions = true)
final class DumpCommand extends LogCommand {
  @Option(
      names = "--group",
      paramLabel = "ID",
      description = "The group; may be left out if there is only one.")
  private String groupId;

  @Option(
      names = "--from",
      paramLabel = "INDEX",
      defaultValue = "1",
      description = "First index (default: ${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Most entries (default: ${DEFAULT-VALUE}).")
  private long count;

  @Option(names = "--payload", description = "Print payloads, too, in hexadecimal digits.")
  private boolean payload;

  DumpCommand() {}

  @Override
  int print(StorageInspector storage, PrintWriter out) throws IOException {
    if (count < 1) {
      throw wrongUsage("--count is %d: use at least 1".formatted(count));
    }
    String group = groupId == null ? onlyGroup(storage) : groupId;
    if (storage.groups().stream().noneMatch(known -> known.groupId().equals(group))) {
      throw wrongUsage("there is no group '%s': use one of %s".formatted(group, groupIds(storage)));
    }
    long[] left = {count};
    storage.entries(
        group,
        from,
        entry -> {
          out.println(json() ? json(entry).encode() : line(entry));
          return --left[0] > 0;
        });
    boolean healthy =
        storage.problems().stream().noneMatch(problem -> problem.groupId().equals(group));
    return healthy ? RaftCtl.GOOD : RaftCtl.DAMAGED;
  }

  private String onlyGroup(StorageInspector storage) {
    List<String> groups = groupIds(storage);
    if (groups.size() != 1) {
      throw wrongUsage("--group is missing: use one of " + groups);
    }
    return groups.get(0);
  }

  private static List<String> groupIds(StorageInspector storage) {
    return storage.groups().stream().map(StorageInspector.Group::groupId).toList();
  }

  private String line(LogEntry entry) {
    return "%d term %d %s %d bytes%s"
        .formatted(
            entry.index(),
            entry.term(),
            entry.type(),
            entry.payloadBytes(),
            payload ? " " + hex(entry) : "");
  }

  private JsonObject json(LogEntry entry) {
    JsonObject json =
        new JsonObject()
            .put("index", entry.index())
            .put("term", entry.term())
            .put("type", entry.type().name())
            .put("payloadBytes", entry.payloadBytes());
    return payload ? json.put("payload", hex(entry)) : json;
  }

  private static String hex(LogEntry entry) {
    return HexFormat.of().formatHex(entry.encoded(), entry.payloadOffset(), entry.encodedBytes());
  }
}
