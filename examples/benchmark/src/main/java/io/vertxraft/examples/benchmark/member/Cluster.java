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

/** Three members of one library, in one process or in three. All calls block. */
public final class Cluster implements AutoCloseable {
  private static final int MEMBERS = 3;
  private static final long LEADER_SECONDS = 60;
  private static final long SAME_SECONDS = 30;
  private static final long LOOK_MILLIS = 50;

  private final Launch launch;
  private final List<MemberProcess> processes = new ArrayList<>();
  private MemberProcess leader;
  private long probes;

  private Cluster(Launch launch) {
    this.launch = launch;
  }

  /** Starts members in a directory that has none, and waits for a leader. */
  public static Cluster start(
      Library library, Shape shape, Path directory, List<String> jvmOptions, boolean synced)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Cluster cluster =
        new Cluster(new Launch(library, shape, directory, freePorts(), jvmOptions, synced));
    try {
      for (int process = 0; process < cluster.launch.processes(); process++) {
        cluster.processes.add(cluster.launch.start(process));
      }
      for (MemberProcess process : cluster.processes) {
        process.awaitStart();
      }
      cluster.awaitLeader();
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      cluster.close();
      throw failure;
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

  /** Kills the process of the leader and says how long it takes until a command is acknowledged. */
  public double failOverMillis() throws IOException, InterruptedException {
    awaitLeader();
    MemberProcess killed = leader;
    List<MemberProcess> others = processes.stream().filter(other -> other != killed).toList();
    long start = System.nanoTime();
    killed.kill();
    probe(others);
    double millis = (System.nanoTime() - start) / 1e6;
    int place = processes.indexOf(killed);
    processes.set(place, launch.start(place));
    processes.get(place).awaitStart();
    awaitLeader();
    awaitSame(MEMBERS);
    return millis;
  }

  /**
   * Kills all processes, starts them again and says how long it takes until all members say that
   * they run, and until a command is acknowledged, for which the leader has applied all that was
   * there.
   */
  public Restarted restart() throws IOException, InterruptedException {
    killAll();
    long start = System.nanoTime();
    for (int place = 0; place < processes.size(); place++) {
      processes.set(place, launch.start(place));
    }
    for (MemberProcess process : processes) {
      process.awaitStart();
    }
    double runMillis = (System.nanoTime() - start) / 1e6;
    probe(processes);
    return new Restarted(runMillis, (System.nanoTime() - start) / 1e6);
  }

  /** Kills all processes; {@link #restart} starts them again. */
  public void killAll() {
    processes.forEach(MemberProcess::kill);
    processes.forEach(MemberProcess::close);
  }

  private void probe(List<MemberProcess> among) throws InterruptedException {
    long number = ++probes;
    among.forEach(process -> process.startProbe(number));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LEADER_SECONDS);
    while (System.nanoTime() - end < 0) {
      for (MemberProcess process : among) {
        if (process.acknowledged(number)) {
          return;
        }
      }
    }
    throw new MemberFailure("no command is acknowledged after " + LEADER_SECONDS + " s");
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
    // Some libraries pass reads to the state machine of the leader, so counts differ after those.
    long applied = plan.kind() == LoadPlan.Operation.WRITE ? awaitSame(MEMBERS / 2 + 1) : 0;
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
   * Waits until as many members have applied all that any has, now that there is no load, and says
   * how many commands that are.
   */
  private long awaitSame(int members) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAME_SECONDS);
    while (true) {
      List<Long> applied =
          usage().stream()
              .flatMap(usage -> usage.applied().stream())
              .sorted(Comparator.reverseOrder())
              .toList();
      if (applied.get(members - 1).equals(applied.get(0))) {
        return applied.get(0);
      } else if (System.nanoTime() - end > 0) {
        throw new MemberFailure(
            members
                + " members have not applied the same after "
                + SAME_SECONDS
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
   * @param applied commands that a majority has applied since its start; 0 after reads
   */
  public record Measured(
      LoadResult load,
      long cpuNanos,
      long leaderAllocatedBytes,
      long leaderHeapBytes,
      long applied) {}

  /**
   * What a restart of all processes took.
   *
   * @param runMillis until all members said that they run
   * @param commandMillis until a command was acknowledged
   */
  public record Restarted(double runMillis, double commandMillis) {}

  /** How processes are started, and started again. */
  private record Launch(
      Library library,
      Shape shape,
      Path directory,
      List<Integer> ports,
      List<String> jvmOptions,
      boolean synced) {
    int processes() {
      return shape == Shape.A ? 1 : MEMBERS;
    }

    MemberProcess start(int process) throws IOException {
      String places = shape == Shape.A ? "0,1,2" : Integer.toString(process);
      String all = String.join(",", ports.stream().map(Object::toString).toList());
      List<String> arguments =
          List.of(library.key(), all, places, directory.toString(), Boolean.toString(synced));
      return new MemberProcess(
          JavaCommand.of(
              List.of(library.directory()), jvmOptions, MemberMain.class.getName(), arguments),
          directory.resolve("output-" + (process + 1) + ".txt"));
    }
  }
}
