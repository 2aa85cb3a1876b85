package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftException;
import io.vertxraft.RaftNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Carries out actions: checks what they are told, asks what they would do, refuses, does, and keeps
 * what came of it. Confined to the console's context, but for {@link #find} and {@link #list}.
 */
final class ActionDesk {
  private final Context context;
  private final RaftNode node;
  private final AuditLog audit;
  private final Map<String, ConsoleAction> actions = new LinkedHashMap<>();
  private final Set<String> running = new HashSet<>();

  /** An answer to a request. */
  record Reply(int status, JsonObject body) {}

  /** A request that may be asked. */
  record Asked(
      ConsoleAction action, JsonObject parameters, String who, boolean dryRun, Picture picture) {}

  ActionDesk(Context context, RaftNode node, List<ConsoleAction> actions, AuditLog audit) {
    this.context = context;
    this.node = node;
    this.audit = audit;
    actions.forEach(action -> this.actions.put(action.name(), action));
  }

  /** The action of a name, or null; any thread. */
  ConsoleAction find(String name) {
    return actions.get(name);
  }

  /** The names of all; any thread. */
  List<String> names() {
    return List.copyOf(actions.keySet());
  }

  /** All, as capabilities list them; any thread. */
  JsonArray list() {
    JsonArray list = new JsonArray();
    for (ConsoleAction action : actions.values()) {
      JsonArray parameters = new JsonArray();
      action.parameters().forEach(p -> parameters.add(p.toJson()));
      list.add(
          new JsonObject()
              .put("name", action.name())
              .put("kind", action.kind())
              .put("title", action.title())
              .put("description", action.description())
              .put("changes", action.changes())
              .put("parameters", parameters));
    }
    return list;
  }

  /** Somebody asked who may not. */
  void denied(String action, String who, String why, Picture picture) {
    audit.add(
        picture.groupId(),
        node.nodeId(),
        new AuditLog.Entry(who, action, new JsonObject(), "", "DENIED", why, 0));
  }

  /** Does it, or says what it would do. Does not fail. */
  Future<Reply> perform(Asked asked) {
    JsonObject parameters;
    try {
      parameters = checked(asked);
    } catch (WrongParameter wrong) {
      return Future.succeededFuture(
          new Reply(
              400,
              new JsonObject()
                  .put("error", wrong.getMessage())
                  .put("parameter", wrong.parameter())));
    }
    Picture picture = asked.picture();
    ActionCall call =
        new ActionCall(
            node, picture.view(), picture.explanation().leaderId(), parameters, asked.who());
    JsonObject body =
        new JsonObject()
            .put("action", asked.action().name())
            .put("kind", asked.action().kind())
            .put("dryRun", asked.dryRun())
            .put("parameters", parameters)
            .put("seenFrom", node.nodeId())
            .put("who", asked.who());
    return here(() -> asked.action().effect(call))
        .compose(effect -> decide(asked, call, effect, body))
        .otherwise(cause -> failed(asked, call, "", body, cause, System.nanoTime()));
  }

  private static JsonObject checked(Asked asked) {
    List<String> members =
        asked.picture().view().members().stream().map(MemberReport::nodeId).toList();
    List<ActionParameter> known = asked.action().parameters();
    for (String name : asked.parameters().fieldNames()) {
      if (known.stream().noneMatch(p -> p.name().equals(name))) {
        throw new WrongParameter(
            name,
            "%s has no parameter '%s'; it has %s"
                .formatted(
                    asked.action().name(),
                    Words.plain(name),
                    known.isEmpty()
                        ? "none"
                        : Words.list(known.stream().map(ActionParameter::name).toList())));
      }
    }
    JsonObject checked = new JsonObject();
    for (ActionParameter parameter : known) {
      Object value = parameter.valueIn(asked.parameters(), members);
      if (value != null) {
        checked.put(parameter.name(), value);
      }
    }
    return checked;
  }

  private Future<Reply> decide(Asked asked, ActionCall call, ActionEffect effect, JsonObject body) {
    body.put("effect", effect.toJson());
    if (effect.leaderId() != null) {
      body.put("leaderId", effect.leaderId());
    }
    if (asked.dryRun()) {
      body.put("outcome", "DRY_RUN")
          .put("text", effect.refusal() == null ? effect.text() : effect.refusal())
          .put("durationMs", 0)
          .putNull("auditSequence");
      return Future.succeededFuture(new Reply(200, body));
    }
    if (effect.refusal() != null) {
      return Future.succeededFuture(
          ended(asked, call, effect.text(), body, "REFUSED", effect.refusal(), 0));
    }
    String name = asked.action().name();
    if (!running.add(name)) {
      return Future.succeededFuture(
          new Reply(
              429,
              new JsonObject()
                  .put("error", "%s runs already; wait until it has ended".formatted(name))));
    }
    long began = System.nanoTime();
    return here(() -> asked.action().run(call))
        .transform(
            done -> {
              running.remove(name);
              Reply reply =
                  done.succeeded()
                      ? ended(
                          asked, call, effect.text(), body, "DONE", done.result(), msSince(began))
                      : failed(asked, call, effect.text(), body, done.cause(), began);
              return Future.succeededFuture(reply);
            });
  }

  private Reply failed(
      Asked asked, ActionCall call, String effect, JsonObject body, Throwable cause, long began) {
    String outcome = cause instanceof RaftException.Rejected ? "REFUSED" : "FAILED";
    return ended(asked, call, effect, body, outcome, message(cause), msSince(began));
  }

  private Reply ended(
      Asked asked,
      ActionCall call,
      String effect,
      JsonObject body,
      String outcome,
      String text,
      long durationMs) {
    String told = text == null ? "" : text;
    long sequence =
        audit.add(
            asked.picture().groupId(),
            node.nodeId(),
            new AuditLog.Entry(
                asked.who(),
                asked.action().name(),
                call.parameters(),
                effect,
                outcome,
                told,
                durationMs));
    body.put("outcome", outcome)
        .put("text", told)
        .put("durationMs", durationMs)
        .put("auditSequence", sequence);
    return switch (outcome) {
      case "DONE" -> new Reply(200, body);
      case "REFUSED" -> new Reply(409, body.put("error", told));
      default -> new Reply(500, body.put("error", told));
    };
  }

  private static String message(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static long msSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  /** What a call gives, on the console's context wherever it completes; fails if it throws. */
  private <T> Future<T> here(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    Future.succeededFuture()
        .compose(v -> call.get())
        .onComplete(
            done ->
                context.runOnContext(
                    v -> {
                      if (done.succeeded()) {
                        promise.complete(done.result());
                      } else {
                        promise.fail(done.cause());
                      }
                    }));
    return promise.future();
  }
}
