package io.vertxraft.console;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Sets up a {@link RaftConsole} that does more than show. Not thread-safe. */
public final class RaftConsoleBuilder {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  private final Vertx vertx;
  private final RaftNode node;
  private final Supplier<? extends Collection<RaftNode>> groups;
  private final Map<String, ConsoleAction> added = new LinkedHashMap<>();
  private final Map<String, Supplier<JsonObject>> settings = new LinkedHashMap<>();
  private RaftConsoleOptions options = new RaftConsoleOptions();
  private ActionAuthorizer authorizer;
  private EntryDecoder decoder;

  RaftConsoleBuilder(Vertx vertx, RaftNode node, Supplier<? extends Collection<RaftNode>> groups) {
    this.vertx = vertx;
    this.node = node;
    this.groups = groups;
  }

  /** Sets limits and cadences; copied. */
  public RaftConsoleBuilder options(RaftConsoleOptions options) {
    this.options = new RaftConsoleOptions(options);
    return this;
  }

  /**
   * Lets the console change something: the toolkit's own actions, and those that were added.
   * Without this call none of their addresses exists.
   *
   * @param authorizer says who asks, and whether they may
   */
  public RaftConsoleBuilder enableActions(ActionAuthorizer authorizer) {
    this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
    return this;
  }

  /**
   * Adds an action of the application; {@link #enableActions} is needed too.
   *
   * @throws IllegalArgumentException if its name is taken or not valid
   */
  public RaftConsoleBuilder action(ConsoleAction action) {
    String name = action.name();
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "action name '%s' is not valid: use small letters, digits and hyphens, at most 40"
              .formatted(name));
    }
    boolean taken = RaftActions.all().stream().anyMatch(own -> own.name().equals(name));
    if (taken || added.putIfAbsent(name, action) != null) {
      throw new IllegalArgumentException("there is an action '%s' already".formatted(name));
    }
    return this;
  }

  /**
   * Shows the commands in the log to everybody who can reach the console. Without this call only
   * their position, kind and size are shown.
   *
   * @param decoder makes them readable
   */
  public RaftConsoleBuilder showPayloads(EntryDecoder decoder) {
    this.decoder = Objects.requireNonNull(decoder, "decoder");
    return this;
  }

  /**
   * Adds settings to diagnostic bundles, such as {@code RaftOptions.toJson()}. What looks like a
   * secret by its name is hidden.
   *
   * @param name under which they stand
   * @param settings asked for each bundle, on any thread
   */
  public RaftConsoleBuilder describe(String name, Supplier<JsonObject> settings) {
    this.settings.put(name, settings);
    return this;
  }

  /** Makes the console; it collects events from now on. */
  public RaftConsole build() {
    if (authorizer == null && !added.isEmpty()) {
      throw new IllegalStateException(
          "actions %s were added, but nobody may do them: call enableActions(authorizer)"
              .formatted(added.keySet()));
    }
    List<ConsoleAction> actions = new ArrayList<>();
    if (authorizer != null) {
      actions.addAll(RaftActions.all());
      actions.addAll(added.values());
    }
    ConsoleSetup setup =
        new ConsoleSetup(
            options, authorizer, List.copyOf(actions), decoder, Map.copyOf(settings), null);
    return groups == null
        ? new ConsoleImpl(vertx, node, setup)
        : new GroupsConsole(vertx, groups, setup);
  }
}
