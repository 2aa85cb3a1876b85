package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged server as its users meet it: processes, signals, sockets and files. */
@Tag("blackbox")
class KvProcessesIT extends ProcessStory {
  private static final int KEYS = 1_000;
  private static final int CLIENTS = 12;
  private static final int ATTEMPTS_MAX = 400;

  @Test
  void every_acknowledged_write_outlives_a_killed_leader_and_then_a_killed_group()
      throws Exception {
    describe("n1", "n2", "n3");
    startAll();
    AtomicInteger acknowledged = new AtomicInteger();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        int key = i;
        writes.add(clients.submit(() -> write(key, acknowledged)));
      }
      awaitCount(acknowledged, KEYS / 3);
      String leader = leader();
      running.get(leader).kill();
      running.get(leader).awaitExit();
      awaitCount(acknowledged, KEYS / 3 * 2);
      start(leader);
      for (Future<?> write : writes) {
        write.get();
      }
      running.get(leader).awaitHealthy();

      Map<Integer, Boolean> late = writeWhileAllAreKilled(clients);
      startAll();

      readAll(clients, late);
    } finally {
      clients.shutdownNow();
    }
    for (ChildProcess process : running.values()) {
      assertThat(process.terminate()).isZero();
      assertThat(process.output()).doesNotContain("Exception in thread");
    }
  }

  @Test
  void trouble_at_the_start_is_one_clear_line_and_strangers_do_no_harm() throws Exception {
    describe("n1");
    start("n1");
    ChildProcess first = running.get("n1");
    first.awaitHealthy();
    for (int i = 0; i < 100; i++) {
      assertThat(first.http().put("/kv/key" + i, "v".repeat(1_000)).status()).isEqualTo(200);
    }
    int peerPort = peerPort("n1");

    strangersCall(peerPort);
    clientsReset(httpPorts.get("n1"));
    assertThat(first.http().get("/kv/key0").status()).isEqualTo(200);
    assertThat(first.http().get("/health").status()).isEqualTo(200);

    assertRefused(
        List.of("--id", "n1", "--members", "n1=127.0.0.1:" + Http.freePort(), "--data", data("n1")),
        data("n1"));
    assertRefused(
        List.of("--id", "n2", "--members", "n2=127.0.0.1:" + peerPort, "--data", data("n2")),
        Integer.toString(peerPort));
    try (ServerSocket taken = new ServerSocket(0)) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertRefused(
          List.of(
              "--id",
              "n3",
              "--members",
              "n3=127.0.0.1:" + Http.freePort(),
              "--data",
              data("n3"),
              "--http",
              address),
          "--http is '" + address + "', where this process cannot listen");
    }

    assertThat(first.terminate()).isZero();
    assertThat(first.output().lines())
        .as("no stack traces")
        .allMatch(l -> l.startsWith("raft-kv: "));
    assertRefused(
        List.of("--id", "n4", "--members", "n4=127.0.0.1:" + peerPort, "--data", data("n1")),
        data("n1"),
        "n1");
    String two = "n1=127.0.0.1:%d,n2=127.0.0.1:%d".formatted(peerPort, Http.freePort());
    assertRefused(
        List.of("--id", "n1", "--members", two, "--data", data("n1")),
        data("n1"),
        "[n1]",
        "[n1, n2]");
    damage(Path.of(data("n1")));
    assertRefused(
        List.of("--id", "n1", "--members", "n1=127.0.0.1:" + peerPort, "--data", data("n1")),
        data("n1"));
  }

  @Test
  void wrong_options_end_with_exit_code_2_and_help_with_0() throws Exception {
    ChildProcess wrong =
        ChildProcess.start(
            directory, 1, "--id", "n1", "--members", "n1=h:1", "--http", "h:x", "--data", "d");
    assertThat(wrong.awaitExit()).isEqualTo(2);
    assertThat(wrong.output())
        .startsWith("raft-kv: --http is 'h:x', allowed is host:port with a port of 1 to 65535");

    ChildProcess help = ChildProcess.start(directory, 1, "--help");
    assertThat(help.awaitExit()).isZero();
    assertThat(help.output()).contains("--election-timeout-ms", "Allowed: 10 to 600000");
  }

  @Test
  void a_member_that_is_stopped_before_it_serves_ends_with_exit_code_0_too() throws Exception {
    describe("n1");
    start("n1");
    ChildProcess member = running.get("n1");
    while (Files.notExists(Path.of(data("n1"))) && member.output().isEmpty()) {
      ChildProcess.pause();
    }

    assertThat(member.terminate()).as(member.output()).isZero();
  }

  // --- clients ----------------------------------------------------------------------------------

  private static String value(int key) {
    return "value of " + key;
  }

  /** Writes a key through one member after the other until one of them acknowledges it. */
  private void write(int key, AtomicInteger acknowledged) {
    List<String> ids = List.copyOf(arguments.keySet());
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      ChildProcess process = running.get(ids.get((key + attempt) % ids.size()));
      try {
        if (process.http().put("/kv/key" + key, value(key)).status() == 200) {
          acknowledged.incrementAndGet();
          return;
        }
      } catch (IOException memberIsDown) {
        assertThat(acknowledged).hasValueLessThan(KEYS);
      }
      ChildProcess.pause();
    }
    throw new AssertionError("key%d was not acknowledged".formatted(key));
  }

  private static void awaitCount(AtomicInteger count, int wanted) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX && count.get() < wanted; attempt++) {
      ChildProcess.pause();
    }
    assertThat(count).hasValueGreaterThanOrEqualTo(wanted);
  }

  /** Kills everybody while clients write; gives the keys that were acknowledged before. */
  private Map<Integer, Boolean> writeWhileAllAreKilled(ExecutorService clients) throws Exception {
    Map<Integer, Boolean> late = new ConcurrentHashMap<>();
    List<ChildProcess> members = List.copyOf(running.values());
    List<Future<?>> writes = new ArrayList<>();
    AtomicInteger acknowledged = new AtomicInteger();
    for (int i = 0; i < KEYS; i++) {
      int key = KEYS + i;
      writes.add(
          clients.submit(
              () -> {
                try {
                  Http http = members.get(key % members.size()).http();
                  Answer answer = served(() -> http.put("/kv/key" + key, value(key)));
                  assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                  late.put(key, true);
                  // The client that has got so far does it, while the others write on.
                  if (acknowledged.incrementAndGet() == KEYS / 20) {
                    members.forEach(ChildProcess::kill);
                  }
                } catch (IOException killed) {
                  assertThat(late).doesNotContainKey(key);
                }
              }));
    }
    for (Future<?> write : writes) {
      write.get();
    }
    for (ChildProcess member : members) {
      member.awaitExit();
    }
    assertThat(late).hasSizeBetween(KEYS / 20, KEYS - 1);
    return late;
  }

  private void readAll(ExecutorService clients, Map<Integer, Boolean> late) throws Exception {
    List<Integer> keys = new ArrayList<>(late.keySet());
    for (int i = 0; i < KEYS; i++) {
      keys.add(i);
    }
    List<Future<?>> reads = new ArrayList<>();
    for (ChildProcess process : running.values()) {
      for (int key : keys) {
        reads.add(
            clients.submit(
                () -> {
                  Answer answer = served(() -> process.http().get("/kv/key" + key));
                  assertThat(answer.text()).isEqualTo(value(key));
                  return null;
                }));
      }
    }
    for (Future<?> read : reads) {
      read.get();
    }
  }

  // --- trouble ----------------------------------------------------------------------------------

  /** Starts a process that must end by itself with exit code 1 and one line of explanation. */
  private void assertRefused(List<String> options, String... told) throws Exception {
    List<String> all = new ArrayList<>(options);
    if (!all.contains("--http")) {
      all.addAll(List.of("--http", "127.0.0.1:" + Http.freePort()));
    }
    ChildProcess process = ChildProcess.start(directory, 1, all.toArray(String[]::new));

    assertThat(process.awaitExit()).as(process.output()).isEqualTo(1);
    assertThat(process.output()).doesNotContain("\tat ");
    assertThat(process.output().lines().filter(line -> line.startsWith("raft-kv: ")))
        .singleElement()
        .asString()
        .contains(told);
  }

  private static void strangersCall(int port) throws IOException {
    byte[] noise = new byte[100_000];
    new Random(9).nextBytes(noise);
    byte[] http1 = "GET /kv/a HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    for (byte[] bytes : new byte[][] {noise, http1, {}}) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (IOException refused) {
        assertThat(refused).hasMessageMatching("(?s).*(reset|closed|Broken pipe).*");
      }
    }
  }

  /** Clients that are gone before, in and after their requests, without a farewell. */
  private static void clientsReset(int port) throws IOException {
    String request = "GET /kv/key0 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String put = "PUT /kv/key0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nabc";
    for (String bytes : new String[] {"", request, request + request, put}) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      }
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.setSoLinger(true, 0);
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write((request + bytes).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
    }
  }

  /** Turns bytes over in the middle of the largest file. */
  private static void damage(Path data) throws IOException {
    Path largest;
    try (Stream<Path> files = Files.walk(data)) {
      largest =
          files
              .filter(Files::isRegularFile)
              // Which is empty after an orderly end, however large.
              .filter(file -> !file.getParent().endsWith("journal"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
      long middle = file.length() / 2;
      for (long at = middle; at < middle + 16; at++) {
        file.seek(at);
        int old = file.read();
        file.seek(at);
        file.write(~old);
      }
    }
  }
}
