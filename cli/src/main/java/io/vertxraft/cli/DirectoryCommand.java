package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
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
  @Parameters(index = "0", paramLabel = "DIR", description = "The storage directory of a member.")
  private Path directory;

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** Looks into a directory that exists, and returns the exit code. */
  abstract int look(Path storageDirectory, PrintWriter out) throws IOException;

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
    try {
      return look(directory, out);
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
