package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.LogCompactedException;
import io.vertxraft.LogRecord;
import io.vertxraft.RaftException;
import io.vertxraft.RaftStatus;
import java.util.List;

/** The address that shows entries of the serving member's log. */
final class LogRoutes {
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;
  private static final int BYTES_MAX = 1024 * 1024;

  private final ConsoleImpl console;

  LogRoutes(ConsoleImpl console) {
    this.console = console;
  }

  void handle(RoutingContext request) {
    long from;
    int limit;
    try {
      from = Query.number(request, "from", 0, 1, Long.MAX_VALUE - LIMIT_MAX);
      limit = (int) Query.number(request, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
    } catch (WrongParameter wrong) {
      Answers.wrong(request, wrong);
      return;
    }
    Context own = request.vertx().getOrCreateContext();
    console.ask(
        request,
        () -> read(from, limit),
        page ->
            page.onComplete(
                done ->
                    own.runOnContext(
                        v -> {
                          if (done.succeeded()) {
                            Answers.json(request, 200, done.result());
                          } else {
                            failed(request, done.cause());
                          }
                        })));
  }

  /** The page that begins at {@code from}; at 0, the last one. */
  private Future<JsonObject> read(long from, int limit) {
    return Future.succeededFuture()
        .compose(v -> console.node().status())
        .compose(
            status -> {
              long first =
                  from > 0
                      ? from
                      : Math.max(status.getFirstIndex(), status.getLastIndex() - limit + 1);
              return console
                  .node()
                  .readLog(first, limit, BYTES_MAX)
                  .map(records -> page(status, first, records));
            });
  }

  private JsonObject page(RaftStatus status, long from, List<LogRecord> records) {
    JsonArray entries = new JsonArray();
    records.forEach(record -> entries.add(entry(status, record)));
    long last = records.isEmpty() ? Long.MAX_VALUE - 1 : records.get(records.size() - 1).index();
    return new JsonObject()
        .put("source", status.getNodeId())
        .put("timeMs", status.getTimeMs())
        .put("payloads", console.setup().decoder() == null ? "hidden" : "shown")
        .put("firstIndex", status.getFirstIndex())
        .put("lastIndex", status.getLastIndex())
        .put("durableIndex", status.getDurableIndex())
        .put("commitIndex", status.getCommitIndex())
        .put("appliedIndex", status.getAppliedIndex())
        .put("from", from)
        .put("next", last < status.getLastIndex() ? last + 1 : null)
        .put("entries", entries);
  }

  private JsonObject entry(RaftStatus status, LogRecord record) {
    JsonArray commands = new JsonArray();
    record.commands().forEach(command -> commands.add(command(command)));
    return new JsonObject()
        .put("index", record.index())
        .put("term", record.term())
        .put("type", record.kind().name())
        .put("bytes", record.bytes())
        .put("state", state(status, record.index()))
        .put("sessionId", String.valueOf(record.sessionId()))
        .put("commands", commands);
  }

  private static String state(RaftStatus status, long index) {
    if (index <= status.getAppliedIndex()) {
      return "APPLIED";
    }
    if (index <= status.getCommitIndex()) {
      return "COMMITTED";
    }
    return index <= status.getDurableIndex() ? "DURABLE" : "WRITTEN";
  }

  private JsonObject command(Buffer command) {
    JsonObject json = new JsonObject().put("bytes", command.length());
    EntryDecoder decoder = console.setup().decoder();
    if (decoder == null) {
      return json;
    }
    try {
      return json.put("payload", shown(decoder.decode(command)));
    } catch (RuntimeException e) {
      // Whatever the application's decoder throws, the other entries are still of use.
      return json.put("payloadError", e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private static Object shown(Object decoded) {
    boolean json =
        decoded == null
            || decoded instanceof JsonObject
            || decoded instanceof JsonArray
            || decoded instanceof Number
            || decoded instanceof Boolean;
    return json ? decoded : String.valueOf(decoded);
  }

  private static void failed(RoutingContext request, Throwable cause) {
    JsonObject body = new JsonObject().put("error", String.valueOf(cause.getMessage()));
    if (cause instanceof LogCompactedException gone) {
      Answers.json(request, 410, body.put("firstIndex", gone.firstIndex()));
    } else if (cause instanceof UnsupportedOperationException) {
      Answers.json(request, 501, body);
    } else {
      Answers.json(request, cause instanceof RaftException ? 503 : 500, body);
    }
  }
}
