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
import java.util.stream.IntStream;

/**
 * Three members of one library, in one process or in three, of each of its groups. All calls block.
 */
public final class Cluster implements AutoCloseable {
  private static final int MEMBERS = 3;
  private static final long LEADER_SECONDS = 60;
  private static final long SAME_SECONDS = 30;
  private static final long LOOK_MILLIS = 50;

  private final Launch launch;
  private final List<MemberProcess> processes = new ArrayList<>();
  private List<MemberProcess> leading = List.of();
  private long probes;

  private Cluster(Launch launch) {
    this.launch = launch;
  }

  /**
   * What to start.
   *
   * @param directory has no members yet
   * @param jvmOptions of each process
   * @param groups how many, each with three members and a leader of its own
   * @param synced whether logs are synced
   */
  public record Spec(
      Library library,
      Shape shape,
      Path directory,
      List<String> jvmOptions,
      int groups,
      boolean synced) {}

  /** Starts members and waits for their leaders. */
  public static Cluster start(Spec spec) throws IOException, InterruptedException {
    Files.createDirectories(spec.directory());
    Cluster cluster = new Cluster(new Launch(spec, freePorts()));
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
    MemberProcess killed = leading.get(0);
    List<MemberProcess> others = processes.stream().filter(other -> other != killed).toList();
    killed.kill();
    long start = System.nanoTime();
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
      List<MemberProcess> found = new ArrayList<>();
      int leaders = 0;
      for (MemberProcess process : processes) {
        int here = process.leaders();
        leaders += here;
        if (here > 0) {
          found.add(process);
        }
      }
      if (leaders == launch.spec().groups()) {
        leading = List.copyOf(found);
        return;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new MemberFailure(
        "not every group has one member that leads after " + LEADER_SECONDS + " s");
  }

  /** Makes a load on the leader of each group and says what came of it and what it took. */
  public Measured measure(LoadPlan plan) throws InterruptedException {
    awaitLeader();
    for (MemberProcess process : leading) {
      process.startLoad(plan);
    }
    for (MemberProcess process : leading) {
      process.awaitOpened(plan);
    }
    List<Usage> before = usage();
    for (MemberProcess process : leading) {
      process.awaitClosed(plan);
    }
    List<Usage> after = usage();
    LoadResult result = leading.get(0).awaitResult();
    for (MemberProcess process : leading.subList(1, leading.size())) {
      result = result.plus(process.awaitResult());
    }
    // Some libraries pass reads to the state machine of the leader, so counts differ after those.
    long applied = plan.kind() == LoadPlan.Operation.WRITE ? awaitSame(MEMBERS / 2 + 1) : 0;
    long allocatedBytes = 0;
    long heapBytes = 0;
    for (MemberProcess process : leading) {
      int place = processes.indexOf(process);
      allocatedBytes += after.get(place).allocatedBytes() - before.get(place).allocatedBytes();
      heapBytes += after.get(place).heapBytes();
    }
    return new Measured(result, cpuNanos(before, after), allocatedBytes, heapBytes, applied);
  }

  private static long cpuNanos(List<Usage> before, List<Usage> after) {
    long nanos = 0;
    for (int i = 0; i < before.size(); i++) {
      nanos += after.get(i).cpuNanos() - before.get(i).cpuNanos();
    }
    return nanos;
  }

  /** What all processes use while nobody wants anything. */
  public Idle idle(long millis) throws InterruptedException {
    for (MemberProcess process : processes) {
      process.collect();
    }
    List<Usage> before = usage();
    long start = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(millis);
    List<Usage> after = usage();
    double nanos = System.nanoTime() - start;
    return new Idle(
        cpuNanos(before, after) / nanos, before.stream().mapToLong(Usage::heapBytes).sum());
  }

  /**
   * Waits until as many members of each group have applied all that any of it has, now that there
   * is no load, and says how many commands that are in all groups.
   */
  private long awaitSame(int members) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAME_SECONDS);
    while (true) {
      List<List<Long>> groups = appliedByGroup();
      if (groups.stream().allMatch(group -> group.get(members - 1).equals(group.get(0)))) {
        return groups.stream().mapToLong(group -> group.get(0)).sum();
      } else if (System.nanoTime() - end > 0) {
        throw new MemberFailure(
            members
                + " members have not applied the same after "
                + SAME_SECONDS
                + " s: commands applied by each, group by group, are "
                + groups);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** For each group what its members have applied, the most first. */
  private List<List<Long>> appliedByGroup() throws InterruptedException {
    int groups = launch.spec().groups();
    // Each process lists its places one after the other, each with a member of every group.
    List<Long> applied = usage().stream().flatMap(usage -> usage.applied().stream()).toList();
    return IntStream.range(0, groups)
        .mapToObj(
            group ->
                IntStream.range(0, MEMBERS)
                    .mapToObj(place -> applied.get(place * groups + group))
                    .sorted(Comparator.reverseOrder())
                    .toList())
        .toList();
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
   * @param leaderAllocatedBytes in the processes of leaders while it was measured
   * @param leaderHeapBytes in use in the processes of leaders at the end
   * @param applied commands that a majority has applied since its start; 0 after reads
   */
  public record Measured(
      LoadResult load,
      long cpuNanos,
      long leaderAllocatedBytes,
      long leaderHeapBytes,
      long applied) {}

  /**
   * What all processes use without any load.
   *
   * @param cores processor time to time
   * @param heapBytes in use after a collection
   */
  public record Idle(double cores, long heapBytes) {}

  /**
   * What a restart of all processes took.
   *
   * @param runMillis until all members said that they run
   * @param commandMillis until a command was acknowledged
   */
  public record Restarted(double runMillis, double commandMillis) {}

  /** How processes are started, and started again. */
  private record Launch(Spec spec, List<Integer> ports) {
    int processes() {
      return spec.shape() == Shape.A ? 1 : MEMBERS;
    }

    MemberProcess start(int process) throws IOException {
      String places = spec.shape() == Shape.A ? "0,1,2" : Integer.toString(process);
      String all = String.join(",", ports.stream().map(Object::toString).toList());
      List<String> arguments =
          List.of(
              spec.library().key(),
              all,
              places,
              spec.directory().toString(),
              Integer.toString(spec.groups()),
              Boolean.toString(spec.synced()));
      return new MemberProcess(
          JavaCommand.of(
              List.of(spec.library().libraries()),
              spec.jvmOptions(),
              MemberMain.class.getName(),
              arguments),
          spec.directory().resolve("output-" + (process + 1) + ".txt"));
    }
  }
}
