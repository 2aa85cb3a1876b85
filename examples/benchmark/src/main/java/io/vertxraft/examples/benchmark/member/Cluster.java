package io.vertxraft.examples.benchmark.member;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.load.LoadResult;
import io.vertxraft.examples.benchmark.peer.Library;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three members of one library, in one process or in three. All calls block. */
public final class Cluster implements AutoCloseable {
  private static final int MEMBERS = 3;
  private static final long LEADER_SECONDS = 60;
  private static final long SECOND_SECONDS = 30;
  private static final long LOOK_MILLIS = 50;

  private final List<MemberProcess> processes = new ArrayList<>();
  private final Shape shape;
  private MemberProcess leader;

  private Cluster(Shape shape) {
    this.shape = shape;
  }

  /** Starts members in a directory that has none, and waits for a leader. */
  public static Cluster start(
      Library library, Shape shape, Path directory, List<String> jvmOptions, boolean synced)
      throws IOException, InterruptedException {
    Cluster cluster = new Cluster(shape);
    try {
      cluster.startProcesses(library, directory, jvmOptions, synced);
      cluster.awaitLeader();
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      cluster.close();
      throw failure;
    }
  }

  private void startProcesses(
      Library library, Path directory, List<String> jvmOptions, boolean synced)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    String ports = freePorts().stream().map(Object::toString).collect(Collectors.joining(","));
    List<String> places =
        shape == Shape.A
            ? List.of("0,1,2")
            : IntStream.range(0, MEMBERS).mapToObj(Integer::toString).toList();
    for (String place : places) {
      List<String> arguments =
          List.of(library.key(), ports, place, directory.toString(), Boolean.toString(synced));
      Path errors = directory.resolve("output-" + place.replace(",", "") + ".txt");
      processes.add(
          new MemberProcess(
              JavaCommand.of(List.of(library.key()), jvmOptions, MemberMain.class, arguments),
              errors));
    }
    for (MemberProcess process : processes) {
      process.awaitStart();
    }
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < MEMBERS; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private void awaitLeader() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LEADER_SECONDS);
    while (System.nanoTime() - end < 0) {
      for (MemberProcess process : processes) {
        if (process.leads()) {
          leader = process;
          return;
        }
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new MemberFailure("no member leads after " + LEADER_SECONDS + " s");
  }

  /** Makes a load on the leader and says what came of it and what it took. */
  public Measured measure(LoadPlan plan) throws InterruptedException {
    awaitLeader();
    leader.startLoad(plan);
    leader.awaitOpened(plan);
    List<Usage> before = usage();
    leader.awaitClosed(plan);
    List<Usage> after = usage();
    LoadResult result = leader.awaitResult();
    long applied = awaitSecond();
    long cpuNanos = 0;
    for (int i = 0; i < before.size(); i++) {
      cpuNanos += after.get(i).cpuNanos() - before.get(i).cpuNanos();
    }
    int leading = processes.indexOf(leader);
    return new Measured(
        result,
        cpuNanos,
        after.get(leading).allocatedBytes() - before.get(leading).allocatedBytes(),
        after.get(leading).heapBytes(),
        applied);
  }

  /**
   * Waits until a second member has applied all that the first has, now that there is no load, and
   * says how many commands that are.
   */
  private long awaitSecond() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECOND_SECONDS);
    while (true) {
      List<Long> applied =
          usage().stream()
              .flatMap(usage -> usage.applied().stream())
              .sorted(Comparator.reverseOrder())
              .toList();
      if (applied.get(1).equals(applied.get(0))) {
        return applied.get(0);
      } else if (System.nanoTime() - end > 0) {
        throw new MemberFailure(
            "a majority has not applied the same after "
                + SECOND_SECONDS
                + " s: commands applied by each are "
                + applied);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private List<Usage> usage() throws InterruptedException {
    processes.forEach(MemberProcess::askUsage);
    List<Usage> all = new ArrayList<>();
    for (MemberProcess process : processes) {
      all.add(process.awaitUsage());
    }
    return all;
  }

  @Override
  public void close() {
    processes.forEach(MemberProcess::close);
  }

  /**
   * What a load took.
   *
   * @param load what came of it
   * @param cpuNanos of all processes while it was measured
   * @param leaderAllocatedBytes in the process of the leader while it was measured
   * @param leaderHeapBytes in use in the process of the leader at the end
   * @param applied commands that a majority has applied since its start
   */
  public record Measured(
      LoadResult load,
      long cpuNanos,
      long leaderAllocatedBytes,
      long leaderHeapBytes,
      long applied) {}
}
