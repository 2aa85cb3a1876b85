package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.RaftNode;
import io.vertxraft.console.GroupDirectory.Known;
import io.vertxraft.console.GroupDirectory.Listing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A list of groups, and each group's console when somebody looks at it: as many as the options say
 * are kept, the one that was looked at least recently goes first. Confined to its context, but for
 * the router.
 */
final class GroupsConsole implements RaftConsole {
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;
  private static final int SEARCH_CHARS_MAX = 100;

  private final Vertx vertx;
  private final ConsoleSetup setup;
  private final Context context;
  private final GroupDirectory directory;
  private final Router router;

  /** The consoles that are open, by group, the least recently used first. */
  private final Map<String, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  private volatile boolean closed;

  /**
   * An open console.
   *
   * @param mount routes what comes beneath {@code groups/} to it
   */
  private record Open(RaftNode node, ConsoleImpl console, Router mount) {}

  GroupsConsole(Vertx vertx, Supplier<? extends Collection<RaftNode>> nodes, ConsoleSetup setup) {
    this.vertx = vertx;
    this.setup = setup;
    this.context = vertx.getOrCreateContext();
    this.directory = new GroupDirectory(vertx, context, nodes, setup.options().getSilentAfterMs());
    this.router = new GroupsRoutes(vertx, this).router();
  }

  @Override
  public Router router() {
    return router;
  }

  ConsoleSetup setup() {
    return setup;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public Future<Buffer> bundle(String reason) {
    return Future.failedFuture(
        "a bundle is of one group: ask for groups/{groupId}/api/v1/diagnostics.zip, or make a"
            + " console of that group alone");
  }

  @Override
  public Future<Void> writeBundle(Path file, String reason) {
    return bundle(reason).mapEmpty();
  }

  @Override
  public Future<Void> close() {
    closed = true;
    return onContext(
        () -> {
          List<Future<Void>> closing = new ArrayList<>();
          open.values().forEach(o -> closing.add(o.console().close()));
          open.clear();
          return closing.isEmpty() ? Future.succeededFuture() : Future.join(closing).mapEmpty();
        });
  }

  private <T> Future<T> onContext(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(v -> call.get().onComplete(promise));
    return promise.future();
  }

  /** How many groups' consoles are open; for tests. */
  Future<Integer> openCount() {
    return onContext(() -> Future.succeededFuture(open.size()));
  }

  JsonObject capabilities() {
    return new JsonObject()
        .put("apiVersion", 1)
        .put("kind", "groups")
        .put("readOnly", !setup.hasActions())
        .put("actions", new JsonArray())
        .put("endpoints", JsonArray.of("capabilities", "groups"))
        .put("versions", Versions.toJson())
        .put("limits", setup.options().toJson());
  }

  /** Gives the routes of a group to a request, on the request's context. */
  void withGroup(RoutingContext request, String groupId, Consumer<Router> taker) {
    Context own = request.vertx().getOrCreateContext();
    onContext(() -> directory.list().map(listing -> mountOf(listing, groupId)))
        .onComplete(
            done ->
                own.runOnContext(
                    v -> {
                      if (done.failed()) {
                        GroupsRoutes.resume(request);
                        unavailable(request, done.cause());
                      } else if (done.result() == null) {
                        GroupsRoutes.resume(request);
                        Answers.error(
                            request,
                            404,
                            "there is no group '%s' in this process"
                                .formatted(Words.plain(groupId)));
                      } else {
                        taker.accept(done.result());
                      }
                    }));
  }

  private static void unavailable(RoutingContext request, Throwable cause) {
    Answers.error(request, 503, "the groups cannot be listed: " + Words.plain(cause.getMessage()));
  }

  private Router mountOf(Listing listing, String groupId) {
    Known known = listing.groups().get(groupId);
    Open present = open.get(groupId);
    if (present != null && (known == null || present.node() != known.node())) {
      open.remove(groupId);
      present.console().close();
      present = null;
    }
    if (known == null || closed) {
      return null;
    }
    if (present == null) {
      makeRoom();
      present = open(known.node(), groupId);
      open.put(groupId, present);
    }
    return present.mount();
  }

  /**
   * Ids of groups need no escaping: {@code GroupIdentity} allows letters, digits and . _ - only.
   */
  private Open open(RaftNode node, String groupId) {
    ConsoleImpl console = new ConsoleImpl(vertx, node, setup.within("../../"));
    Router mount = Router.router(vertx);
    mount.route("/" + groupId + "/*").subRouter(console.router());
    return new Open(node, console, mount);
  }

  private void makeRoom() {
    Iterator<Open> oldestFirst = open.values().iterator();
    while (open.size() >= setup.options().getGroupsOpenMax() && oldestFirst.hasNext()) {
      Open oldest = oldestFirst.next();
      if (!oldest.console().isWatched()) {
        oldestFirst.remove();
        oldest.console().close();
      }
    }
  }

  /**
   * What is wanted of the list.
   *
   * @param search part of what is shown, or an empty text
   * @param byTrouble the worst first, else by name
   */
  record Wanted(String search, boolean byTrouble, long offset, int limit) {
    static Wanted of(RoutingContext request) {
      String search = request.request().getParam("search", "");
      if (search.length() > SEARCH_CHARS_MAX) {
        throw new WrongParameter(
            "search", "search is longer than %d characters".formatted(SEARCH_CHARS_MAX));
      }
      String sort = request.request().getParam("sort", "trouble");
      if (!sort.equals("trouble") && !sort.equals("name")) {
        throw new WrongParameter(
            "sort", "sort is '%s': it must be trouble or name".formatted(Words.plain(sort)));
      }
      return new Wanted(
          search.strip(),
          sort.equals("trouble"),
          Query.number(request, "offset", 0, 0, Integer.MAX_VALUE),
          (int) Query.number(request, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX));
    }
  }

  /** Answers the list. */
  void list(RoutingContext request, Wanted wanted) {
    Context own = request.vertx().getOrCreateContext();
    onContext(() -> directory.list().map(listing -> page(listing, wanted)))
        .onComplete(
            done ->
                own.runOnContext(
                    v -> {
                      if (done.failed()) {
                        unavailable(request, done.cause());
                      } else {
                        Answers.json(request, 200, done.result());
                      }
                    }));
  }

  private static JsonObject page(Listing listing, Wanted wanted) {
    Map<ClusterHealth, Integer> counts = new EnumMap<>(ClusterHealth.class);
    for (ClusterHealth health : ClusterHealth.values()) {
      counts.put(health, 0);
    }
    listing.groups().values().forEach(k -> counts.merge(k.glance().health(), 1, Integer::sum));
    List<GroupGlance> matching =
        listing.groups().values().stream()
            .map(Known::glance)
            .filter(glance -> glance.matches(wanted.search()))
            .sorted(wanted.byTrouble() ? GroupGlance.BY_TROUBLE : GroupGlance.BY_NAME)
            .toList();
    JsonArray groups = new JsonArray();
    matching.stream()
        .skip(wanted.offset())
        .limit(wanted.limit())
        .forEach(glance -> groups.add(glance.toJson()));
    JsonObject counted = new JsonObject();
    counts.forEach((health, count) -> counted.put(health.name(), count));
    return new JsonObject()
        .put("kind", "groups")
        .put("timeMs", listing.timeMs())
        .put("ageMs", listing.ageMs())
        .put("total", listing.groups().size())
        .put("matching", matching.size())
        .put("offset", wanted.offset())
        .put("limit", wanted.limit())
        .put("sort", wanted.byTrouble() ? "trouble" : "name")
        .put("search", wanted.search())
        .put("counts", counted)
        .put("groups", groups);
  }
}
