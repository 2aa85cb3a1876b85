package io.vertxraft.examples.demo;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.Member;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.SnapshotOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The members of the group, who leads them, and what can be done to them. Confined to the demo's
 * context.
 */
final class DemoCluster {
  private static final String HOST = "127.0.0.1";

  private final List<DemoMember> members = new ArrayList<>();
  private Consumer<String> newsHandler = message -> {};
  private Runnable changeHandler = () -> {};
  private DemoMember leader;
  private Promise<DemoMember> led = Promise.promise();
  private long term;
  private long leaderLostNanos = System.nanoTime();

  /**
   * Creates the members n1, n2, …; none runs yet.
   *
   * @param electionTimeoutMs of every member
   * @param snapshots when every member takes a snapshot
   * @param ports where each member listens for the others
   * @param parts what each member is made of, by id
   */
  DemoCluster(
      Vertx vertx,
      Context context,
      int electionTimeoutMs,
      SnapshotOptions snapshots,
      List<Integer> ports,
      Function<String, DemoMember.Parts> parts) {
    List<Member> addresses = new ArrayList<>();
    for (int port : ports) {
      addresses.add(new Member("n" + (addresses.size() + 1), HOST, port));
    }
    for (Member address : addresses) {
      RaftOptions options =
          new RaftOptions()
              .setClusterId("demo")
              .setGroupId("demo")
              .setNodeId(address.getNodeId())
              .setMembers(addresses)
              .setElectionTimeoutMs(electionTimeoutMs)
              .setSnapshots(snapshots)
              .setHeartbeatIntervalMs(Math.max(10, electionTimeoutMs / 10))
              .setApplyTimeoutMs(Math.max(2_000, 3L * electionTimeoutMs));
      members.add(new DemoMember(vertx, context, options, parts.apply(address.getNodeId())));
    }
  }

  /**
   * Called with a sentence when a member's storage or state machine has failed, when a snapshot
   * has, and when a member has taken one over.
   */
  void newsHandler(Consumer<String> handler) {
    newsHandler = handler;
  }

  /** Called when a member has come up or is about to go down, or when another one leads. */
  void changeHandler(Runnable handler) {
    changeHandler = handler;
  }

  /** Starts all members; fails with the first that cannot start. */
  Future<Void> start() {
    return Future.all(members.stream().map(this::start).toList()).mapEmpty();
  }

  /** Completes with the leader as soon as one serves. */
  Future<DemoMember> whenLed() {
    return led.future();
  }

  /** All members, whatever their state. */
  List<DemoMember> members() {
    return members;
  }

  /** The members that run, cut off or not. */
  List<DemoMember> up() {
    return members.stream().filter(member -> member.state() == DemoMember.State.UP).toList();
  }

  /** How many members make a majority. */
  int majority() {
    return members.size() / 2 + 1;
  }

  /** Whether as many members as make a majority run and are not cut off. */
  boolean hasMajority() {
    return members.stream().filter(DemoMember::isConnected).count() >= majority();
  }

  /** The member that serves as leader. */
  Optional<DemoMember> leader() {
    return Optional.ofNullable(leader);
  }

  /** The term of the last known leader; 0 before the first. */
  long term() {
    return term;
  }

  /** Milliseconds for which there has been no leader; 0 while there is one. */
  long leaderlessMs() {
    return leader != null ? 0 : (System.nanoTime() - leaderLostNanos) / 1_000_000;
  }

  /** Kills the leader; fails if there is none. */
  Future<DemoMember> killLeader() {
    return leader == null ? Future.failedFuture("there is no leader to kill") : kill(leader);
  }

  /** Kills a running member that does not lead; fails if there is none. */
  Future<DemoMember> killFollower() {
    return up().stream()
        .filter(member -> member != leader)
        .findFirst()
        .map(this::kill)
        .orElseGet(() -> Future.failedFuture("there is no follower to kill"));
  }

  /** The member of an id. */
  DemoMember member(String id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst().orElseThrow();
  }

  /** Starts a member that is down, from its data. */
  Future<DemoMember> revive(DemoMember member) {
    return start(member).map(member);
  }

  /** Kills a running member, whether or not it leads. */
  Future<DemoMember> kill(DemoMember member) {
    Future<Void> killed = member.kill();
    lost(member);
    changeHandler.run();
    return killed.map(member);
  }

  /** Starts all members that are down, from their data. */
  Future<List<DemoMember>> restart() {
    List<DemoMember> dead =
        members.stream().filter(member -> member.state() == DemoMember.State.DOWN).toList();
    if (dead.isEmpty()) {
      return Future.failedFuture("no member is dead");
    }
    return Future.all(dead.stream().map(this::start).toList()).map(dead);
  }

  /** Cuts the leader off from all others; fails if there is none. */
  Future<DemoMember> cutLeader() {
    if (leader == null) {
      return Future.failedFuture("there is no leader to cut off");
    }
    if (members.size() == 1) {
      return Future.failedFuture("a single member has no others to be cut off from");
    }
    DemoMember cut = leader;
    cut.cut();
    lost(cut);
    changeHandler.run();
    return Future.succeededFuture(cut);
  }

  /**
   * Connects every member again and makes every disk fast; fails if nothing is impaired.
   *
   * @return how many messages the cuts have dropped
   */
  Future<Long> heal() {
    List<DemoMember> cut = up().stream().filter(DemoMember::isImpaired).toList();
    if (cut.isEmpty()) {
      return Future.failedFuture("no member is cut off, and no disk is slow");
    }
    long dropped = cut.stream().mapToLong(DemoMember::heal).sum();
    changeHandler.run();
    return Future.succeededFuture(dropped);
  }

  /** Stops all running members in good order. */
  Future<Void> stop() {
    newsHandler = message -> {};
    changeHandler = () -> {};
    return Future.join(members.stream().map(DemoMember::stop).toList()).otherwiseEmpty().mapEmpty();
  }

  private Future<Void> start(DemoMember member) {
    return member
        .start()
        .compose(
            node -> {
              node.events().handler(event -> observe(member, node, event));
              changeHandler.run();
              // It may lead already: a group of one does not wait for anybody.
              return node.status()
                  .<Void>map(
                      status -> {
                        if (status.isLeaderReady()) {
                          leads(member, status.getTerm());
                        }
                        return null;
                      });
            });
  }

  private void observe(DemoMember member, RaftNode node, RaftEvent event) {
    if (member.node() != node) {
      return;
    }
    if (event.getType() == RaftEventType.LEADER_READY) {
      leads(member, event.getTerm());
    } else if (event.getType() == RaftEventType.ROLE_CHANGED
        && event.getRole() != RaftRole.LEADER) {
      lost(member);
    } else if (event.getType() == RaftEventType.FAULT) {
      newsHandler.accept(member.id() + " has failed: " + event.getCause());
      kill(member);
    } else if (event.getType() == RaftEventType.SNAPSHOT_INSTALLED) {
      newsHandler.accept(
          "%s has taken over a snapshot, because entries that it lacked are gone: %s"
              .formatted(member.id(), event.getCause()));
    } else if (event.getType() == RaftEventType.SNAPSHOT_FAILED) {
      newsHandler.accept(member.id() + ": " + event.getCause());
    }
  }

  private void leads(DemoMember member, long newTerm) {
    if (newTerm < term || member.isCut()) {
      return;
    }
    leader = member;
    term = newTerm;
    led.tryComplete(member);
    changeHandler.run();
  }

  private void lost(DemoMember member) {
    if (leader == member) {
      leader = null;
      led = Promise.promise();
      leaderLostNanos = System.nanoTime();
    }
  }
}
