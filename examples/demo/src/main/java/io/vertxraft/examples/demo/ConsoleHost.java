package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftNode;
import io.vertxraft.console.ConsoleAction;
import io.vertxraft.console.RaftConsole;
import io.vertxraft.console.RaftConsoleBuilder;
import io.vertxraft.console.RaftConsoleOptions;
import io.vertxraft.console.RaftConsoleServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the web console on loopback: each running member's own view under its id, and under the
 * root the view of one that is connected, which changes when that member goes away. Confined to the
 * demo's context.
 */
final class ConsoleHost {
  private static final String HOST = "127.0.0.1";

  /** The demo is for whoever sits at this machine: it listens on loopback only. */
  private static final String WHO = "somebody at this machine";

  private final Vertx vertx;
  private final DemoCluster cluster;
  private final List<ConsoleAction> actions;
  private final Map<DemoMember, Mount> mounts = new LinkedHashMap<>();
  private RaftConsoleServer server;
  private DemoMember main;

  /** A console and the life of the member it shows. */
  private record Mount(RaftNode node, RaftConsole console) {}

  ConsoleHost(Vertx vertx, DemoCluster cluster, List<ConsoleAction> actions) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.actions = actions;
  }

  /**
   * Listens.
   *
   * @param port 0 takes a free one
   */
  Future<Void> listen(int port) {
    server = RaftConsoleServer.create(vertx, new HttpServerOptions().setHost(HOST).setPort(port));
    return server
        .listen()
        .recover(
            cause ->
                Future.failedFuture(
                    new IllegalStateException(
                        cause.getMessage() + ": choose another --port", cause)));
  }

  /** Where browsers find it. */
  String address() {
    return server.address();
  }

  /** Brings what is shown in line with the members that run. */
  void update() {
    boolean changed = false;
    for (DemoMember member : cluster.members()) {
      Mount mount = mounts.get(member);
      if (mount != null && mount.node() != member.node()) {
        mounts.remove(member).console().close();
        changed = true;
      }
      if (member.node() != null && !mounts.containsKey(member)) {
        mounts.put(member, new Mount(member.node(), console(member.node())));
        changed = true;
      }
    }
    if (main == null || !main.isConnected()) {
      Optional<DemoMember> next =
          mounts.keySet().stream().filter(DemoMember::isConnected).findAny();
      changed |= next.isPresent() && next.get() != main;
      main = next.orElse(main);
    }
    if (changed) {
      for (DemoMember member : cluster.members()) {
        show("/" + member.id() + "/", mounts.get(member), member.id() + " is down");
      }
      show("/", mounts.get(main), "no member is up and connected");
    }
  }

  private void show(String path, Mount mount, String excuse) {
    if (mount == null) {
      server.excuse(path, excuse);
    } else {
      server.show(path, mount.console());
    }
  }

  private RaftConsole console(RaftNode node) {
    Map<String, String> consoles = new LinkedHashMap<>();
    cluster.members().forEach(member -> consoles.put(member.id(), "/" + member.id() + "/"));
    RaftConsoleBuilder builder =
        RaftConsole.builder(vertx, node)
            .options(new RaftConsoleOptions().setMemberConsoles(consoles))
            .showPayloads(ConsoleHost::decode)
            .enableActions((request, action) -> Future.succeededFuture(WHO));
    actions.forEach(builder::action);
    return builder.build();
  }

  private static JsonObject decode(Buffer command) {
    WriteCommand write = WriteCommand.decode(command);
    return new JsonObject().put("run", Long.toHexString(write.runId())).put("write", write.id());
  }

  /** Ends all consoles and stops listening. */
  Future<Void> close() {
    mounts.values().forEach(mount -> mount.console().close());
    mounts.clear();
    return server == null ? Future.succeededFuture() : server.close().otherwiseEmpty();
  }
}
