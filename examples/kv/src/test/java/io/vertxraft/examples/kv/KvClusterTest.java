package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.examples.kv.Http.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members with storage and transport of their own in one process. */
class KvClusterTest {
  private static final long LEADER_WITHIN_SECONDS = 60;

  @TempDir Path directory;

  private final Map<String, KvServer> running = new TreeMap<>();
  private final List<Member> members = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    for (String id : List.of("n1", "n2", "n3")) {
      members.add(new Member(id, "127.0.0.1", Http.freePort()));
    }
    for (Member member : members) {
      start(member.getNodeId());
    }
  }

  @AfterEach
  void stop() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }

  @Test
  void what_one_member_acknowledges_every_member_reads() throws IOException {
    awaitLeader();
    int written = 0;
    for (KvServer server : running.values()) {
      Answer put = http(server).put("/kv/key%2F" + written, "value " + written);
      assertThat(put.status()).as(put.text()).isEqualTo(200);
      written++;
    }

    for (KvServer server : running.values()) {
      for (int i = 0; i < written; i++) {
        assertThat(http(server).get("/kv/key%2F" + i).text()).isEqualTo("value " + i);
      }
      JsonArray keys = http(server).get("/kv?prefix=key/").json().getJsonArray("keys");
      assertThat(keys).hasSize(3);
    }
  }

  @Test
  void reads_of_every_kind_leave_the_log_as_it_is() throws IOException {
    String leader = awaitLeader();
    assertThat(anyHttp().put("/kv/a", "x").status()).isEqualTo(200);
    long last = await(running.get(leader).node().status()).getLastIndex();

    for (KvServer server : running.values()) {
      for (String consistency : List.of("linearizable", "lease", "bounded:60000")) {
        Answer read = http(server).get("/kv/a?consistency=" + consistency);
        assertThat(read.text()).as(consistency).isEqualTo("x");
        assertThat(http(server).get("/kv?consistency=" + consistency).status()).isEqualTo(200);
      }
      assertThat(http(server).get("/kv/a?consistency=local").text()).isEqualTo("x");
    }

    assertThat(await(running.get(leader).node().status()).getLastIndex()).isEqualTo(last);
  }

  @Test
  void a_precondition_is_decided_once_for_all_members() throws IOException {
    awaitLeader();
    int winners = 0;
    for (KvServer server : running.values()) {
      Answer answer = http(server).put("/kv/lock", server.node().nodeId(), "If-None-Match", "*");
      assertThat(answer.status()).isIn(200, 412);
      winners += answer.status() == 200 ? 1 : 0;
    }

    assertThat(winners).isEqualTo(1);
  }

  @Test
  void a_longest_value_travels_through_a_follower_and_back() throws IOException {
    awaitLeader();
    byte[] value = new byte[KvServerOptions.DEFAULT_VALUE_BYTES_MAX];
    new java.util.Random(5).nextBytes(value);

    for (KvServer server : running.values()) {
      assertThat(http(server).call("PUT", "/kv/longest", value).status()).isEqualTo(200);
      assertThat(http(server).get("/kv/longest").bytes()).isEqualTo(value);
    }
  }

  @Test
  void the_group_survives_its_leader_and_takes_it_back() throws IOException {
    String leader = awaitLeader();
    assertThat(anyHttp().put("/kv/a", "before").status()).isEqualTo(200);

    stop(leader);
    awaitLeader();
    assertThat(anyHttp().put("/kv/b", "without").status()).isEqualTo(200);
    start(leader);
    awaitLeader();

    Http returned = http(running.get(leader));
    awaitHealthy(returned);
    assertThat(returned.get("/kv/a").text()).isEqualTo("before");
    assertThat(returned.get("/kv/b").text()).isEqualTo("without");
  }

  @Test
  void a_member_without_a_majority_says_what_it_can_not_do() throws IOException {
    awaitLeader();
    stop("n2");
    stop("n3");
    Http alone = http(running.get("n1"));

    // At first it may still believe to have a leader: then the outcome is unknown.
    Answer refused = alone.put("/kv/a", "x");
    for (int attempt = 0; attempt < 20 && refused.status() != 503; attempt++) {
      assertThat(refused.status()).isEqualTo(504);
      assertThat(refused.json().getString("outcome")).isEqualTo("unknown");
      refused = alone.put("/kv/a", "x");
    }

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.json().getString("outcome")).isEqualTo("rejected");
    assertThat(refused.header("retry-after")).isEqualTo("1");
    assertThat(alone.get("/health").status()).isEqualTo(503);
    assertThat(alone.get("/raft/api/v1/state").status()).isEqualTo(200);
  }

  @Test
  void a_directory_serves_one_member_only() {
    stop("n2");
    Path directoryOfFirst = directory.resolve("n1");

    assertThatThrownBy(() -> await(KvServer.create(options("n2", directoryOfFirst)).start()))
        .rootCause()
        .hasMessageContaining(directoryOfFirst.toString());
  }

  @Test
  void a_data_directory_that_is_a_file_is_named() throws IOException {
    stop("n3");
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThatThrownBy(() -> await(KvServer.create(options("n3", file)).start()))
        .rootCause()
        .hasMessageContaining(file.toString());
  }

  // --- helpers ----------------------------------------------------------------------------------

  private void start(String id) {
    running.put(id, await(KvServer.create(options(id, directory.resolve(id))).start()));
  }

  private void stop(String id) {
    await(running.remove(id).stop());
  }

  private KvServerOptions options(String id, Path data) {
    RaftOptions raft = new RaftOptions().setNodeId(id).setMembers(members).setApplyTimeoutMs(5_000);
    return KvServerOptions.of(raft, data, "127.0.0.1", 0);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static Http http(KvServer server) {
    return new Http(server.httpPort());
  }

  private Http anyHttp() {
    return http(running.values().iterator().next());
  }

  /** A member that comes back refuses reads until it has applied again what its log holds. */
  private static void awaitHealthy(Http member) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LEADER_WITHIN_SECONDS);
    while (member.get("/health").status() != 200) {
      assertThat(System.nanoTime()).as("not healthy in time").isLessThan(deadline);
    }
  }

  /** Waits until every running member knows the same leader that serves. */
  private String awaitLeader() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LEADER_WITHIN_SECONDS);
    while (System.nanoTime() < deadline) {
      String leader = null;
      boolean agreed = true;
      for (KvServer server : running.values()) {
        String known = await(server.node().status()).getLeaderId();
        agreed &= known != null && running.containsKey(known);
        agreed &= leader == null || leader.equals(known);
        leader = known;
      }
      if (agreed && http(running.get(leader)).get("/kv/absent").status() == 404) {
        return leader;
      }
    }
    throw new AssertionError("no leader within %d s".formatted(LEADER_WITHIN_SECONDS));
  }
}
