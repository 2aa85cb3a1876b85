package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertxraft.Member;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.SessionOptions;
import io.vertxraft.examples.kv.CountingClient.Tally;
import io.vertxraft.grpc.GrpcClientChannel;
import io.vertxraft.grpc.GrpcClientChannelOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Clients with sessions, in a process of their own, while the members' processes are paused, killed
 * and started again: each step counts once.
 */
@Tag("blackbox")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs SIGSTOP")
class ExactlyOnceIT extends ProcessStory {
  private static final int CLIENTS = 50;
  private static final int POLLS_MAX = 600;

  /** All clients can be expected to have got on when so many steps were acknowledged. */
  private static final int PROGRESS = 4 * CLIENTS;

  private final Vertx vertx = Vertx.vertx();
  private final Tally tally = new Tally();
  private final List<RaftClient> clients = new ArrayList<>();
  private final List<CountingClient> counters = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (RaftClient client : clients) {
      client.close().await(30, TimeUnit.SECONDS);
    }
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  @Test
  void each_step_counts_once_through_paused_and_killed_members() throws Exception {
    describe("n1", "n2", "n3");
    addArguments("--serve-clients", "1", "--election-timeout-ms", "500");
    // Sessions come back from snapshots, too.
    addArguments("--snapshot-entries", "2000", "--snapshot-retain-entries", "100");
    startAll();
    count();
    pauseLeader();
    killLeader();
    killFollower();
    long total = 0;
    for (int i = 0; i < CLIENTS; i++) {
      long count = counters.get(i).stop().await(60, TimeUnit.SECONDS);
      assertThat(tally.troubles()).isEmpty();
      String path = "/kv/" + key(i);
      for (var member : running.entrySet()) {
        assertThat(served(() -> member.getValue().http().get(path)).text())
            .as("%s on %s, by what its client was told", key(i), member.getKey())
            .isEqualTo(Long.toString(count));
      }
      total += count;
    }
    assertThat(total).isEqualTo(tally.acknowledged().get() + tally.decided().get());
    for (ChildProcess process : running.values()) {
      assertThat(process.terminate()).isZero();
      assertThat(process.output()).doesNotContain("Exception in thread");
    }
  }

  private static String key(int client) {
    return "counter" + client;
  }

  /** Has clients count that soon lose their patience with a member that does not answer. */
  private void count() {
    SessionOptions patience =
        new SessionOptions()
            .setApplyTimeoutMs(1_000)
            .setAttemptTimeoutMs(400)
            .setRetryDelayMaxMs(200);
    for (int i = 0; i < CLIENTS; i++) {
      GrpcClientChannelOptions options =
          new GrpcClientChannelOptions()
              .setClusterId(RaftOptions.DEFAULT_CLUSTER_ID)
              .setGroupId(RaftOptions.DEFAULT_GROUP_ID);
      for (String id : arguments.keySet()) {
        options.addMember(new Member(id, "127.0.0.1", peerPort(id)));
      }
      RaftClient client =
          RaftClient.create(vertx, patience, GrpcClientChannel.create(vertx, options));
      CountingClient counter = new CountingClient(vertx, client, key(i), tally);
      clients.add(client);
      counters.add(counter);
      counter.start();
    }
    awaitProgress();
  }

  // --- what happens to the members --------------------------------------------------------------

  /** What clients have sent it meanwhile is late when it wakes up. */
  private void pauseLeader() throws Exception {
    RaftStatus leader = awaitLeader(arguments.keySet(), 0);
    ChildProcess paused = running.get(leader.getNodeId());
    paused.signal("STOP");
    awaitLeader(others(leader.getNodeId()), leader.getTerm());
    awaitProgress();
    paused.signal("CONT");
    awaitProgress();
  }

  private void killLeader() throws Exception {
    RaftStatus leader = awaitLeader(arguments.keySet(), 0);
    kill(leader.getNodeId());
    awaitLeader(others(leader.getNodeId()), leader.getTerm());
    awaitProgress();
    startAgain(leader.getNodeId());
  }

  private void killFollower() throws Exception {
    String follower = others(awaitLeader(arguments.keySet(), 0).getNodeId()).iterator().next();
    kill(follower);
    awaitProgress();
    startAgain(follower);
  }

  private void kill(String id) throws Exception {
    running.get(id).kill();
    running.get(id).awaitExit();
  }

  private void startAgain(String id) throws IOException {
    start(id);
    running.get(id).awaitHealthy();
    awaitProgress();
  }

  private Set<String> others(String id) {
    Set<String> others = new TreeSet<>(arguments.keySet());
    others.remove(id);
    return others;
  }

  /** Waits for a leader of a later term, by its own account; of several the latest one counts. */
  private RaftStatus awaitLeader(Set<String> asked, long afterTerm) throws IOException {
    for (int poll = 0; poll < POLLS_MAX; poll++) {
      RaftStatus latest = null;
      for (String id : asked) {
        RaftStatus status = status(id);
        if (status.getRole() == RaftRole.LEADER
            && status.getTerm() > (latest == null ? afterTerm : latest.getTerm())) {
          latest = status;
        }
      }
      if (latest != null) {
        return latest;
      }
      ChildProcess.pause();
    }
    throw new AssertionError("none of %s leads in a term after %d".formatted(asked, afterTerm));
  }

  private void awaitProgress() {
    long wanted = tally.acknowledged().get() + PROGRESS;
    for (int poll = 0; poll < POLLS_MAX && tally.acknowledged().get() < wanted; poll++) {
      assertThat(tally.troubles()).isEmpty();
      ChildProcess.pause();
    }
    assertThat(tally.acknowledged()).hasValueGreaterThanOrEqualTo(wanted);
  }
}
