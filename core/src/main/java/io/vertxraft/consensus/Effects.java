package io.vertxraft.consensus;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done after a turn, as values. They are carried out once, in this order: sends,
 * persist, loads, commit, reads, notices.
 *
 * <p>{@link #send} takes only messages that promise nothing about the disk; everything else can
 * only be given to {@link #sendWhenDurable}, and so leaves after the turn's {@link Persist} is
 * durable.
 */
public final class Effects {
  /** A message and where it goes. */
  public record Outbound(String to, Message message) {}

  /**
   * Write this durably, after all earlier writes; then send the messages.
   *
   * @param seq the write's sequence number; if there is nothing to write, that of the last write
   *     issued
   * @param hardState new term and vote, or null
   * @param truncateFrom first index to remove, or 0
   * @param entries entries to append
   * @param messages what leaves once this and every earlier write is durable
   */
  public record Persist(
      long seq,
      HardState hardState,
      long truncateFrom,
      List<LogEntry> entries,
      List<Outbound> messages) {
    /** Whether only messages wait here. */
    public boolean nothingToWrite() {
      return hardState == null && truncateFrom == 0 && entries.isEmpty();
    }
  }

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

  private final List<Outbound> sends = new ArrayList<>();
  private final List<Outbound> whenDurable = new ArrayList<>();
  private final List<Load> loads = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private Persist persist;
  private long commitIndex;

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
    whenDurable.add(new Outbound(to, message));
  }

  void load(Load load) {
    loads.add(load);
  }

  void read(long id, long index) {
    reads.add(new Read(id, index));
  }

  void refuseRead(long id) {
    reads.add(new Read(id, -1));
  }

  void notice(Notice notice) {
    notices.add(notice);
  }

  void commit(long index) {
    commitIndex = index;
  }

  boolean somethingWaits() {
    return !whenDurable.isEmpty();
  }

  void persist(long seq, HardState hardState, long truncateFrom, List<LogEntry> entries) {
    persist = new Persist(seq, hardState, truncateFrom, entries, whenDurable);
  }
}
