package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Knows this process's groups: asks each member for its own report when somebody wants to know, at
 * most once a second. Confined to the console's context.
 */
final class GroupDirectory {
  private static final long FRESH_MS = 1_000;

  /** A member that has not answered by then is left out of this listing. */
  private static final long ANSWER_MS_MAX = 2_000;

  private final Vertx vertx;
  private final Context context;
  private final Supplier<? extends Collection<RaftNode>> nodes;
  private final long silentAfterMs;
  private Listing newest;
  private Promise<Listing> refreshing;

  /** All groups at one moment, in the order of the registry. */
  record Listing(long timeMs, long takenNanos, Map<String, Known> groups) {
    long ageMs() {
      return (System.nanoTime() - takenNanos) / 1_000_000;
    }
  }

  /** A group's member in this process, and how the group seems to it. */
  record Known(RaftNode node, GroupGlance glance) {}

  GroupDirectory(
      Vertx vertx,
      Context context,
      Supplier<? extends Collection<RaftNode>> nodes,
      long silentAfterMs) {
    this.vertx = vertx;
    this.context = context;
    this.nodes = nodes;
    this.silentAfterMs = silentAfterMs;
  }

  /** The groups as of a second ago at most; fails if the registry does. */
  Future<Listing> list() {
    if (refreshing != null) {
      return refreshing.future();
    }
    if (newest != null && newest.ageMs() < FRESH_MS) {
      return Future.succeededFuture(newest);
    }
    Promise<Listing> promise = Promise.promise();
    refreshing = promise;
    List<RaftNode> asked;
    List<Future<RaftStatus>> answers = new ArrayList<>();
    try {
      asked = List.copyOf(nodes.get());
      asked.forEach(node -> answers.add(statusOf(node)));
    } catch (RuntimeException e) {
      refreshing = null;
      promise.fail(e);
      return promise.future();
    }
    Future<?> all = answers.isEmpty() ? Future.succeededFuture() : Future.join(answers);
    long timer = vertx.setTimer(ANSWER_MS_MAX, id -> taken(asked, answers, promise));
    all.onComplete(
        done ->
            context.runOnContext(
                v -> {
                  vertx.cancelTimer(timer);
                  taken(asked, answers, promise);
                }));
    return promise.future();
  }

  private static Future<RaftStatus> statusOf(RaftNode node) {
    return Future.succeededFuture().compose(v -> node.status());
  }

  /** A node that cannot tell its status is left out: what group it has is not known. */
  private void taken(
      List<RaftNode> asked, List<Future<RaftStatus>> answers, Promise<Listing> promise) {
    if (refreshing != promise) {
      return;
    }
    Map<String, Known> groups = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      RaftStatus status = answers.get(i).result();
      if (status != null) {
        groups.putIfAbsent(
            status.getGroupId(), new Known(asked.get(i), GroupGlance.of(status, silentAfterMs)));
      }
    }
    newest = new Listing(System.currentTimeMillis(), System.nanoTime(), groups);
    refreshing = null;
    promise.complete(newest);
  }
}
