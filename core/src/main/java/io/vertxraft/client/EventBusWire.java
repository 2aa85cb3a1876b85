package io.vertxraft.client;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;

/** How requests and replies travel over the event bus: the body as it is, the rest in headers. */
final class EventBusWire {
  private EventBusWire() {}

  /** Where any member of the group answers. */
  static String address(String clusterId, String groupId) {
    return "vertx-raft." + clusterId + "." + groupId;
  }

  /** Where one member of the group answers. */
  static String address(String clusterId, String groupId, String nodeId) {
    return address(clusterId, groupId) + "." + nodeId;
  }

  static MultiMap headers(ClientRequest request) {
    return MultiMap.caseInsensitiveMultiMap()
        .add("kind", request.kind().name())
        .add("session", Long.toString(request.sessionId()))
        .add("sequence", Long.toString(request.sequence()))
        .add("acknowledged", Long.toString(request.acknowledged()))
        .add("consistency", request.consistency())
        .add("timeout-ms", Long.toString(request.timeoutMs()));
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException naming the header that is missing or wrong
   */
  static ClientRequest request(MultiMap headers, Buffer body) {
    return new ClientRequest(
        ClientRequest.Kind.valueOf(text(headers, "kind")),
        number(headers, "session"),
        number(headers, "sequence"),
        number(headers, "acknowledged"),
        text(headers, "consistency"),
        number(headers, "timeout-ms"),
        body == null ? Buffer.buffer() : body);
  }

  static MultiMap headers(ClientReply reply) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("outcome", reply.outcome().name())
            .add("reason", reply.reason())
            .add("message", reply.message())
            .add("term", Long.toString(reply.term()))
            .add("index", Long.toString(reply.index()));
    if (reply.leaderId() != null) {
      headers.add("leader", reply.leaderId());
    }
    return headers;
  }

  /**
   * Reads a reply.
   *
   * @throws IllegalArgumentException naming the header that is missing or wrong
   */
  static ClientReply reply(MultiMap headers, Buffer body) {
    return new ClientReply(
        ClientReply.Outcome.valueOf(text(headers, "outcome")),
        text(headers, "reason"),
        text(headers, "message"),
        headers.get("leader"),
        number(headers, "term"),
        number(headers, "index"),
        body == null ? Buffer.buffer() : body);
  }

  private static String text(MultiMap headers, String name) {
    String value = headers.get(name);
    if (value == null) {
      throw new IllegalArgumentException("header '" + name + "' is missing");
    }
    return value;
  }

  private static long number(MultiMap headers, String name) {
    String value = text(headers, name);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "header '%s' is '%s', not a number".formatted(name, value), e);
    }
  }
}
