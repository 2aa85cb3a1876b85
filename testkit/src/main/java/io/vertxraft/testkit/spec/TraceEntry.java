package io.vertxraft.testkit.spec;

/**
 * A log entry as a trace shows it.
 *
 * @param index place in the log, from 1
 * @param term term of the leader that created it
 * @param hash stands for the command: equal hashes mean equal commands
 */
public record TraceEntry(long index, long term, String hash) {
  @Override
  public String toString() {
    return index + "/t" + term + ":" + hash;
  }
}
