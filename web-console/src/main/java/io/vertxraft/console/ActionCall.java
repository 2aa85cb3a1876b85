package io.vertxraft.console;

import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftNode;

/**
 * What an action has to go by.
 *
 * @param node the member that serves the console
 * @param view the group as that member sees it now
 * @param leaderId who leads as far as that is known, or null
 * @param parameters the parameters, checked, with defaults filled in
 * @param who who asks
 */
public record ActionCall(
    RaftNode node, ClusterView view, String leaderId, JsonObject parameters, String who) {

  /** A parameter of the types member, text and choice. */
  public String text(String name) {
    return parameters.getString(name);
  }

  /** A parameter of the type number. */
  public long number(String name) {
    return parameters.getLong(name);
  }
}
