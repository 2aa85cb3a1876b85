package io.vertxraft.examples.kv;

import io.vertxraft.NodeState;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Members n1, n2 and n3 with a large map. Between n3 and the others are links that can be cut. */
final class BigGroup implements AutoCloseable {
  private static final List<String> IDS = List.of("n1", "n2", "n3");
  private static final long WAIT_SECONDS_MAX = 900;

  private final Path directory = Files.createTempDirectory("raft-kv-big");
  private final Map<String, ChildProcess> running = new LinkedHashMap<>();
  private final Map<String, Integer> peerPorts = new LinkedHashMap<>();
  private final Map<String, Integer> httpPorts = new LinkedHashMap<>();
  private final Map<String, CuttableLink> links = new LinkedHashMap<>();
  private final int heapMib;

  BigGroup(int heapMib, long linkBytesPerSecondMax) throws IOException {
    this.heapMib = heapMib;
    for (String id : IDS) {
      peerPorts.put(id, Http.freePort());
      httpPorts.put(id, Http.freePort());
      links.put(id, new CuttableLink(peerPorts.get(id), linkBytesPerSecondMax));
    }
  }

  int httpPort(String id) {
    return httpPorts.get(id);
  }

  Http http(String id) {
    return new Http(httpPort(id));
  }

  /** Starts a member that takes snapshots only when it is told to. */
  void start(String id) throws IOException {
    List<String> members = new ArrayList<>();
    for (String other : IDS) {
      boolean overLink = !other.equals(id) && (id.equals("n3") || other.equals("n3"));
      int port = overLink ? links.get(other).port() : peerPorts.get(other);
      members.add("%s=127.0.0.1:%d".formatted(other, port));
    }
    running.put(
        id,
        ChildProcess.start(
            directory,
            httpPort(id),
            List.of("-Xms" + heapMib + "m", "-Xmx" + heapMib + "m", "-XX:+AlwaysPreTouch"),
            "--id",
            id,
            "--members",
            String.join(",", members),
            "--http",
            "127.0.0.1:" + httpPort(id),
            "--data",
            directory.resolve(id).toString(),
            "--election-timeout-ms",
            "5000",
            "--store-bytes-max",
            Long.toString(1L << 40),
            "--snapshot-entries",
            "0",
            "--snapshot-log-bytes",
            "0",
            "--snapshot-interval-s",
            "0",
            "--snapshot-retain-entries",
            "0"));
  }

  void kill(String id) throws IOException, InterruptedException {
    ChildProcess process = running.remove(id);
    process.kill();
    process.awaitExit();
  }

  long pid(String id) {
    return running.get(id).pid();
  }

  RaftStatus status(String id) throws IOException {
    return new RaftStatus(http(id).get("/raft/api/v1/state").json().getJsonObject("status"));
  }

  String leader() throws IOException {
    return http("n1").get("/raft/api/v1/state").json().getString("leaderId");
  }

  /** A condition on what a member says of itself. */
  interface Wanted {
    boolean of(RaftStatus status);
  }

  /** Waits until a member says what is wanted. */
  RaftStatus await(String id, Wanted wanted) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    while (System.nanoTime() < deadline) {
      RaftStatus status = statusIfItServes(id);
      if (status != null && status.getState() == NodeState.FAILED) {
        throw new IllegalStateException(id + " has failed: " + status.getFailure());
      }
      if (status != null && wanted.of(status)) {
        return status;
      }
      ChildProcess.pause();
    }
    throw new IllegalStateException(id + " says " + statusIfItServes(id));
  }

  RaftStatus statusIfItServes(String id) {
    try {
      return status(id);
    } catch (IOException notYet) {
      return null;
    }
  }

  /** Waits until a member knows a leader and has applied what its log held. */
  RaftStatus awaitReady(String id) throws IOException {
    return await(id, status -> status.getLeaderId() != null && !status.isRecovering());
  }

  /** Has a member begin a snapshot; gives how many it had saved before. */
  long beginSnapshot(String id) throws IOException {
    long before = status(id).getSnapshots().getSaved();
    Thread caller =
        new Thread(
            () -> {
              try {
                Answer answer = http(id).call("POST", KvAdmin.SNAPSHOT_PATH, new byte[0]);
                if (answer.status() >= 300) {
                  System.out.println(id + " took no snapshot: " + answer.text());
                }
              } catch (IOException e) {
                System.out.println(id + " took no snapshot: " + e);
              }
            },
            "snapshot-" + id);
    caller.setDaemon(true);
    caller.start();
    return before;
  }

  RaftStatus awaitSnapshot(String id, long savedBefore) throws IOException {
    return await(
        id,
        status ->
            status.getSnapshots().getSaved() > savedBefore
                && status.getSnapshots().getActivity() == SnapshotActivity.IDLE);
  }

  RaftStatus snapshot(String id) throws IOException {
    return awaitSnapshot(id, beginSnapshot(id));
  }

  void cutLinks() {
    links.values().forEach(CuttableLink::cut);
  }

  void healLinks() {
    links.values().forEach(CuttableLink::heal);
  }

  /** Bytes that have come to n3 over the links, whoever made the connection. */
  long bytesToThird() {
    return links.get("n1").bytesFrom() + links.get("n2").bytesFrom() + links.get("n3").bytesTo();
  }

  /** Turns a byte of a member's newest snapshot over, in the middle of its largest file. */
  void damageNewestSnapshot(String id) throws IOException {
    Path newest;
    try (Stream<Path> all = Files.walk(directory.resolve(id))) {
      newest =
          all.filter(path -> path.getFileName().toString().matches("snapshot_\\d{20}"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
    }
    try (Stream<Path> files = Files.walk(newest)) {
      Path largest =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
        file.seek(file.length() / 2);
        int old = file.read();
        file.seek(file.length() / 2);
        file.write(~old);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (String id : List.copyOf(running.keySet())) {
      try {
        kill(id);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while the members were ended");
      }
    }
    for (CuttableLink link : links.values()) {
      link.close();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
