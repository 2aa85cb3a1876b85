package io.vertxraft.metrics;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.FollowerStatus;
import io.vertxraft.LatencyStatus;
import io.vertxraft.Member;
import io.vertxraft.NodeState;
import io.vertxraft.PeerContact;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStage;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.StageStatus;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A member whose report and events a test writes by hand; it does nothing else. */
final class Scripted {
  final AtomicInteger questions = new AtomicInteger();
  volatile RaftStatus status;
  private volatile Handler<RaftEvent> observer;

  Scripted(RaftStatus status) {
    this.status = status;
  }

  /** A leader of three in good health. */
  static RaftStatus leader() {
    return new RaftStatus()
        .setClusterId("shop")
        .setGroupId("orders")
        .setNodeId("n1")
        .setState(NodeState.RUNNING)
        .setRole(RaftRole.LEADER)
        .setTerm(7)
        .setLeaderId("n1")
        .setLeaderReady(true)
        .setRoleSinceMs(250_000)
        .setLastIndex(1_000)
        .setCommitIndex(990)
        .setAppliedIndex(980)
        .setCommandsApplied(950)
        .setElectionsStarted(2)
        .setMembers(
            List.of(
                new Member("n1", "127.0.0.1", 1),
                new Member("n2", "127.0.0.1", 2),
                new Member("n3", "127.0.0.1", 3)))
        .setFollowers(
            List.of(
                new FollowerStatus()
                    .setNodeId("n2")
                    .setMatchIndex(900)
                    .setLastContactAgeMs(30)
                    .setRoundTripMs(1.5)))
        .setContacts(
            List.of(
                new PeerContact().setNodeId("n2").setHeardAgeMs(30),
                new PeerContact().setNodeId("n3").setHeardAgeMs(-1)))
        .setStages(
            List.of(
                new StageStatus()
                    .setStage(RaftStage.LOG)
                    .setDepth(3)
                    .setDepthBytes(300)
                    .setOldestMs(20)
                    .setBatches(10)
                    .setEntries(90)
                    .setLatency(new LatencyStatus().setP99Micros(4_100).setMaxMicros(9_000))))
        .setSnapshots(
            new SnapshotStatus()
                .setLastIndex(800)
                .setBytes(4_096)
                .setSavedAtMs(System.currentTimeMillis() - 7_200_000)
                .setKept(List.of(800L, 700L))
                .setSaved(8)
                .setActivity(SnapshotActivity.SAVING));
  }

  /** A follower of n1. */
  static RaftStatus follower() {
    return leader()
        .setNodeId("n2")
        .setRole(RaftRole.FOLLOWER)
        .setLeaderReady(false)
        .setLeaderContactAgeMs(40)
        .setFollowers(List.of());
  }

  boolean isObserved() {
    return observer != null;
  }

  void happens(RaftEventType type) {
    observer.handle(new RaftEvent().setType(type));
  }

  RaftNode node() {
    return proxy(
        RaftNode.class,
        (name, arguments) -> {
          switch (name) {
            case "status" -> {
              questions.incrementAndGet();
              return Future.succeededFuture(status);
            }
            case "events" -> {
              return events();
            }
            default -> throw new UnsupportedOperationException(name);
          }
        });
  }

  @SuppressWarnings("unchecked")
  private ReadStream<RaftEvent> events() {
    return proxy(
        ReadStream.class,
        (name, arguments) -> {
          if (name.equals("handler")) {
            observer = (Handler<RaftEvent>) arguments[0];
          }
          return null;
        });
  }

  private interface Call {
    Object answer(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.answer(method.getName(), arguments)));
  }
}
