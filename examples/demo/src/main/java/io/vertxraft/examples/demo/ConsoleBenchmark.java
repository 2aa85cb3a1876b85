package io.vertxraft.examples.demo;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * What it costs a member that many look at it: three members, one process each, under a steady
 * load; this process plays the browsers, some of which do not read what they get. Rounds in which
 * nobody looks and rounds in which all do take turns.
 *
 * <pre>{@code nice -n 10 java -cp raft-demo.jar io.vertxraft.examples.demo.ConsoleBenchmark}</pre>
 *
 * <p>To be run as root, which may give the members the first turn at the processors.
 */
public final class ConsoleBenchmark implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";

  @Option(names = "--browsers", defaultValue = "100", description = "Browsers that read.")
  private int browsers;

  @Option(names = "--stalled", defaultValue = "10", description = "Browsers that do not read.")
  private int stalled;

  @Option(names = "--seconds", defaultValue = "15", description = "Length of a round.")
  private int seconds;

  @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each kind.")
  private int rounds;

  @Option(names = "--patches", description = "Ask for patches in place of whole frames.")
  private boolean patches;

  private final PrintStream out = System.out;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong frames = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private int httpPort;

  private ConsoleBenchmark() {}

  /** See {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ConsoleBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Process> members = new ArrayList<>();
    try (WorkDirectory directory = WorkDirectory.create()) {
      List<Integer> ports = FreePorts.find(4);
      httpPort = ports.get(3);
      for (int i = 1; i <= 3; i++) {
        members.add(start(directory.path(), i, ports));
      }
      awaitLeader();
      measure(members.get(0).toHandle());
    } finally {
      members.forEach(Process::destroyForcibly);
      for (Process member : members) {
        member.waitFor();
      }
      vertx.close().await(30, TimeUnit.SECONDS);
    }
    return 0;
  }

  private Process start(Path directory, int number, List<Integer> ports) throws Exception {
    // Browsers are elsewhere in reality: here they get what the members leave over.
    List<String> command =
        List.of(
            "nice",
            "-n",
            "-10",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ConsoleBenchmarkMember.class.getName(),
            directory.resolve("n" + number).toString(),
            String.valueOf(number),
            ports.subList(0, 3).stream().map(String::valueOf).collect(Collectors.joining(",")),
            String.valueOf(httpPort));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private void awaitLeader() throws Exception {
    while (true) {
      try {
        if (get("/api/v1/health").startsWith("{\"health\":\"HEALTHY\"")) {
          return;
        }
      } catch (RuntimeException notYetServing) {
        // It is asked again.
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private String get(String path) {
    HttpClient client = vertx.createHttpClient();
    try {
      return client
          .request(HttpMethod.GET, httpPort, HOST, path)
          .compose(request -> request.send())
          .compose(response -> response.body())
          .map(Buffer::toString)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } finally {
      client.close();
    }
  }

  /** One kind of round, summed up. */
  private static final class Sum {
    private double cores;
    private double p50;
    private double p99;
    private double heapMiB;
    private long frames;
    private long bytes;

    void print(PrintStream out, String name, int rounds) {
      out.printf(
          Locale.ROOT,
          "%-8s cpu of the serving member %.3f cores, write p50 %.2f ms, p99 %.2f ms, heap %.1f"
              + " MiB (means of %d rounds)%n",
          name,
          cores / rounds,
          p50 / rounds,
          p99 / rounds,
          heapMiB / rounds,
          rounds);
    }
  }

  private void measure(ProcessHandle serving) throws Exception {
    Sum alone = new Sum();
    Sum watched = new Sum();
    round(serving, new Sum());
    try (Audience audience = new Audience()) {
      audience.come();
      round(serving, new Sum());
    }
    for (int i = 0; i < rounds; i++) {
      round(serving, alone);
      try (Audience audience = new Audience()) {
        audience.come();
        round(serving, watched);
      }
    }
    out.printf(
        Locale.ROOT,
        "%d browsers and %d stalled ones; each reading browser got %.1f frames/s of %.1f KiB%n",
        browsers,
        stalled,
        (double) watched.frames / browsers / seconds / rounds,
        watched.bytes / 1024.0 / Math.max(1, watched.frames));
    alone.print(out, "alone", rounds);
    watched.print(out, "watched", rounds);
    out.printf(
        Locale.ROOT,
        "ratio: cpu %.2f, write p50 %.2f, write p99 %.2f, heap %+.1f MiB%n",
        watched.cores / alone.cores,
        watched.p50 / alone.p50,
        watched.p99 / alone.p99,
        (watched.heapMiB - alone.heapMiB) / rounds);
  }

  private void round(ProcessHandle serving, Sum sum) throws Exception {
    // What was asked for last time still keeps the sampler going for a while.
    TimeUnit.SECONDS.sleep(7);
    get("/measured");
    long framesBefore = frames.get();
    long bytesBefore = bytes.get();
    Duration before = serving.info().totalCpuDuration().orElseThrow();
    long began = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    Duration after = serving.info().totalCpuDuration().orElseThrow();
    double cores = (double) after.minus(before).toNanos() / (System.nanoTime() - began);
    String[] told = get("/measured").split(" ", 3);
    sum.cores += cores;
    sum.frames += frames.get() - framesBefore;
    sum.bytes += bytes.get() - bytesBefore;
    sum.p50 += Long.parseLong(told[0]) / 1_000.0;
    sum.p99 += Long.parseLong(told[1]) / 1_000.0;
    sum.heapMiB += Long.parseLong(told[2]) / 1_048_576.0;
  }

  /** Those who look. */
  private final class Audience implements AutoCloseable {
    private final HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(browsers + 1));
    private final NetClient sockets = vertx.createNetClient();

    void come() {
      for (int i = 0; i < browsers; i++) {
        client
            .request(
                HttpMethod.GET, httpPort, HOST, "/api/v1/stream" + (patches ? "?patches=1" : ""))
            .compose(request -> request.send())
            .onSuccess(
                response ->
                    response.handler(
                        piece -> {
                          bytes.addAndGet(piece.length());
                          frames.addAndGet(endsFrame(piece) ? 1 : 0);
                        }));
      }
      for (int i = 0; i < stalled; i++) {
        sockets.connect(httpPort, HOST).onSuccess(this::stall);
      }
    }

    private void stall(NetSocket socket) {
      socket.write("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      socket.pause();
    }

    private boolean endsFrame(Buffer piece) {
      int length = piece.length();
      return length > 1 && piece.getByte(length - 1) == '\n' && piece.getByte(length - 2) == '\n';
    }

    @Override
    public void close() {
      client.close();
      sockets.close();
    }
  }
}
