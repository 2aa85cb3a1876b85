package io.vertxraft.consensus;

import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done after a turn, as values. They are carried out once, in this order: sends,
 * persist, compaction, loads, restore, commit, install, reads, notices.
 *
 * <p>{@link #send} takes only messages that promise nothing about the disk; everything else can
 * only be given to {@link #sendWhenDurable}, and so leaves after the turn's {@link Persist} is
 * durable.
 */
public final class Effects {
  /** A message and where it goes. */
  public record Outbound(String to, Message message) {
    /**
     * Adds a message behind others that leave together with it. A confirmation takes the place of
     * the one before it if it says as much: a follower confirms what one sync has written once, not
     * once per message.
     */
    public void addTo(List<Outbound> others) {
      int last = others.size() - 1;
      if (last >= 0 && covers(others.get(last))) {
        others.set(last, this);
      } else {
        others.add(this);
      }
    }

    private boolean covers(Outbound earlier) {
      return message instanceof AppendEntriesReply reply
          && earlier.message instanceof AppendEntriesReply earlierReply
          && to.equals(earlier.to)
          && reply.covers(earlierReply);
    }
  }

  /**
   * Write this durably, after all earlier writes; then send the messages.
   *
   * @param seq the write's sequence number; if there is nothing to write, that of the last write
   *     issued
   * @param hardState new term and vote, or null
   * @param newStart if not null, the whole log goes first, and starts here: a snapshot holds what
   *     it held; {@code truncateFrom} is 0 then
   * @param truncateFrom first index to remove, or 0
   * @param entries entries to append
   * @param messages what leaves once this and every earlier write is durable
   */
  public record Persist(
      long seq,
      HardState hardState,
      LogStart newStart,
      long truncateFrom,
      List<LogEntry> entries,
      List<Outbound> messages) {
    /** Whether only messages wait here. */
    public boolean nothingToWrite() {
      return hardState == null && newStart == null && truncateFrom == 0 && entries.isEmpty();
    }
  }

  /**
   * Where a log starts.
   *
   * @param firstIndex index of the first entry, there or to come
   * @param prevTerm term of the entry before it
   */
  public record LogStart(long firstIndex, long prevTerm) {}

  /**
   * The leader offers a snapshot in place of entries it no longer has: fetch one that helps, unless
   * one is being fetched already. Repeated while the leader repeats its offer.
   */
  public record Install(String leader, InstallSnapshot offer) {}

  /** Read durable entries for the follower {@code peer}; answer with {@link RaftCore#loaded}. */
  public record Load(String peer, long term, long fromIndex, long toIndex, long bytesMax) {}

  /** Something worth telling. */
  public sealed interface Notice
      permits RoleChanged,
          LeaderChanged,
          LeadershipLost,
          ProgressChanged,
          TransferEnded,
          DamageFound,
          Healed {}

  /** The member's role or term changed. */
  public record RoleChanged(RoleKind role, long term, String cause) implements Notice {}

  /** The member knows another leader now, or none (null). */
  public record LeaderChanged(String leaderId, long term) implements Notice {}

  /**
   * The member led {@code term} and no longer does: uncommitted proposals have no known outcome.
   */
  public record LeadershipLost(long term, String cause) implements Notice {}

  /** Replication to a follower changed its state. */
  public record ProgressChanged(String peer, Progress.State state, String cause)
      implements Notice {}

  /** The leadership was not handed over after all; the member leads on. */
  public record TransferEnded(String target, String cause) implements Notice {}

  /**
   * A follower has lost entries that it may have confirmed; it is not counted until it is whole.
   */
  public record DamageFound(String peer) implements Notice {}

  /** This member was damaged and holds all it may ever have confirmed again. */
  public record Healed(long index) implements Notice {}

  /**
   * The answer to {@link RaftCore#read}.
   *
   * @param id the read
   * @param index who has applied this may answer the read; negative if the member leads no more
   */
  public record Read(long id, long index) {
    /** Whether the read may be answered. */
    public boolean isGranted() {
      return index >= 0;
    }
  }

  private final List<Outbound> sends = new ArrayList<>(2);
  private final List<Outbound> whenDurable = new ArrayList<>(2);

  // Most turns have none of these.
  private List<Load> loads = List.of();
  private List<Read> reads = List.of();
  private List<Notice> notices = List.of();
  private Persist persist;
  private long commitIndex;
  private Install install;
  private long restoreIndex;
  private long compactTo;
  private boolean snapshotWanted;

  /** Messages that leave at once. */
  public List<Outbound> sends() {
    return sends;
  }

  /** The turn's write, or null if there is nothing to write and nothing waits for a write. */
  public Persist persist() {
    return persist;
  }

  /** Entries to read. */
  public List<Load> loads() {
    return loads;
  }

  /** Index up to which entries may be applied, or 0 if it did not move. */
  public long commitIndex() {
    return commitIndex;
  }

  /** The leader's newest offer of a snapshot, or null. */
  public Install install() {
    return install;
  }

  /**
   * Last index of a durable snapshot that takes the place of everything not yet applied up to
   * there: to be loaded before anything after it is applied; 0 for none.
   */
  public long restoreIndex() {
    return restoreIndex;
  }

  /** First index that the stored log keeps, 0 for no change; to be carried out after the write. */
  public long compactTo() {
    return compactTo;
  }

  /** Whether a follower needs a snapshot and this leader has none to offer: take one. */
  public boolean snapshotWanted() {
    return snapshotWanted;
  }

  /** Answers to reads, in the order in which they became known. */
  public List<Read> reads() {
    return reads;
  }

  /** What happened, in order. */
  public List<Notice> notices() {
    return notices;
  }

  void send(String to, Message.Immediate message) {
    sends.add(new Outbound(to, message));
  }

  void sendWhenDurable(String to, Message.AfterDurable message) {
    new Outbound(to, message).addTo(whenDurable);
  }

  void load(Load load) {
    loads = with(loads, load);
  }

  void read(long id, long index) {
    reads = with(reads, new Read(id, index));
  }

  void refuseRead(long id) {
    reads = with(reads, new Read(id, -1));
  }

  void notice(Notice notice) {
    notices = with(notices, notice);
  }

  void commit(long index) {
    commitIndex = index;
  }

  private static <T> List<T> with(List<T> list, T next) {
    List<T> longer = list.isEmpty() ? new ArrayList<>() : list;
    longer.add(next);
    return longer;
  }

  void install(String leader, InstallSnapshot offer) {
    install = new Install(leader, offer);
  }

  void restore(long index) {
    restoreIndex = index;
  }

  void compact(long firstIndex) {
    compactTo = firstIndex;
  }

  void wantSnapshot() {
    snapshotWanted = true;
  }

  boolean somethingWaits() {
    return !whenDurable.isEmpty();
  }

  void persist(
      long seq, HardState hardState, LogStart newStart, long truncateFrom, List<LogEntry> entries) {
    persist = new Persist(seq, hardState, newStart, truncateFrom, entries, whenDurable);
  }
}
