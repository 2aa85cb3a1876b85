package io.vertxraft.protocol;

/**
 * Answer to {@link SnapshotRequest}.
 *
 * @param requestId the request answered
 * @param outcome whether there is an answer
 * @param data the piece or the manifest; with another outcome, UTF-8 text that says why
 * @param deflated whether {@code data} is deflated
 * @param length bytes of the file that {@code data} stands for
 */
public record SnapshotReply(
    long requestId, Outcome outcome, byte[] data, boolean deflated, int length) implements PeerRpc {
  /** What became of a request. */
  public enum Outcome {
    /** Here it is. */
    OK,
    /** The member has no such snapshot, or none any more: look anew. */
    NOT_FOUND,
    /** The member cannot read it now. */
    FAILED
  }

  /** Size and outcome; never the content. */
  @Override
  public String toString() {
    return "SnapshotReply[requestId=%d, %s, %dB of %dB]"
        .formatted(requestId, outcome, data.length, length);
  }
}
