package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertxraft.RaftNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A live web page on a Raft group (R-46), and the JSON behind it; read-only unless told otherwise:
 *
 * <pre>{@code
 * router.route("/raft/*").subRouter(RaftConsole.create(vertx, node).router());
 * }</pre>
 *
 * <p>The node's own report and events come from the node, the other members' reports over the Raft
 * transport, and only while somebody looks. The console has no access control of its own: put the
 * application's authentication handlers before the mount.
 *
 * <p>All methods may be called from any thread.
 */
public interface RaftConsole {
  /** Creates a console with default options. */
  static RaftConsole create(Vertx vertx, RaftNode node) {
    return create(vertx, node, new RaftConsoleOptions());
  }

  /**
   * Creates a console. It collects events from now on.
   *
   * @param vertx the Vert.x instance its timers run on
   * @param node the member whose view is shown; may be started later
   * @param options limits and cadences; copied
   */
  static RaftConsole create(Vertx vertx, RaftNode node, RaftConsoleOptions options) {
    return builder(vertx, node).options(options).build();
  }

  /** Sets up a console of one group that does more than show. */
  static RaftConsoleBuilder builder(Vertx vertx, RaftNode node) {
    return new RaftConsoleBuilder(vertx, Objects.requireNonNull(node, "node"), null);
  }

  /**
   * Sets up a console of several groups: a list with search, the worst first, and each group's page
   * beneath {@code groups/{groupId}/}. A group is sampled only while somebody looks at it.
   *
   * @param groups this process's member of each group; asked at most once a second, on any thread,
   *     so that it may change. Of several members of one group the first is shown
   */
  static RaftConsoleBuilder groups(Vertx vertx, Supplier<? extends Collection<RaftNode>> groups) {
    return new RaftConsoleBuilder(vertx, null, Objects.requireNonNull(groups, "groups"));
  }

  /** The routes, to be mounted as a sub-router under any path. */
  Router router();

  /**
   * Makes a diagnostic bundle: a zip with the picture now, the recorded frames, events, findings
   * and settings without secrets. The page opens it offline; its form is described in the guide.
   *
   * @param reason why, for its reader
   * @return fails if the console is closed, or is one of several groups: ask the group's own
   */
  Future<Buffer> bundle(String reason);

  /** Writes {@link #bundle} to a file, in place of one that is there. */
  Future<Void> writeBundle(Path file, String reason);

  /**
   * Ends all streams and timers and stops listening to the node's events. The routes stay mounted
   * and answer 503. The node is not touched. Idempotent.
   */
  Future<Void> close();
}
