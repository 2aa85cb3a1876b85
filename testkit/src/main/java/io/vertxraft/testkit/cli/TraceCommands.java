package io.vertxraft.testkit.cli;

import io.vertxraft.testkit.run.Recording;
import io.vertxraft.testkit.run.Simulation;
import io.vertxraft.testkit.run.SimulationPlan;
import io.vertxraft.testkit.run.SimulationResult;
import io.vertxraft.testkit.spec.SpecReplayMain;
import io.vertxraft.testkit.trace.TraceFile;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the command line does with protocol traces. */
final class TraceCommands {
  private TraceCommands() {}

  /**
   * Checks a trace against the specification; gives the exit code.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  static int check(Path trace, PrintStream out) {
    if (!Files.isReadable(trace)) {
      throw new IllegalArgumentException(
          "cannot read the trace %s: no such file, or no right to read it".formatted(trace));
    }
    return SpecReplayMain.run(new String[] {trace.toString()}, out, out);
  }

  /** Runs a plan and writes its trace. */
  static SimulationResult record(SimulationPlan plan, Path file, PrintStream out) {
    SimulationResult result;
    try (TraceFile trace = new TraceFile(file)) {
      result = Simulation.run(plan, Recording.ofTimeline().writeTo(trace));
    }
    out.println("trace written to " + file);
    return result;
  }

  /** Runs a failing plan once more and shows its end as a picture, with the report. */
  static void explain(SimulationPlan plan, boolean spec, PrintStream out) {
    Recording recording = spec ? Recording.againstSpecification() : Recording.ofTimeline();
    SimulationResult result = Simulation.run(plan, recording);
    out.println(recording.timeline());
    if (!result.ok()) {
      out.println(result.headline());
    }
  }
}
