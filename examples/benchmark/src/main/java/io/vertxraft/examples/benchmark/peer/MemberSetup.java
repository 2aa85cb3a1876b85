package io.vertxraft.examples.benchmark.peer;

import java.nio.file.Path;
import java.util.List;

/**
 * What a member is started with.
 *
 * @param self its place in {@code ports}
 * @param ports of all members, all on 127.0.0.1
 * @param directory its own, which exists
 * @param groups how many, each with a member at each place; 1 where the library has no more
 * @param synced whether the log is synced to the disk before anything is confirmed
 */
public record MemberSetup(
    int self, List<Integer> ports, Path directory, int groups, boolean synced) {
  /** Where all members listen. */
  public static final String HOST = "127.0.0.1";

  /** How long a follower waits before it wants to lead, the same for every library. */
  public static final int ELECTION_TIMEOUT_MS = 1_000;
}
