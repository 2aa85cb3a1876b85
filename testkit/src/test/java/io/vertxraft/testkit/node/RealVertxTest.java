package io.vertxraft.testkit.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Member;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.LocalNetwork;
import io.vertxraft.testkit.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The node on real Vert.x contexts: deployment, threads, and the RxJava 3 form of the API. */
class RealVertxTest {
  private final Vertx vertx = Vertx.vertx();
  private final LocalNetwork network = new LocalNetwork();
  private final Queue<String> stateMachineThreads = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private static RaftOptions options(int size) {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      members.add(new Member("n" + i, "local", i));
    }
    return new RaftOptions().setMembers(members);
  }

  private RaftVerticle verticle(RaftOptions options, String nodeId) {
    StateMachine echo =
        StateMachine.of(
            (Command command) -> {
              stateMachineThreads.add(Thread.currentThread().getName());
              return Buffer.buffer(command.payload() + "@" + command.index());
            });
    return new RaftVerticle(
        new RaftOptions(options).setNodeId(nodeId), echo, new MemoryStorage(), network.transport());
  }

  private RaftNode deploy(RaftOptions options, String nodeId) throws Exception {
    RaftVerticle verticle = verticle(options, nodeId);
    vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    return verticle.node();
  }

  /** Completes when {@code node} leads and serves, now or later. */
  private static Future<Void> leads(RaftNode node) {
    Promise<Void> ready = Promise.promise();
    node.events()
        .handler(
            event -> {
              if (event.getType() == RaftEventType.LEADER_READY) {
                ready.tryComplete();
              }
            });
    node.status()
        .onSuccess(
            status -> {
              if (status.isLeaderReady()) {
                ready.tryComplete();
              }
            });
    return ready.future();
  }

  /** Something that makes it worth while to send a rejected command again. */
  private static Future<Void> newsOfALeader(List<RaftNode> nodes) {
    Promise<Void> news = Promise.promise();
    for (RaftNode node : nodes) {
      node.events()
          .handler(
              event -> {
                boolean found = event.getType() == RaftEventType.LEADER_CHANGED;
                if (event.getType() == RaftEventType.LEADER_READY
                    || (found && event.getLeaderId() != null)) {
                  news.tryComplete();
                }
              });
    }
    return news.future();
  }

  private static Buffer apply(RaftNode node, List<RaftNode> all) throws Exception {
    while (true) {
      Future<Void> news = newsOfALeader(all);
      try {
        return node.apply(Buffer.buffer(node.nodeId())).await(20, TimeUnit.SECONDS);
      } catch (RaftException.Rejected rejected) {
        news.await(20, TimeUnit.SECONDS);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ThreadingModel.class,
      names = {"EVENT_LOOP", "WORKER"})
  void theStateMachineRunsWhereTheOptionsSay(ThreadingModel threading) throws Exception {
    RaftVerticle verticle = verticle(options(1).setStateMachineThreading(threading), "n1");
    vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    leads(verticle.node()).await(20, TimeUnit.SECONDS);

    Buffer reply = verticle.node().apply(Buffer.buffer("a")).await(20, TimeUnit.SECONDS);

    assertThat(reply).hasToString("a@2");
    String expected = threading == ThreadingModel.WORKER ? "worker" : "eventloop";
    assertThat(stateMachineThreads).allMatch(name -> name.contains(expected));
  }

  @Test
  void aFollowerAnswersForTheLeaderAndEverybodyAppliesTheSame() throws Exception {
    RaftOptions options = options(3);
    List<RaftNode> nodes = new ArrayList<>();
    List<Future<Void>> ready = new ArrayList<>();
    for (String id : List.of("n1", "n2", "n3")) {
      nodes.add(deploy(options, id));
      ready.add(leads(nodes.get(nodes.size() - 1)));
    }
    Future.any(ready).await(20, TimeUnit.SECONDS);

    for (RaftNode node : nodes) {
      assertThat(apply(node, nodes).toString()).startsWith(node.nodeId() + "@");
      RaftStatus other = nodes.get(0).memberStatus(node.nodeId()).await(20, TimeUnit.SECONDS);
      assertThat(other.getNodeId()).isEqualTo(node.nodeId());
      assertThat(new RaftStatus(other.toJson()).toJson()).isEqualTo(other.toJson());
    }
    assertThatThrownBy(() -> nodes.get(0).memberStatus("n9").await(20, TimeUnit.SECONDS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("n9");
  }

  @Test
  void aReplyComesOnTheCallersContextInTheOrderOfTheCalls() throws Exception {
    RaftVerticle verticle = verticle(options(1), "n1");
    vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    leads(verticle.node()).await(20, TimeUnit.SECONDS);
    Promise<List<Integer>> done = Promise.promise();
    Context caller = vertx.getOrCreateContext();

    caller.runOnContext(
        ignored -> {
          List<Integer> order = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            int number = i;
            verticle
                .node()
                .apply(Buffer.buffer("c" + i))
                .onComplete(
                    reply -> {
                      order.add(Vertx.currentContext() == caller ? number : -1);
                      if (order.size() == 100) {
                        done.complete(order);
                      }
                    });
          }
        });

    List<Integer> order = done.future().await(20, TimeUnit.SECONDS);
    assertThat(order).isSorted().doesNotContain(-1).hasSize(100);
  }

  @Test
  void theRxJava3FormOfTheApiAppliesAndStreamsEvents() throws Exception {
    RaftVerticle verticle = verticle(options(1), "n1");
    vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    io.vertxraft.rxjava3.RaftNode node = io.vertxraft.rxjava3.RaftNode.newInstance(verticle.node());

    Single<RaftEvent> stopped =
        node.events()
            .toFlowable()
            .filter(event -> event.getType() == RaftEventType.STOPPED)
            .firstOrError()
            .timeout(20, TimeUnit.SECONDS)
            .cache();
    stopped.subscribe();
    leads(verticle.node()).await(20, TimeUnit.SECONDS);

    Buffer reply = node.rxApply(Buffer.buffer("rx")).timeout(20, TimeUnit.SECONDS).blockingGet();
    RaftStatus status = node.rxStatus().blockingGet();
    node.rxClose().blockingAwait();

    assertThat(stopped.blockingGet().getCause()).isEqualTo("closed");
    assertThat(status.getRole()).isEqualTo(RaftRole.LEADER);
    assertThat(reply).hasToString("rx@2");
    assertThat(status.getAppliedIndex()).isEqualTo(2);
  }

  @Test
  void theRxJava3FormStreamsCommandsAndFollowsWhatIsApplied() throws Exception {
    RaftVerticle verticle = verticle(options(1), "n1");
    vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    leads(verticle.node()).await(20, TimeUnit.SECONDS);
    io.vertxraft.rxjava3.RaftNode node = io.vertxraft.rxjava3.RaftNode.newInstance(verticle.node());
    io.vertxraft.rxjava3.CommandStream stream = node.commandStream();
    Single<List<String>> replies =
        stream.toFlowable().map(Buffer::toString).toList().timeout(20, TimeUnit.SECONDS).cache();
    replies.subscribe();

    Flowable.range(1, 3).map(i -> Buffer.buffer("c" + i)).subscribe(stream.toSubscriber());

    assertThat(replies.blockingGet()).containsExactly("c1@2", "c2@3", "c3@4");
    List<Command> applied =
        node.committed(3).toFlowable().take(2).timeout(20, TimeUnit.SECONDS).toList().blockingGet();
    assertThat(applied).extracting(Command::index).containsExactly(3L, 4L);
    assertThat(applied.get(0).payload()).hasToString("c2");
  }

  @Test
  void undeployingClosesTheMemberAndItsStreams() throws Exception {
    RaftVerticle verticle = verticle(options(1), "n1");
    String deployment = vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    Promise<Void> ended = Promise.promise();
    verticle.node().events().endHandler(ended::complete).handler(event -> {});

    vertx.undeploy(deployment).await(20, TimeUnit.SECONDS);

    ended.future().await(20, TimeUnit.SECONDS);
    assertThatThrownBy(
            () -> verticle.node().apply(Buffer.buffer("late")).await(20, TimeUnit.SECONDS))
        .hasMessageContaining("n1 is closed");
  }
}
