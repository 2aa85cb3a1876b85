package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands about running members share: they ask a console. */
abstract class LiveCommand implements Callable<Integer> {
  static final int QUESTION_SECONDS = 10;

  @Mixin private ConsoleAccess access;

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** Asks, prints what people or programs want to see, and returns the exit code. */
  abstract int ask(ConsoleClient console, PrintWriter out) throws IOException;

  /** The console that is asked. */
  ConsoleClient open(ConsoleAccess to) {
    return to.open(QUESTION_SECONDS);
  }

  /** Whether programs read the output. */
  final boolean json() {
    return json;
  }

  /** Where to print messages that are no output. */
  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** The fault of an argument, with the usage below. */
  final ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  @Override
  public final Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      return ask(open(access), out);
    } finally {
      out.flush();
    }
  }

  /** The exit code for a group's health. */
  static int exitCode(String health) {
    return switch (String.valueOf(health)) {
      case "HEALTHY" -> RaftCtl.GOOD;
      case "NO_LEADER" -> RaftCtl.NO_LEADER;
      default -> RaftCtl.DAMAGED;
    };
  }

  /** Prints an answer as it is. */
  static void print(JsonObject answer, PrintWriter out) {
    out.println(answer.encodePrettily());
  }
}
