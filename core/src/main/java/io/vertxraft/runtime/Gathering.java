package io.vertxraft.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Commands of a leader that wait for its write to end (group commit). Commands that come while a
 * write is under way could not be durable before it is anyway, for the disk does one thing after
 * the other; so they wait and go together, instead of each few of them costing a message to every
 * follower, a turn and an answer. A command that finds nothing under way never waits, and neither
 * do many.
 */
final class Gathering {
  /** So many bytes do not wait: they are worth a batch of their own. */
  static final int BYTES_MAX = 32 * 1024;

  private List<Proposal> waiting = new ArrayList<>();
  private long bytes;

  void add(List<Proposal> batch) {
    waiting.addAll(batch);
    for (Proposal proposal : batch) {
      bytes += proposal.bytes;
    }
  }

  /** Whether what waits is to be appended now. */
  boolean isDue(int writesInFlight) {
    return !waiting.isEmpty() && (writesInFlight == 0 || bytes >= BYTES_MAX);
  }

  /** Gives away what waits, but for what has been answered meanwhile. */
  List<Proposal> take() {
    List<Proposal> batch = waiting;
    waiting = new ArrayList<>();
    bytes = 0;
    batch.removeIf(Proposal::isDone);
    return batch;
  }

  /** What waits here, added to what waits elsewhere. */
  List<Proposal> with(List<Proposal> others) {
    List<Proposal> all = new ArrayList<>(others);
    all.addAll(waiting);
    return all;
  }
}
