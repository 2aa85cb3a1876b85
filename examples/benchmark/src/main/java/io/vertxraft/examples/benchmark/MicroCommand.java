package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.member.JavaCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs JMH, which starts processes of its own with the same class path. */
@Command(
    name = "jmh",
    description = {
      "Micro-benchmarks of the core, the entry codec, the log writer and a whole node, by JMH with allocation counted.",
      "Arguments are those of JMH: a pattern of names, -h and others."
    })
final class MicroCommand implements Callable<Integer> {
  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-prof", "gc"));
    all.addAll(arguments);
    List<String> command =
        JavaCommand.of(List.of("ours", "jmh"), List.of(), "org.openjdk.jmh.Main", all);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
