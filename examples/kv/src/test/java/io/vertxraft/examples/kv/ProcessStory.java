package io.vertxraft.examples.kv;

import io.vertxraft.Member;
import io.vertxraft.RaftStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Members of one group as processes of their own, all killed in the end. */
abstract class ProcessStory {
  @TempDir Path directory;

  final Map<String, ChildProcess> running = new ConcurrentHashMap<>();
  final Map<String, String[]> arguments = new LinkedHashMap<>();

  /** Variables that each member finds in its environment, if it is to find any. */
  final Map<String, Map<String, String>> environments = new LinkedHashMap<>();

  final Map<String, Integer> httpPorts = new LinkedHashMap<>();

  @AfterEach
  void killAll() {
    running.values().forEach(ChildProcess::kill);
  }

  final void describe(String... ids) throws IOException {
    List<String> members = new ArrayList<>();
    for (String id : ids) {
      members.add(id + "=127.0.0.1:" + Http.freePort());
    }
    for (String id : ids) {
      int httpPort = Http.freePort();
      httpPorts.put(id, httpPort);
      arguments.put(
          id,
          new String[] {
            "--id",
            id,
            "--members",
            String.join(",", members),
            "--http",
            "127.0.0.1:" + httpPort,
            "--data",
            data(id),
            "--apply-timeout-ms",
            "3000"
          });
    }
  }

  /** Gives every member that is described further arguments. */
  final void addArguments(String... more) {
    arguments.replaceAll(
        (id, all) -> Stream.concat(Arrays.stream(all), Arrays.stream(more)).toArray(String[]::new));
  }

  /** What a member says of itself. */
  final RaftStatus status(String id) throws IOException {
    return new RaftStatus(
        running.get(id).http().get("/raft/api/v1/state").json().getJsonObject("status"));
  }

  final String data(String id) {
    return directory.resolve("data-" + id).toString();
  }

  final int peerPort(String id) {
    for (String text : arguments.get(id)[3].split(",", -1)) {
      Member member = Member.parse(text);
      if (member.getNodeId().equals(id)) {
        return member.getPort();
      }
    }
    throw new IllegalArgumentException(id + " is no member");
  }

  final void start(String id) throws IOException {
    running.put(
        id,
        ChildProcess.start(
            directory,
            httpPorts.get(id),
            environments.getOrDefault(id, Map.of()),
            arguments.get(id)));
  }

  final void startAll() throws IOException {
    for (String id : arguments.keySet()) {
      start(id);
    }
    for (ChildProcess process : running.values()) {
      process.awaitHealthy();
    }
  }

  /** Who leads, as the first member says that knows. */
  final String leader() throws IOException {
    for (ChildProcess process : running.values()) {
      String leader = process.http().get("/raft/api/v1/state").json().getString("leaderId");
      if (leader != null) {
        return leader;
      }
    }
    throw new AssertionError("nobody knows a leader");
  }
}
