package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.RaftNode;
import io.vertxraft.examples.kv.KvReply.KeyInfo;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
  private static final Set<String> LIST_PARAMETERS = Set.of("prefix", "limit", "after");

  private final RaftNode node;
  private final StatusCache status;
  private final KvMetrics metrics;
  private final Responses responses;
  private final BodyReader bodies;
  private final long storeBytesMax;

  KvHandler(
      RaftNode node,
      StatusCache status,
      KvMetrics metrics,
      Responses responses,
      KvServerOptions options) {
    this.node = node;
    this.status = status;
    this.metrics = metrics;
    this.responses = responses;
    this.bodies = new BodyReader(options.valueBytesMax(), options.httpBytesInFlightMax());
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
    Condition condition = Preconditions.ofWrite(request);
    return bodies
        .read(request)
        .compose(
            body ->
                apply(new KvCommand.Put(key, body.bytes(), condition, storeBytesMax))
                    .andThen(done -> body.release()))
        .map(reply -> respondWritten(request, reply));
  }

  private Future<String> delete(HttpServerRequest request, KvKey key) {
    if (request.getHeader(HttpHeaders.IF_NONE_MATCH) != null) {
      throw new IllegalArgumentException("If-None-Match has no meaning for DELETE");
    }
    return apply(new KvCommand.Delete(key, Preconditions.ofWrite(request)))
        .map(reply -> respondWritten(request, reply));
  }

  private Future<String> get(HttpServerRequest request, KvKey key) {
    Preconditions.requireReadable(request);
    return apply(new KvCommand.Get(key)).map(reply -> respondValue(request, reply));
  }

  private Future<String> list(HttpServerRequest request) {
    Map<String, KvKey> parameters = Percent.decodeQuery(request.query());
    for (String name : parameters.keySet()) {
      if (!LIST_PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "parameter '%s' is not known, allowed are prefix, limit and after".formatted(name));
      }
    }
    KvKey prefix = parameters.getOrDefault("prefix", KvKey.EMPTY);
    KvKey after = parameters.getOrDefault("after", KvKey.EMPTY);
    KvKey limit = parameters.get("limit");
    int keysMax = limit == null ? LIST_LIMIT_DEFAULT : parseLimit(limit.toString());
    return apply(new KvCommand.List(prefix, after, keysMax))
        .map(reply -> respondListing(request, reply));
  }

  private static int parseLimit(String text) {
    int limit = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new IllegalArgumentException(
          "limit is '%s', allowed is 1 to %d".formatted(text, LIST_LIMIT_MAX));
    }
    return limit;
  }

  private Future<KvReply> apply(KvCommand command) {
    String failure = status.failure();
    if (failure != null) {
      return Future.failedFuture(
          Problem.rejected(503, "member %s has failed: %s".formatted(node.nodeId(), failure)));
    }
    return node.apply(KvCodec.encode(command), KvCodec::decodeReply);
  }

  // --- answers ----------------------------------------------------------------------------------

  private String respondWritten(HttpServerRequest request, KvReply reply) {
    if (reply.status() == KvReply.Status.OK) {
      request.response().putHeader(HttpHeaders.ETAG, Preconditions.etag(reply.index()));
      responses.json(
          request, 200, new JsonObject().put("index", reply.index()).put("term", reply.term()));
      return "ok";
    }
    return respondRefused(request, reply);
  }

  private String respondValue(HttpServerRequest request, KvReply reply) {
    if (reply.status() != KvReply.Status.OK) {
      return respondRefused(request, reply);
    }
    request.response().putHeader(HttpHeaders.ETAG, Preconditions.etag(reply.index()));
    if (Preconditions.isKnown(request, reply.index())) {
      request.response().setStatusCode(304).end();
      return "not_modified";
    }
    // The bytes are a stranger's: no browser is to take them for a page of this server.
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    responses.bytes(request, 200, reply.value());
    return "ok";
  }

  private String respondListing(HttpServerRequest request, KvReply reply) {
    if (reply.status() != KvReply.Status.OK) {
      return respondRefused(request, reply);
    }
    JsonArray keys = new JsonArray();
    for (KeyInfo info : reply.keys()) {
      keys.add(
          new JsonObject()
              .put("key", info.key().toString())
              .put("index", info.index())
              .put("bytes", info.bytes()));
    }
    responses.json(request, 200, new JsonObject().put("keys", keys).put("more", reply.more()));
    return "ok";
  }

  private String respondRefused(HttpServerRequest request, KvReply reply) {
    if (reply.index() != 0) {
      request.response().putHeader(HttpHeaders.ETAG, Preconditions.etag(reply.index()));
    }
    responses.problem(
        request,
        switch (reply.status()) {
          case NOT_FOUND -> Problem.rejected(404, "there is no such key");
          case PRECONDITION_FAILED ->
              Problem.rejected(
                  412,
                  reply.index() == 0
                      ? "precondition does not hold: there is no such key"
                      : "precondition does not hold: the key's index is " + reply.index());
          case STORE_FULL ->
              Problem.rejected(
                  507,
                  "the map would hold more than %d bytes; delete keys or raise --store-bytes-max"
                      .formatted(storeBytesMax));
          default -> Problem.rejected(500, "the command was not understood when it was applied");
        });
    return reply.status().name().toLowerCase(Locale.ROOT);
  }

  // --- the frame of every operation
  // ---------------------------------------------------------------

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
