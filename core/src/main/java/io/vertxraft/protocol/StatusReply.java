package io.vertxraft.protocol;

/**
 * A member's own view of the group.
 *
 * @param requestId the request answered
 * @param json the status as UTF-8 JSON
 */
public record StatusReply(long requestId, byte[] json) implements PeerRpc {
  @Override
  public String toString() {
    return "StatusReply[requestId=%d, %dB]".formatted(requestId, json.length);
  }
}
