package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.member.Shape;
import io.vertxraft.examples.benchmark.report.Report;
import io.vertxraft.examples.benchmark.report.Scenario;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Measures what a plan says. */
final class PeersBenchmark {
  private final PeersPlan plan;
  private final Run run;

  PeersBenchmark(PeersPlan plan, Path place, PrintStream progress) {
    this.plan = plan;
    run = new Run(plan, place, progress);
  }

  Report run() throws IOException, InterruptedException {
    for (Measure measure : plan.measures()) {
      switch (measure) {
        case COMMANDS -> commands();
        case READS -> new LoadMeasure(run, plan.reads()).measure();
        case LARGE -> new LoadMeasure(run, plan.large()).measure();
        case GROUPS -> groups();
        case NOFSYNC -> new LoadMeasure(run, plan.notSynced()).measure();
        case FAILOVER -> new FailOverMeasure(run).measure();
        case RESTART -> new RestartMeasure(run).measure();
        case LIMITS -> new LimitsMeasure(run).measure();
      }
    }
    return run.report();
  }

  private void groups() throws IOException, InterruptedException {
    for (Scenario scenario : plan.severalGroups()) {
      new LoadMeasure(run, List.of(scenario), true).measure();
    }
  }

  private void commands() throws IOException, InterruptedException {
    for (Shape shape : plan.shapes()) {
      for (int payloadBytes : plan.payloadBytes()) {
        new LoadMeasure(run, plan.commands(shape, payloadBytes)).measure();
      }
    }
  }
}
