package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertxraft.RaftNode;

/**
 * A live, read-only web page on a Raft group (R-46), and the JSON behind it:
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
    return new ConsoleImpl(vertx, node, new RaftConsoleOptions(options));
  }

  /** The routes, to be mounted as a sub-router under any path. */
  Router router();

  /**
   * Ends all streams and timers and stops listening to the node's events. The routes stay mounted
   * and answer 503. The node is not touched. Idempotent.
   */
  Future<Void> close();
}
