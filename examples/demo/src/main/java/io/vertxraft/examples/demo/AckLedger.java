package io.vertxraft.examples.demo;

/**
 * What the cluster has promised to keep: the ids of all acknowledged writes, and the highest log
 * index among them. Confined to the demo's context.
 */
final class AckLedger {
  private final IdSet acknowledged = new IdSet();
  private long indexMax;

  /**
   * All promises up to a moment.
   *
   * @param ids the acknowledged writes
   * @param indexMax highest log index of any of them; 0 if there are none
   */
  record Snapshot(IdSet ids, long indexMax) {}

  /**
   * Records an acknowledgement.
   *
   * @throws IllegalStateException if the write had been acknowledged before
   */
  void acknowledge(long id, long index) {
    if (!acknowledged.add(id)) {
      throw new IllegalStateException("write %d was acknowledged twice".formatted(id));
    }
    indexMax = Math.max(indexMax, index);
  }

  /** How many writes have been acknowledged. */
  long count() {
    return acknowledged.size();
  }

  /** Highest log index of any acknowledged write; 0 if there are none. */
  long indexMax() {
    return indexMax;
  }

  /** The promises so far; later ones do not show in it. */
  Snapshot snapshot() {
    return new Snapshot(acknowledged.copy(), indexMax);
  }
}
