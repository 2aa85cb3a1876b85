package io.vertxraft.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.ext.healthchecks.Status;
import io.vertxraft.NodeState;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RaftHealthTest {
  private static Status ask(
      Function<RaftNode, Handler<Promise<Status>>> procedure, RaftStatus status) {
    Promise<Status> promise = Promise.promise();
    procedure.apply(new Scripted(status).node()).handle(promise);
    return promise.future().result();
  }

  static Stream<Arguments> situations() {
    return Stream.of(
        Arguments.of("a leader", Scripted.leader(), true, true, "n1 serves: it leads term 7"),
        Arguments.of(
            "a follower", Scripted.follower(), true, true, "n2 serves: it follows n1 in term 7"),
        Arguments.of(
            "a leader whose term has no entry yet",
            Scripted.leader().setLeaderReady(false),
            true,
            false,
            "n1 leads term 7, but has not applied the first entry of it yet"),
        Arguments.of(
            "one without a leader",
            Scripted.follower()
                .setLeaderId(null)
                .setRole(RaftRole.CANDIDATE)
                .setRoleCause("no leader was heard for 1.2 s"),
            true,
            false,
            "n2 knows no leader: no leader was heard for 1.2 s"),
        Arguments.of(
            "one that has just begun to listen",
            Scripted.follower().setLeaderId(null),
            true,
            false,
            "n2 knows no leader: it has just begun to listen"),
        Arguments.of(
            "one that recovers",
            Scripted.follower().setRecovering(true),
            true,
            false,
            "n2 still applies what its log held: up to index 980 of 990"),
        Arguments.of(
            "one that starts",
            Scripted.follower().setState(NodeState.STARTING),
            true,
            false,
            "n2 is starting"),
        Arguments.of(
            "a damaged follower serves, by passing on",
            Scripted.follower().setDamage("entries from 12 on"),
            true,
            true,
            "n2 serves: it follows n1 in term 7"),
        Arguments.of(
            "a failed one",
            Scripted.leader().setState(NodeState.FAILED).setFailure("the disk is broken"),
            false,
            false,
            "n1 has failed: the disk is broken"),
        Arguments.of(
            "a closed one",
            Scripted.leader().setState(NodeState.STOPPED),
            false,
            false,
            "n1 was closed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("situations")
  void a_member_lives_until_it_fails_and_is_ready_while_it_serves(
      String who, RaftStatus status, boolean lives, boolean ready, String explanation) {
    Status readiness = ask(RaftHealth::readiness, status);

    assertThat(ask(RaftHealth::liveness, status).isOk()).isEqualTo(lives);
    assertThat(readiness.isOk()).isEqualTo(ready);
    assertThat(readiness.getData().getString("explanation")).isEqualTo(explanation);
  }

  @Test
  void the_data_names_the_member_and_what_is_wrong_with_it() {
    Status status =
        ask(
            RaftHealth::liveness,
            Scripted.follower()
                .setLeaderId(null)
                .setRole(RaftRole.PRE_CANDIDATE)
                .setDamage("entries from 12 on")
                .setStorageShortage("1 MiB is left"));

    assertThat(status.getData().getMap())
        .containsEntry("cluster", "shop")
        .containsEntry("group", "orders")
        .containsEntry("node", "n2")
        .containsEntry("damage", "entries from 12 on")
        .containsEntry("storageShortage", "1 MiB is left")
        .containsEntry("explanation", "n2 lives: it is pre-candidate in term 7 and knows no leader")
        .doesNotContainKey("failure");
  }
}
