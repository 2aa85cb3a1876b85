package io.vertxraft.consensus;

/**
 * What a leader knows of one follower, and how it replicates to it.
 *
 * <pre>
 *              accepted
 *   PROBE -------------------> REPLICATE
 *    | ^                         | |  ^
 *    | +-------------------------+ |  |
 *    |    refused, or no answer    |  | installed
 *    |                             v  |
 *    +-------------------------> SNAPSHOT
 *      the log no longer has what comes next
 * </pre>
 *
 * <p>PROBE: one empty AppendEntries at a time looks for the last common entry. REPLICATE:
 * entries are sent optimistically, as many as the window holds. The window opens slowly: one
 * message at first, and one more for each that is confirmed. Where messages overtake each other,
 * every gap ends in a probe; a follower that then got a whole window again would answer it with
 * more gaps, and the traffic would feed itself. SNAPSHOT: nothing but offers of a snapshot, until
 * the follower has installed one.
 */
public final class Progress {
  /** The ways of replicating. */
  public enum State {
    /** Looks for the last common entry. */
    PROBE,
    /** Streams entries. */
    REPLICATE,
    /** Waits for the follower to fetch a snapshot. */
    SNAPSHOT
  }

  private final String nodeId;
  private final Inflights inflights;
  private State state = State.PROBE;
  private long matchIndex;
  private long nextIndex;
  private boolean probing;

  /**
   * Messages that may be unanswered now; beyond the limit of {@link Inflights} it has no effect.
   */
  private long window = 1;

  /** First index of the entries being read for the follower, or 0. */
  private long loadingFrom;

  private long lastContact;
  private boolean contacted;
  private long roundTripNanos = -1;
  private long lastProgress;
  private final ClockWatch clockWatch;
  private long installIndex;
  private long installBytesDone;
  private long installBytesTotal;

  private boolean damaged;

  Progress(String nodeId, long nextIndex, Inflights inflights, ClockWatch clockWatch, long now) {
    this.nodeId = nodeId;
    this.nextIndex = nextIndex;
    this.inflights = inflights;
    this.clockWatch = clockWatch;
    this.lastContact = now;
    this.lastProgress = now;
  }

  /** The follower. */
  public String nodeId() {
    return nodeId;
  }

  /** How it is replicated to. */
  public State state() {
    return state;
  }

  /** Last index the follower is known to hold durably. */
  public long matchIndex() {
    return matchIndex;
  }

  /** Last index the follower counts for when entries are committed. */
  long countedIndex() {
    return damaged ? 0 : matchIndex;
  }

  /** Next index to send. */
  public long nextIndex() {
    return nextIndex;
  }

  /** AppendEntries sent and not answered. */
  public int messagesInFlight() {
    return inflights.messages() + (probing ? 1 : 0);
  }

  /** Bytes of entries sent and not answered. */
  public long bytesInFlight() {
    return inflights.bytes();
  }

  /**
   * When the newest heartbeat that the follower answered was sent; leader's election if none was.
   */
  public long lastContact() {
    return lastContact;
  }

  /** Whether the follower has answered this leader at all. */
  public boolean contacted() {
    return contacted;
  }

  /** Time from the newest answered heartbeat to its answer, or -1. */
  public long roundTripNanos() {
    return roundTripNanos;
  }

  /** Where the snapshot ends that the follower fetches; 0 if it has not told. */
  public long installIndex() {
    return installIndex;
  }

  /** Bytes of that snapshot that the follower has. */
  public long installBytesDone() {
    return installBytesDone;
  }

  /** Bytes of that snapshot; 0 if not known. */
  public long installBytesTotal() {
    return installBytesTotal;
  }

  /** Whether the follower has lost entries that it may have confirmed, and so is not counted. */
  public boolean isDamaged() {
    return damaged;
  }

  /** Whether the follower's clock runs faster than a lease allows for. */
  public boolean isClockSuspect() {
    return clockWatch.isSuspect();
  }

  /**
   * Nanoseconds from {@code start} to the sending of the newest heartbeat that was answered; -1 if
   * none was.
   */
  long contactSince(long start) {
    return contacted ? lastContact - start : -1;
  }

  /** As {@link #contactSince}, but -1 too if the follower's clock may run too fast. */
  long trustedContactSince(long start) {
    return clockWatch.isTrusted() ? contactSince(start) : -1;
  }

  /** Notes whether the follower is damaged; returns whether damage is news. */
  boolean damaged(boolean isDamaged) {
    boolean news = isDamaged && !damaged;
    damaged = isDamaged;
    return news;
  }

  boolean probing() {
    return probing;
  }

  void probeSent() {
    probing = true;
  }

  /** A lost probe or offer is sent again. */
  void allowProbe() {
    probing = false;
  }

  /** Entries from the next index on are being read. */
  void startLoading() {
    loadingFrom = nextIndex;
  }

  /** Whether the entries from {@code fromIndex} on are those being waited for. */
  boolean isLoading(long fromIndex) {
    return loadingFrom == fromIndex;
  }

  void stopLoading() {
    loadingFrom = 0;
  }

  boolean canSend() {
    return state == State.REPLICATE
        && loadingFrom == 0
        && inflights.messages() < window
        && !inflights.isFull();
  }

  void sent(long lastIndex, long bytes, long now) {
    if (inflights.isEmpty()) {
      lastProgress = now;
    }
    inflights.add(lastIndex, bytes);
    nextIndex = lastIndex + 1;
  }

  /** Entries have been in flight since {@code since} or longer, and none was acknowledged. */
  boolean stuckSince(long since) {
    return state == State.REPLICATE && !inflights.isEmpty() && lastProgress - since <= 0;
  }

  /** Notes an answer to the heartbeat sent at {@code sentAt}, given at {@code clock} over there. */
  void heard(long sentAt, long clock, long now) {
    if (sentAt - lastContact >= 0 || !contacted) {
      lastContact = sentAt;
      roundTripNanos = Math.max(0, now - sentAt);
      clockWatch.sample(sentAt, now, clock);
    }
    contacted = true;
  }

  /** The follower holds everything up to {@code index}; returns whether that is news. */
  boolean accepted(long index, long now) {
    contacted = true;
    lastProgress = now;
    window += inflights.freeUpTo(index);
    boolean advanced = index > matchIndex;
    matchIndex = Math.max(matchIndex, index);
    nextIndex = Math.max(nextIndex, matchIndex + 1);
    return advanced;
  }

  /** Lowest index of an entry that the follower still needs of a leader's log. */
  long neededFrom(long firstIndex) {
    if (state != State.SNAPSHOT) {
      return matchIndex + 1;
    }
    return installIndex > 0 ? installIndex + 1 : firstIndex;
  }

  void installing(long index, long bytesDone, long bytesTotal) {
    installIndex = index;
    installBytesDone = bytesDone;
    installBytesTotal = bytesTotal;
  }

  void becomeSnapshot() {
    becomeProbe(matchIndex + 1);
    state = State.SNAPSHOT;
    installing(0, 0, 0);
  }

  void becomeReplicate(long now) {
    installing(0, 0, 0);
    state = State.REPLICATE;
    probing = false;
    inflights.clear();
    window = 1;
    nextIndex = matchIndex + 1;
    lastProgress = now;
  }

  void becomeProbe(long next) {
    installing(0, 0, 0);
    state = State.PROBE;
    probing = false;
    loadingFrom = 0;
    inflights.clear();
    nextIndex = Math.max(matchIndex + 1, next);
  }
}
