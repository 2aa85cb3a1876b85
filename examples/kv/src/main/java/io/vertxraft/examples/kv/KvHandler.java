package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.Consistency;
import io.vertxraft.RaftNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The resources {@code /kv} and {@code /kv/{key}}. It takes the key from the path as the client
 * sent it: routers resolve {@code ..} and decode some escapes, which would change keys. Confined to
 * the HTTP context.
 */
final class KvHandler implements Handler<RoutingContext> {
  static final int LIST_LIMIT_DEFAULT = 100;
  static final int LIST_LIMIT_MAX = 1_000;

  private static final String COLLECTION = "/kv";
  private static final String ENTRY_PREFIX = "/kv/";
  private static final String CONSISTENCY = "consistency";
  private static final List<String> LIST_PARAMETERS =
      List.of("prefix", "limit", "after", CONSISTENCY);
  private static final List<String> GET_PARAMETERS = List.of(CONSISTENCY);

  private final RaftNode node;
  private final StatusCache status;
  private final KvMetrics metrics;
  private final Responses responses;
  private final KvAnswers answers;
  private final BodyReader bodies;
  private final long storeBytesMax;

  KvHandler(
      Vertx vertx,
      RaftNode node,
      StatusCache status,
      KvMetrics metrics,
      Responses responses,
      KvServerOptions options) {
    this.node = node;
    this.status = status;
    this.metrics = metrics;
    this.responses = responses;
    this.answers = new KvAnswers(responses, options.storeBytesMax());
    this.bodies = new BodyReader(vertx, options.valueBytesMax(), options.httpBytesInFlightMax());
    this.storeBytesMax = options.storeBytesMax();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = request.path() == null ? "" : request.path();
    if (path.equals(COLLECTION)) {
      request.routed(COLLECTION);
      collection(request);
    } else if (path.startsWith(ENTRY_PREFIX)) {
      request.routed("/kv/:key");
      entry(request, path.substring(ENTRY_PREFIX.length()));
    } else {
      context.next();
    }
  }

  private void collection(HttpServerRequest request) {
    if (isRead(request)) {
      guarded("list", request, () -> list(request));
    } else {
      responses.methodNotAllowed(request, "GET, HEAD");
    }
  }

  private void entry(HttpServerRequest request, String segment) {
    HttpMethod method = request.method();
    if (isRead(request)) {
      guarded("get", request, () -> get(request, key(request, segment)));
    } else if (method.equals(HttpMethod.PUT)) {
      guarded("put", request, () -> put(request, key(request, segment)));
    } else if (method.equals(HttpMethod.DELETE)) {
      guarded("delete", request, () -> delete(request, key(request, segment)));
    } else {
      responses.methodNotAllowed(request, "GET, HEAD, PUT, DELETE");
    }
  }

  private static boolean isRead(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  /** {@code path()} ends before a fragment, so that the rest of a key would be lost unnoticed. */
  private static KvKey key(HttpServerRequest request, String segment) {
    if (request.uri().indexOf('#') >= 0) {
      throw new IllegalArgumentException("key contains a '#': encode it as %23");
    }
    if (segment.indexOf('/') >= 0) {
      throw new IllegalArgumentException("key contains a '/': encode it as %2F");
    }
    KvKey key = Percent.decodeSegment("key", segment);
    if (key.bytes() == 0) {
      throw new IllegalArgumentException(
          "key is empty, allowed are 1 to %d bytes; to list keys ask for /kv"
              .formatted(KvKey.BYTES_MAX));
    }
    return key;
  }

  // --- operations -------------------------------------------------------------------------------

  private Future<String> put(HttpServerRequest request, KvKey key) {
    parameters(request, List.of());
    Condition condition = Preconditions.ofWrite(request);
    return bodies
        .read(request, room -> KvCodec.putHead(key, condition, storeBytesMax, room))
        .compose(body -> apply(body.bytes()).andThen(done -> body.release()))
        .map(reply -> answers.written(request, reply));
  }

  private Future<String> delete(HttpServerRequest request, KvKey key) {
    parameters(request, List.of());
    if (request.getHeader(HttpHeaders.IF_NONE_MATCH) != null) {
      throw new IllegalArgumentException("If-None-Match has no meaning for DELETE");
    }
    return apply(KvCodec.encode(new KvCommand.Delete(key, Preconditions.ofWrite(request))))
        .map(reply -> answers.written(request, reply));
  }

  private Future<String> get(HttpServerRequest request, KvKey key) {
    Consistency consistency = consistency(parameters(request, GET_PARAMETERS));
    Preconditions.requireReadable(request);
    return read(consistency, new KvQuery.Get(key), reply -> answers.value(request, reply));
  }

  private Future<String> list(HttpServerRequest request) {
    Map<String, KvKey> parameters = parameters(request, LIST_PARAMETERS);
    KvKey prefix = parameters.getOrDefault("prefix", KvKey.EMPTY);
    KvKey after = parameters.getOrDefault("after", KvKey.EMPTY);
    KvKey limit = parameters.get("limit");
    int keysMax = limit == null ? LIST_LIMIT_DEFAULT : parseLimit(limit.toString());
    return read(
        consistency(parameters),
        new KvQuery.List(prefix, after, keysMax),
        reply -> answers.listing(request, reply));
  }

  private static Map<String, KvKey> parameters(HttpServerRequest request, List<String> known) {
    Map<String, KvKey> parameters = Percent.decodeQuery(request.query());
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "parameter '%s' is not known, allowed %s"
                .formatted(name, known.isEmpty() ? "is none" : "are " + String.join(", ", known)));
      }
    }
    return parameters;
  }

  private static Consistency consistency(Map<String, KvKey> parameters) {
    KvKey text = parameters.get(CONSISTENCY);
    return text == null ? Consistency.LINEARIZABLE : Consistency.parse(text.toString());
  }

  private static int parseLimit(String text) {
    int limit = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new IllegalArgumentException(
          "limit is '%s', allowed is 1 to %d".formatted(text, LIST_LIMIT_MAX));
    }
    return limit;
  }

  private Future<KvReply> apply(Buffer command) {
    Problem failed = failed();
    return failed == null ? node.apply(command, KvCodec::decodeReply) : Future.failedFuture(failed);
  }

  private Future<String> read(
      Consistency consistency, KvQuery query, Function<KvReply, String> answer) {
    Problem failed = failed();
    Future<Buffer> reply =
        failed == null
            ? node.read(consistency, KvCodec.encode(query))
            : Future.failedFuture(failed);
    return reply
        .map(KvCodec::decodeReply)
        .recover(failure -> Future.failedFuture(Problem.ofRead(failure)))
        .map(answer);
  }

  private Problem failed() {
    String failure = status.failure();
    return failure == null
        ? null
        : Problem.rejected(503, "member %s has failed: %s".formatted(node.nodeId(), failure));
  }

  // --- the frame of every operation -------------------------------------------------------------

  /** An operation, which answers the request and gives the outcome to count. */
  private interface Operation {
    Future<String> run();
  }

  private void guarded(String name, HttpServerRequest request, Operation operation) {
    Future<String> outcome;
    try {
      outcome = operation.run();
    } catch (IllegalArgumentException e) {
      outcome = Future.failedFuture(Problem.rejected(400, e.getMessage()));
    }
    outcome.onComplete(
        answered -> metrics.count(name, answered),
        failure -> {
          Problem problem = Problem.of(failure);
          metrics.count(name, problem.countedAs());
          responses.problem(request, problem);
        });
  }
}
