package io.vertxraft.console.browser;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.console.ActionAuthorizer;
import io.vertxraft.console.ActionCall;
import io.vertxraft.console.ActionEffect;
import io.vertxraft.console.ActionParameter;
import io.vertxraft.console.ConsoleAction;
import io.vertxraft.console.EntryDecoder;
import io.vertxraft.console.RaftConsole;
import io.vertxraft.console.RaftConsoleBuilder;
import io.vertxraft.console.RaftConsoleOptions;
import io.vertxraft.spi.Transport;
import io.vertxraft.testkit.MemoryStorage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Three members that run in this JVM, each with a console that may break the group: kill a member,
 * restart the dead, cut a direction, heal the network.
 */
final class LiveGroup implements AutoCloseable {
  /** An election is over before anybody looks. */
  static final long QUICK_MS = 800;

  /** The group is without a leader for longer than the page takes to notice. */
  static final long SLOW_MS = 2_000;

  private static final long SILENT_AFTER_MS = 700;
  private static final List<Member> MEMBERS =
      List.of(
          new Member("n1", "127.0.0.1", 7001),
          new Member("n2", "127.0.0.1", 7002),
          new Member("n3", "127.0.0.1", 7003));

  private final Vertx vertx;
  private final long electionTimeoutMs;
  private final CutNetwork network = new CutNetwork();
  private final Map<String, Life> lives = new LinkedHashMap<>();
  private final Map<String, MemoryStorage> dead = new LinkedHashMap<>();
  private final Map<String, String> paths = new LinkedHashMap<>();

  private record Life(
      String id, RaftVerticle verticle, MemoryStorage storage, Transport transport) {}

  /**
   * Starts the members and mounts their consoles.
   *
   * @param authorizer who may act, or null if nobody can
   * @param electionTimeoutMs short for a group that is up at once, long for one whose loss of a
   *     leader is to be looked at
   */
  LiveGroup(PageServer server, String name, ActionAuthorizer authorizer, long electionTimeoutMs) {
    vertx = server.vertx();
    this.electionTimeoutMs = electionTimeoutMs;
    for (Member member : MEMBERS) {
      String id = member.getNodeId();
      RaftNode node = PageServer.await(start(id, new MemoryStorage()));
      paths.put(id, server.mount(name + "/" + id, console(node, authorizer)));
    }
  }

  private RaftConsole console(RaftNode node, ActionAuthorizer authorizer) {
    RaftConsoleBuilder builder =
        RaftConsole.builder(vertx, node)
            .options(
                new RaftConsoleOptions()
                    .setSampleIntervalMs(200)
                    .setSilentAfterMs(SILENT_AFTER_MS)
                    .setMemberConsoles(Map.of("n1", "../n1/", "n2", "../n2/", "n3", "../n3/")))
            .showPayloads(EntryDecoder.text());
    if (authorizer != null) {
      builder.enableActions(authorizer);
      actions().forEach(builder::action);
    }
    return builder.build();
  }

  private synchronized Future<RaftNode> start(String id, MemoryStorage storage) {
    RaftOptions options =
        new RaftOptions()
            .setClusterId("shop")
            .setGroupId("orders")
            .setNodeId(id)
            .setMembers(MEMBERS)
            .setElectionTimeoutMs(electionTimeoutMs)
            .setHeartbeatIntervalMs(electionTimeoutMs / 10);
    Transport transport = network.transport();
    StateMachine echo = StateMachine.of(command -> Buffer.buffer("ok"));
    RaftVerticle verticle = new RaftVerticle(options, echo, storage, transport);
    return vertx
        .deployVerticle(verticle)
        .map(
            deployment -> {
              synchronized (this) {
                lives.put(id, new Life(deployment, verticle, storage, transport));
              }
              return verticle.node();
            });
  }

  /** As a crash: from this moment on the member says and hears nothing. */
  synchronized Future<Void> kill(String id) {
    Life life = lives.remove(id);
    if (life == null) {
      return Future.failedFuture("%s does not run".formatted(id));
    }
    return life.transport()
        .close()
        .compose(v -> vertx.undeploy(life.id()))
        .compose(v -> life.storage().close())
        .onSuccess(
            v -> {
              synchronized (this) {
                dead.put(id, life.storage().reopen());
              }
            });
  }

  private synchronized Future<String> restart() {
    List<Future<?>> starts = new ArrayList<>();
    dead.forEach((id, storage) -> starts.add(start(id, storage)));
    String who = String.join(" and ", dead.keySet());
    dead.clear();
    return Future.all(starts).map(all -> who + " back");
  }

  private synchronized List<RaftNode> nodes() {
    return lives.values().stream().map(life -> life.verticle().node()).toList();
  }

  /** Who leads, once somebody does and is ready. */
  String leader() {
    Promise<String> found = Promise.promise();
    long timer =
        vertx.setPeriodic(
            20,
            id ->
                nodes()
                    .forEach(
                        node ->
                            node.status()
                                .onSuccess(
                                    status -> {
                                      if (status.getRole() == RaftRole.LEADER
                                          && status.isLeaderReady()) {
                                        found.tryComplete(status.getNodeId());
                                      }
                                    })));
    try {
      return PageServer.await(found.future());
    } finally {
      vertx.cancelTimer(timer);
    }
  }

  /** Writes a command through some member. */
  void write(String command) {
    PageServer.await(nodes().get(0).apply(Buffer.buffer(command)));
  }

  /** The page of a member that does not lead. */
  String pageOfFollower() {
    String leader = leader();
    return paths.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(leader))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  String pageOf(String id) {
    return paths.get(id);
  }

  private List<ConsoleAction> actions() {
    ActionParameter member = ActionParameter.member("member", "Member", "name one that runs");
    ActionParameter from = ActionParameter.member("from", "From", "name the one that sends");
    ActionParameter to = ActionParameter.member("to", "To", "name the one that receives");
    return List.of(
        new Break(
            "kill",
            "Kill a member",
            List.of(member),
            call ->
                ActionEffect.of(call.view(), "it ends at once", Set.of(call.text("member")), null)
                    .refusedWithoutMajority(),
            call -> kill(call.text("member")).map(v -> call.text("member") + " is dead")),
        new Break("restart", "Restart the dead", List.of(), this::harmless, call -> restart()),
        new Break(
            "cut-link",
            "Cut a link one way",
            List.of(from, to),
            this::harmless,
            call -> {
              network.cut(call.text("from"), call.text("to"));
              return Future.succeededFuture("cut");
            }),
        new Break(
            "heal",
            "Heal the network",
            List.of(),
            this::harmless,
            call -> {
              network.heal();
              return Future.succeededFuture("healed");
            }));
  }

  private ActionEffect harmless(ActionCall call) {
    return ActionEffect.of(call.view(), "as its name says", Set.of(), null);
  }

  /** Breaks or mends something. */
  private record Break(
      String name,
      String title,
      List<ActionParameter> parameters,
      Function<ActionCall, ActionEffect> effects,
      Function<ActionCall, Future<String>> deed)
      implements ConsoleAction {
    @Override
    public String description() {
      return title + ", as a demo does.";
    }

    @Override
    public String kind() {
      return "demo";
    }

    @Override
    public Future<ActionEffect> effect(ActionCall call) {
      return Future.succeededFuture(effects.apply(call));
    }

    @Override
    public Future<String> run(ActionCall call) {
      return deed.apply(call);
    }
  }

  @Override
  public void close() {
    List<String> running;
    synchronized (this) {
      running = List.copyOf(lives.keySet());
    }
    running.forEach(id -> PageServer.await(kill(id)));
  }
}
