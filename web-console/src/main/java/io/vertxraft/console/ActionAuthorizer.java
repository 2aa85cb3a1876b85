package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * Says who asks for an action, and whether they may. It sees the request behind the application's
 * own handlers, so that it finds the user that they have authenticated.
 */
@FunctionalInterface
public interface ActionAuthorizer {
  /**
   * Called on the request's context, before anything else is done with a request whose form is
   * right; for dry runs too.
   *
   * @param request the request; its body has been read
   * @param action the action's name
   * @return completes with who it is, for the audit; fails to say no, with a message that is told
   */
  Future<String> authorize(RoutingContext request, String action);
}
