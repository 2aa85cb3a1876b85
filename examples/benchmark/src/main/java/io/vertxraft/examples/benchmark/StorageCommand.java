package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.member.JavaCommand;
import io.vertxraft.examples.benchmark.storage.LogBenchmark;
import io.vertxraft.examples.benchmark.storage.RestartBenchmark;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Measurements of the storage alone, in a process that has the libraries for them. */
abstract class StorageCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", description = "Arguments; without any it says what they are.")
  private List<String> arguments = List.of();

  abstract Class<?> main();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return new ProcessBuilder(
            JavaCommand.of(List.of("ours", "rocksdb"), List.of(), main().getName(), arguments))
        .inheritIO()
        .start()
        .waitFor();
  }

  /** One synced append at a time. */
  @Command(
      name = "log",
      description =
          "One synced append at a time: a plain file, this storage and RocksDB take turns.")
  static final class Log extends StorageCommand {
    @Override
    Class<?> main() {
      return LogBenchmark.class;
    }
  }

  /** A storage with a long log. */
  @Command(name = "reopen", description = "How long a storage with a long log takes to open.")
  static final class Reopen extends StorageCommand {
    @Override
    Class<?> main() {
      return RestartBenchmark.class;
    }
  }
}
