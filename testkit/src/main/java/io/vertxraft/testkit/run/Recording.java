package io.vertxraft.testkit.run;

import io.vertx.core.json.JsonObject;
import io.vertxraft.consensus.Probe;
import io.vertxraft.testkit.spec.SpecReplay;
import io.vertxraft.testkit.spec.SpecReport;
import io.vertxraft.testkit.spec.SpecViolation;
import io.vertxraft.testkit.trace.ProtocolTrace;
import io.vertxraft.testkit.trace.Timeline;
import io.vertxraft.testkit.trace.TraceEvent;
import io.vertxraft.testkit.trace.TraceJson;
import java.util.function.Consumer;

/**
 * What is written down of a run while it goes on: its protocol trace, for whoever wants it, and the
 * picture of its last events. Good for one run.
 */
public final class Recording {
  private static final int TIMELINE_EVENTS = 400;
  private static final int TIMELINE_LINES = 120;

  private final Timeline timeline = new Timeline(TIMELINE_EVENTS);
  private final SpecReplay replay;
  private Consumer<TraceEvent> sink = timeline;
  private ProtocolTrace trace;
  private SimCluster cluster;

  private Recording(boolean againstSpecification) {
    this.replay = againstSpecification ? new SpecReplay() : null;
  }

  /** Keeps the picture of the last events. */
  public static Recording ofTimeline() {
    return new Recording(false);
  }

  /** Also checks every step against the guards of the Raft specification; rule {@code SPEC}. */
  public static Recording againstSpecification() {
    return new Recording(true);
  }

  /** Also gives each line of the protocol trace to {@code lines}. */
  public Recording writeTo(Consumer<String> lines) {
    sink = sink.andThen(TraceJson.lines(lines));
    return this;
  }

  /** Listens to a cluster whose nodes have not been booted yet. */
  void attach(SimCluster newCluster) {
    cluster = newCluster;
    if (replay != null) {
      sink = sink.andThen(TraceJson.maps(event -> check(new JsonObject(event))));
    }
    trace =
        new ProtocolTrace(
            cluster.world().loop()::nowNanos,
            (nodeId, index) -> cluster.node(nodeId).disk().log().entryAt(index),
            sink);
    timeline.listenTo(cluster.world().loop().trace());
    for (SimNode node : cluster.nodes()) {
      node.machine().onEnd(how -> trace.stop(node.nodeId(), how));
    }
  }

  private void check(JsonObject event) {
    try {
      replay.event(event);
    } catch (SpecViolation e) {
      cluster.world().loop().fail("SPEC", e.getMessage(), e);
    }
  }

  Probe probeOf(SimNode node) {
    return trace.probeOf(node.nodeId(), node.life());
  }

  /** Throws what ended the recording before the run was over, if anything did. */
  void finish() {
    trace.check();
  }

  /** The last events of all nodes. */
  public String timeline() {
    return timeline.draw(timeline.nodes(), TIMELINE_LINES);
  }

  /** What was checked against the specification; null if nothing was. */
  public SpecReport report() {
    return replay == null ? null : replay.report();
  }
}
