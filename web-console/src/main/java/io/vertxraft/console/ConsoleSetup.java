package io.vertxraft.console;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a console is made with.
 *
 * @param options limits and cadences
 * @param authorizer who may do something, or null if nobody may
 * @param actions all actions, the toolkit's own too
 * @param decoder makes payloads readable, or null if they are hidden
 * @param settings what bundles tell of the application's settings, by name
 * @param groupsHref where the list of groups is, relative to the mount, or null if there is none
 */
record ConsoleSetup(
    RaftConsoleOptions options,
    ActionAuthorizer authorizer,
    List<ConsoleAction> actions,
    EntryDecoder decoder,
    Map<String, Supplier<JsonObject>> settings,
    String groupsHref) {

  static ConsoleSetup of(RaftConsoleOptions options) {
    return new ConsoleSetup(options, null, List.of(), null, Map.of(), null);
  }

  /** The same for one of several groups. */
  ConsoleSetup within(String groupsHref) {
    return new ConsoleSetup(options, authorizer, actions, decoder, settings, groupsHref);
  }

  boolean hasActions() {
    return authorizer != null;
  }
}
