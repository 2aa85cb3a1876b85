package io.vertxraft.protocol;

/**
 * A command that a follower passes on to the member it takes for the leader.
 *
 * @param requestId correlates the answer
 * @param term the sender's term: only its leader may append the command, so that what arrives late
 *     is not appended by a later leadership
 * @param type what the entry is to be: a command, or an envelope
 * @param command the payload of the entry to be
 */
public record ForwardRequest(long requestId, long term, EntryType type, byte[] command)
    implements PeerRpc {
  /** Passes on a plain command. */
  public ForwardRequest(long requestId, long term, byte[] command) {
    this(requestId, term, EntryType.COMMAND, command);
  }

  /** Request id and size; never the command itself. */
  @Override
  public String toString() {
    return "ForwardRequest[requestId=%d, term=%d, %dB]".formatted(requestId, term, command.length);
  }
}
