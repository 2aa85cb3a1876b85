package io.vertxraft.protocol;

/**
 * A command that a follower passes on to the member it takes for the leader.
 *
 * @param requestId correlates the answer
 * @param term the sender's term: only its leader may append the command, so that what arrives late
 *     is not appended by a later leadership
 * @param command the command's bytes
 */
public record ForwardRequest(long requestId, long term, byte[] command) implements PeerRpc {
  /** Request id and size; never the command itself. */
  @Override
  public String toString() {
    return "ForwardRequest[requestId=%d, term=%d, %dB]".formatted(requestId, term, command.length);
  }
}
