package io.vertxraft.examples.kv;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.examples.kv.KvReply.KeyInfo;
import java.util.Locale;

/** Puts the map's replies into HTTP, and gives the outcome to count. */
final class KvAnswers {
  private final Responses responses;
  private final long storeBytesMax;

  KvAnswers(Responses responses, long storeBytesMax) {
    this.responses = responses;
    this.storeBytesMax = storeBytesMax;
  }

  /** Answers a PUT or DELETE. */
  String written(HttpServerRequest request, KvReply reply) {
    if (reply.status() == KvReply.Status.OK) {
      request.response().putHeader(HttpHeaders.ETAG, Preconditions.etag(reply.index()));
      responses.json(
          request, 200, new JsonObject().put("index", reply.index()).put("term", reply.term()));
      return "ok";
    }
    return refused(request, reply);
  }

  /** Answers a GET of one key. */
  String value(HttpServerRequest request, KvReply reply) {
    if (reply.status() != KvReply.Status.OK) {
      return refused(request, reply);
    }
    request.response().putHeader(HttpHeaders.ETAG, Preconditions.etag(reply.index()));
    if (!Preconditions.isExpected(request, reply.index())) {
      return refused(
          request, KvReply.of(KvReply.Status.PRECONDITION_FAILED, reply.index(), reply.term()));
    }
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

  /** Answers a GET of the collection. */
  String listing(HttpServerRequest request, KvReply reply) {
    if (reply.status() != KvReply.Status.OK) {
      return refused(request, reply);
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

  private String refused(HttpServerRequest request, KvReply reply) {
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
}
