package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.member.Shape;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.report.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * What to measure.
 *
 * @param fresh whether each round has clusters of its own; otherwise those of a shape and a payload
 *     stay for all rounds, and idle while others have their turn
 */
record PeersPlan(
    List<Library> libraries,
    List<Shape> shapes,
    List<Integer> payloadBytes,
    List<Integer> inFlight,
    List<Integer> ratesPerSecond,
    int rounds,
    int seconds,
    int warmUpSeconds,
    int heapMib,
    boolean fresh) {
  /** Under way at most in an open loop; more wait where the load is made. */
  private static final int OPEN_IN_FLIGHT_MAX = 16_384;

  /** Bytes under way at most: what fits into any library's window. */
  private static final int IN_FLIGHT_BYTES_MAX = 64 * 1024 * 1024;

  /** The loads of one cluster, small ones first. */
  List<Scenario> scenarios(Shape shape, int payloadBytes) {
    List<Scenario> scenarios = new ArrayList<>();
    for (int count : inFlight) {
      scenarios.add(new Scenario(LoadPlan.Operation.WRITE, shape, true, payloadBytes, count, 0));
    }
    int most = Math.min(OPEN_IN_FLIGHT_MAX, IN_FLIGHT_BYTES_MAX / payloadBytes);
    for (int rate : ratesPerSecond) {
      scenarios.add(new Scenario(LoadPlan.Operation.WRITE, shape, true, payloadBytes, most, rate));
    }
    return scenarios;
  }

  List<String> jvmOptions() {
    return List.of("-Xms" + heapMib + "m", "-Xmx" + heapMib + "m");
  }
}
