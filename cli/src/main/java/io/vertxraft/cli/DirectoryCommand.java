package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import io.vertxraft.leveldb.StorageInspector;
import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands about a directory share. */
abstract class DirectoryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The storage directory of a member.")
  private Path directory;

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** Prints what is asked for and returns the exit code. */
  abstract int print(StorageInspector storage, PrintWriter out) throws IOException;

  /** Whether programs read the output. */
  boolean json() {
    return json;
  }

  /** The fault of an argument, with the usage below. */
  ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw wrongUsage("'%s' is not a directory".formatted(directory));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (StorageInspector storage = StorageInspector.open(directory)) {
      return print(storage, out);
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
