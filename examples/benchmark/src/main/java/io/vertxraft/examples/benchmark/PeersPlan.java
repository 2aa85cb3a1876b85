package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.load.LoadPlan.Operation;
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
    List<Measure> measures,
    List<Library> libraries,
    List<Shape> shapes,
    List<Integer> payloadBytes,
    List<Integer> inFlight,
    List<Integer> ratesPerSecond,
    List<Integer> groups,
    int rounds,
    int seconds,
    int warmUpSeconds,
    int heapMib,
    boolean fresh) {
  /** Under way at most in an open loop; more wait where the load is made. */
  private static final int OPEN_IN_FLIGHT_MAX = 16_384;

  /** Bytes under way at most: what fits into any library's window. */
  private static final int IN_FLIGHT_BYTES_MAX = 64 * 1024 * 1024;

  private static final int READ_PAYLOAD_BYTES = 128;
  private static final int LARGE_PAYLOAD_BYTES = 1 << 20;
  private static final int GROUPS_PAYLOAD_BYTES = 128;
  private static final int GROUPS_IN_FLIGHT = 512;
  private static final List<Integer> LARGE_IN_FLIGHT = List.of(1, 8);

  /** Commands, in closed loops and in open ones. */
  List<Scenario> commands(Shape shape, int payloadBytes) {
    List<Scenario> scenarios = closed(Operation.WRITE, shape, true, payloadBytes, inFlight);
    int most = Math.min(OPEN_IN_FLIGHT_MAX, IN_FLIGHT_BYTES_MAX / payloadBytes);
    for (int rate : ratesPerSecond) {
      scenarios.add(new Scenario(Operation.WRITE, shape, 1, true, payloadBytes, most, rate));
    }
    return scenarios;
  }

  List<Scenario> reads() {
    List<Scenario> scenarios =
        closed(Operation.READ_INDEX, Shape.B, true, READ_PAYLOAD_BYTES, inFlight);
    scenarios.addAll(closed(Operation.LEASE, Shape.B, true, READ_PAYLOAD_BYTES, inFlight));
    return scenarios;
  }

  List<Scenario> large() {
    return closed(Operation.WRITE, Shape.B, true, LARGE_PAYLOAD_BYTES, LARGE_IN_FLIGHT);
  }

  List<Scenario> notSynced() {
    return closed(Operation.WRITE, Shape.B, false, payloadBytes.get(0), inFlight);
  }

  /** Numbers of groups, each with clusters of its own. */
  List<Scenario> severalGroups() {
    return groups.stream()
        .map(
            count ->
                new Scenario(
                    Operation.WRITE,
                    Shape.B,
                    count,
                    true,
                    GROUPS_PAYLOAD_BYTES,
                    GROUPS_IN_FLIGHT,
                    0))
        .toList();
  }

  private static List<Scenario> closed(
      Operation operation, Shape shape, boolean synced, int payloadBytes, List<Integer> inFlight) {
    List<Scenario> scenarios = new ArrayList<>();
    for (int count : inFlight) {
      scenarios.add(new Scenario(operation, shape, 1, synced, payloadBytes, count, 0));
    }
    return scenarios;
  }

  List<String> jvmOptions() {
    return List.of("-Xms" + heapMib + "m", "-Xmx" + heapMib + "m");
  }
}
