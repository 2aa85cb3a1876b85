package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.member.Shape;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.report.MarkdownReport;
import io.vertxraft.examples.benchmark.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Libraries beside each other. */
@Command(
    name = "raft-bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Raft libraries beside each other: three members each on loopback, every acknowledged command",
      "synced by a majority, the load made in the process of the leader through the library's own call.",
      "Libraries take turns, load by load, in fresh directories."
    })
final class PeersCommand implements Callable<Integer> {
  private static final int QUICK_ROUNDS = 3;
  private static final int QUICK_SECONDS = 2;
  private static final int QUICK_WARM_UP_SECONDS = 30;

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "ours,jraft",
      paramLabel = "NAME",
      description =
          "Libraries to measure, the first is what others are compared to (${DEFAULT-VALUE}).")
  private List<String> peers;

  @Option(
      names = "--measures",
      split = ",",
      defaultValue = "commands",
      paramLabel = "NAME",
      description = {
        "What to measure (${DEFAULT-VALUE}):",
        "commands: as the other options say;",
        "reads: by ReadIndex and by lease;",
        "large: commands of 1 MiB;",
        "groups: --groups in three processes, 512 in flight in all, and what they use without load;",
        "nofsync: commands that nobody syncs;",
        "failover: kill -9 of the leader to the next command, ten times or more;",
        "restart: three processes with 1,000,000 commands of 16 B;",
        "limits: the disk and loopback without any library."
      })
  private List<String> measures;

  @Option(
      names = "--shapes",
      split = ",",
      defaultValue = "b",
      paramLabel = "SHAPE",
      description = "a: three members in one JVM, b: three JVMs (${DEFAULT-VALUE}).")
  private List<Shape> shapes;

  @Option(
      names = "--payloads",
      split = ",",
      defaultValue = "128",
      paramLabel = "BYTES",
      description = "Bytes of a command, 1 to 1048576 (${DEFAULT-VALUE}).")
  private List<Integer> payloads;

  @Option(
      names = "--in-flight",
      split = ",",
      defaultValue = "1,64,512,4096",
      paramLabel = "COUNT",
      description = "Commands in flight of closed loops; 0 for none (${DEFAULT-VALUE}).")
  private List<Integer> inFlight;

  @Option(
      names = "--rates",
      split = ",",
      defaultValue = "0",
      paramLabel = "PER-SECOND",
      description = "Commands offered per second in open loops; 0 for none (${DEFAULT-VALUE}).")
  private List<Integer> rates;

  @Option(
      names = "--groups",
      split = ",",
      defaultValue = "1,16,64",
      paramLabel = "COUNT",
      description = "Groups in the same processes for the measure of that name (${DEFAULT-VALUE}).")
  private List<Integer> groups;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds, in each of which every library has its turn (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Length of each measurement (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "40",
      paramLabel = "SECONDS",
      description = "Load on each fresh cluster before its first measurement (${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--fresh",
      description = {
        "Clusters of their own in each round. Without it, each library's cluster stays for all rounds of a",
        "shape and a payload and idles while others have their turn, which saves warming up."
      })
  private boolean fresh;

  @Option(
      names = "--heap",
      defaultValue = "1024",
      paramLabel = "MIB",
      description = "Heap of each JVM (${DEFAULT-VALUE}).")
  private int heapMib;

  @Option(
      names = "--quick",
      description =
          "Shorter: "
              + QUICK_ROUNDS
              + " rounds, measurements of "
              + QUICK_SECONDS
              + " s after "
              + QUICK_WARM_UP_SECONDS
              + " s of warm-up.")
  private boolean quick;

  @Option(
      names = "--out",
      defaultValue = "raft-bench-report",
      paramLabel = "DIR",
      description = "Where the report goes (${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "A directory on the disk to be measured; by default that for temporary files.")
  private Path directory;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PeersPlan plan = plan();
    Path place = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    if (!Files.isDirectory(place)) {
      throw wrong("--dir is " + place + ", which is not a directory: create it first");
    }
    Files.createDirectories(out);
    PeersBenchmark benchmark = new PeersBenchmark(plan, place, System.err);
    Report report = benchmark.run();
    ReportFiles.write(report, out);
    System.out.println(MarkdownReport.of(report));
    System.err.println("report: " + out.toAbsolutePath());
    return report.troubles().isEmpty() ? 0 : 1;
  }

  PeersPlan plan() {
    List<Library> libraries = libraries();
    List<Measure> chosen = new ArrayList<>();
    for (String measure : measures) {
      chosen.add(
          Measure.of(measure)
              .orElseThrow(
                  () -> wrong("--measures names " + measure + "; there are " + Measure.keys())));
    }
    payloads.forEach(bytes -> within("--payloads", bytes, 1, 1 << 20));
    inFlight.forEach(count -> within("--in-flight", count, 0, 1 << 16));
    rates.forEach(rate -> within("--rates", rate, 0, 10_000_000));
    groups.forEach(count -> within("--groups", count, 1, 512));
    within("--rounds", rounds, 1, 1_000);
    within("--seconds", seconds, 1, 3_600);
    within("--warm-up", warmUpSeconds, 0, 3_600);
    within("--heap", heapMib, 64, 1 << 20);
    return new PeersPlan(
        chosen,
        libraries,
        shapes,
        payloads,
        inFlight.stream().filter(count -> count > 0).toList(),
        rates.stream().filter(rate -> rate > 0).toList(),
        groups,
        quick ? QUICK_ROUNDS : rounds,
        quick ? QUICK_SECONDS : seconds,
        quick ? QUICK_WARM_UP_SECONDS : warmUpSeconds,
        heapMib,
        fresh);
  }

  /** Those that are named and can be measured here; what is left out is said. */
  private List<Library> libraries() {
    List<Library> libraries = new ArrayList<>();
    for (String peer : peers) {
      Library library =
          Library.of(peer)
              .orElseThrow(() -> wrong("--peers names " + peer + "; there are " + Library.keys()));
      if (library.missing().isEmpty()) {
        libraries.add(library);
      } else {
        spec.commandLine().getErr().println(peer + ": " + library.missing());
      }
    }
    return libraries;
  }

  private void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong(option + " must be " + least + " to " + most + ", not " + value);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
