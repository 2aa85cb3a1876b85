package io.vertxraft.examples.kv;

import io.vertx.core.json.JsonObject;
import io.vertxraft.Member;
import io.vertxraft.RaftStatus;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Members of one group as processes of their own, all killed in the end. */
abstract class ProcessStory {
  private static final int ASKED_MAX = 600;

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

  /** A request that may be made again. */
  interface Request {
    Answer make() throws IOException;
  }

  /**
   * The first answer of a group that serves. While it has no leader it says so, and what was under
   * way when the last one went has an unknown outcome.
   */
  static Answer served(Request request) throws IOException {
    Answer answer = request.make();
    for (int asked = 1; asked < ASKED_MAX && Set.of(503, 504).contains(answer.status()); asked++) {
      ChildProcess.pause();
      answer = request.make();
    }
    return answer;
  }

  /** What a member says of itself, as soon as its console has heard it. */
  final RaftStatus status(String id) throws IOException {
    for (int asked = 0; asked < ASKED_MAX; asked++) {
      JsonObject status = state(running.get(id)).getJsonObject("status");
      if (status != null) {
        return new RaftStatus(status);
      }
      ChildProcess.pause();
    }
    throw new AssertionError("%s says nothing of itself".formatted(id));
  }

  private static JsonObject state(ChildProcess process) throws IOException {
    return process.http().get("/raft/api/v1/state").json();
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
    for (int asked = 0; asked < ASKED_MAX; asked++) {
      for (ChildProcess process : running.values()) {
        String leader = state(process).getString("leaderId");
        if (leader != null) {
          return leader;
        }
      }
      ChildProcess.pause();
    }
    throw new AssertionError("nobody knows a leader");
  }
}
