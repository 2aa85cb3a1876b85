package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.SnapshotImport;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins a new group with an exported snapshot. */
@Command(
    name = "import",
    description = {
      "Makes an exported snapshot the beginning of a new group, in an empty directory.",
      "Run it for each member, with the same FILE, cluster, group and members, then start them.",
      "Give the new group a cluster id of its own: members of the old one cannot meddle then."
    },
    mixinStandardHelpOptions = true)
final class SnapshotImportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "What 'export' has written.")
  private Path archive;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The storage directory of the new member: empty, or not there.")
  private Path directory;

  @Option(
      names = "--cluster-id",
      required = true,
      paramLabel = "ID",
      description = "The new cluster.")
  private String clusterId;

  @Option(names = "--group-id", required = true, paramLabel = "ID", description = "The new group.")
  private String groupId;

  @Option(names = "--node-id", required = true, paramLabel = "ID", description = "The new member.")
  private String nodeId;

  @Option(
      names = "--member",
      required = true,
      paramLabel = "ID",
      description = "A member of the new group; give it once for each, this one included.")
  private List<String> members;

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  @Spec private CommandSpec spec;

  SnapshotImportCommand() {}

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(archive)) {
      throw new ParameterException(spec.commandLine(), "'%s' is not a file".formatted(archive));
    }
    PrintWriter out = spec.commandLine().getOut();
    try {
      GroupIdentity owner = new GroupIdentity(clusterId, groupId, nodeId);
      SnapshotManifest manifest =
          SnapshotImport.run(archive, directory, owner, new TreeSet<>(members));
      out.println(
          json
              ? SnapshotDirectoryCommand.json(manifest)
                  .put("nodeId", nodeId)
                  .put("directory", directory.toString())
                  .encodePrettily()
              : "%s begins with the snapshot at index %d, term %d: %d bytes in %d files, members %s"
                  .formatted(
                      owner,
                      manifest.lastIndex(),
                      manifest.lastTerm(),
                      manifest.bytes(),
                      manifest.files().size(),
                      manifest.configuration()));
      return RaftCtl.GOOD;
    } catch (StorageException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      out.println(
          json
              ? new JsonObject().put("healthy", false).put("failure", e.getMessage()).encode()
              : "DAMAGED  " + e.getMessage());
      return RaftCtl.DAMAGED;
    } finally {
      out.flush();
    }
  }
}
