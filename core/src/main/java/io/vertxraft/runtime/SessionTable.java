package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.protocol.Envelope;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who has asked what already: the sessions of a group, and the replies their clients may still ask
 * for (R-10; thesis 6.3). Part of the replicated state: it changes by committed entries only, in
 * log order, and is the same on every member at the same index.
 *
 * <p>Time is log time: the leader's, written into the entries, and it never goes back. Nobody's
 * wall clock plays a part; while no leader leads, no time passes.
 *
 * <p>Each entry comes twice, in log order both times: to be {@linkplain #admit admitted}, and, once
 * the state machine has answered the batch, to be {@linkplain #settle settled}.
 */
final class SessionTable {
  /** Unanswered commands of a session that the table follows. */
  static final int WINDOW = 1_024;

  /** Unanswered commands of all sessions that the table follows. */
  static final int SLOTS_MAX = 500_000;

  /** The longest that a session is kept without a sign of life, in milliseconds: 30 days. */
  static final long KEPT_MS_MAX = 30L * 86_400_000;

  private static final byte FORMAT_VERSION = 1;
  private static final int KEPT_ANYWAY = 1_024;
  private static final Buffer NO_BYTES = Buffer.buffer(0);

  /** One command of a session: whether it was applied, and what the answer was. */
  static final class Slot {
    final long index;
    final long sequence;

    /** Null until it is settled, or when it is not kept any more. */
    Buffer reply;

    Slot(long index, long sequence, Buffer reply) {
      this.index = index;
      this.sequence = sequence;
      this.reply = reply;
    }
  }

  /** A session. */
  static final class Session {
    final long id;
    final long timeoutMs;
    final TreeMap<Long, Slot> slots = new TreeMap<>();
    long lastActiveMs;
    long acknowledged;

    Session(long id, long timeoutMs, long lastActiveMs) {
      this.id = id;
      this.timeoutMs = timeoutMs;
      this.lastActiveMs = lastActiveMs;
    }

    long expiresAtMs() {
      return lastActiveMs + timeoutMs;
    }
  }

  /** What becomes of an entry. */
  static final class Admission {
    private List<Long> ended = List.of();
    private List<Slot> dropped = List.of();
    private Slot slot;
    private boolean fresh;

    /** The new limit of the bytes of replies; -1 for that of before. */
    private long newReplyBytesMax = -1;

    private Buffer answer;
    private RaftException refusal;

    /** Whether the state machine is to apply the commands of the envelope. */
    boolean fresh() {
      return fresh;
    }

    /** Why the entry has no effect, or null; known for certain once it is settled. */
    RaftException refusal() {
      return refusal;
    }

    /** Sessions that ended right before the entry takes effect. */
    List<Long> ended() {
      return ended;
    }

    private void drop(Collection<Slot> unwanted) {
      if (!unwanted.isEmpty()) {
        dropped = dropped.isEmpty() ? new ArrayList<>() : dropped;
        dropped.addAll(unwanted);
      }
    }

    private void end(long sessionId) {
      ended = ended.isEmpty() ? new ArrayList<>() : ended;
      ended.add(sessionId);
    }
  }

  private final TreeMap<Long, Session> sessions = new TreeMap<>();
  private final TreeSet<Session> byExpiry =
      new TreeSet<>(
          Comparator.comparingLong(Session::expiresAtMs).thenComparingLong(session -> session.id));

  /** Settled and not acknowledged, oldest first; those that were dropped since have no reply. */
  private final ArrayDeque<Slot> replies = new ArrayDeque<>();

  private long logTimeMs;
  private int sessionsMax = Integer.MAX_VALUE;
  private long replyBytesMax;
  private long replyBytes;
  private int slots;

  int size() {
    return sessions.size();
  }

  long replyBytes() {
    return replyBytes;
  }

  long logTimeMs() {
    return logTimeMs;
  }

  /** Decides what becomes of the entry at {@code index}, before the batch is applied. */
  Admission admit(long index, Envelope envelope) {
    Admission admission = new Admission();
    logTimeMs = Math.max(logTimeMs, envelope.logTimeMs());
    expire(admission);
    switch (envelope.kind()) {
      case OPEN_SESSION -> open(index, envelope.terms(), admission);
      case KEEP_ALIVE -> {
        if (touch(envelope, admission) != null) {
          admission.answer = NO_BYTES;
        }
      }
      case CLOSE_SESSION -> {
        Session session = sessions.get(envelope.sessionId());
        if (session != null) {
          end(session, admission);
        }
        admission.answer = NO_BYTES;
      }
      case COMMAND -> command(index, envelope, admission);
      default -> throw new IllegalStateException("envelope of kind " + envelope.kind());
    }
    return admission;
  }

  private void expire(Admission admission) {
    while (!byExpiry.isEmpty() && byExpiry.first().expiresAtMs() <= logTimeMs) {
      end(byExpiry.first(), admission);
    }
  }

  private void end(Session session, Admission admission) {
    byExpiry.remove(session);
    sessions.remove(session.id);
    slots -= session.slots.size();
    admission.drop(session.slots.values());
    admission.end(session.id);
  }

  private void open(long index, Envelope.SessionTerms terms, Admission admission) {
    sessionsMax = Math.max(1, terms.sessionsMax());
    // Replies are kept when entries are settled, so that limit changes then too.
    admission.newReplyBytesMax = Math.max(0, terms.replyBytesMax());
    while (sessions.size() >= sessionsMax) {
      end(byExpiry.first(), admission);
    }
    Session session =
        new Session(index, Math.min(KEPT_MS_MAX, Math.max(1, terms.timeoutMs())), logTimeMs);
    sessions.put(index, session);
    byExpiry.add(session);
    admission.answer = Buffer.buffer(Long.BYTES).appendLong(index);
  }

  /** The session gives a sign of life; null if there is none any more. */
  private Session touch(Envelope envelope, Admission admission) {
    Session session = sessions.get(envelope.sessionId());
    if (session == null) {
      admission.refusal =
          new Rejected(
              Rejected.Reason.SESSION_EXPIRED,
              "session %d has expired, or was closed; this command was not applied: open another"
                  .formatted(envelope.sessionId()),
              null);
      return null;
    }
    byExpiry.remove(session);
    session.lastActiveMs = logTimeMs;
    byExpiry.add(session);
    if (envelope.acknowledged() > session.acknowledged) {
      session.acknowledged = envelope.acknowledged();
      SortedMap<Long, Slot> done = session.slots.headMap(session.acknowledged);
      admission.drop(done.values());
      slots -= done.size();
      done.clear();
    }
    return session;
  }

  private void command(long index, Envelope envelope, Admission admission) {
    if (envelope.sessionId() == 0) {
      admission.fresh = true;
      return;
    }
    Session session = touch(envelope, admission);
    if (session == null) {
      return;
    }
    long sequence = envelope.sequence();
    Slot known = session.slots.get(sequence);
    if (known != null) {
      admission.slot = known;
    } else if (sequence < session.acknowledged) {
      admission.refusal = forgotten(session.id, sequence);
    } else if (sequence >= session.acknowledged + WINDOW || slots >= SLOTS_MAX) {
      admission.refusal =
          new Rejected(
              Rejected.Reason.OVERLOADED,
              "session %d waits for the answers to too many commands".formatted(session.id),
              null);
    } else {
      admission.slot = new Slot(index, sequence, null);
      admission.fresh = true;
      session.slots.put(sequence, admission.slot);
      slots++;
    }
  }

  private static Unknown forgotten(long session, long sequence) {
    return new Unknown(
        Unknown.Reason.REPLY_FORGOTTEN,
        "command %d of session %d came again after its answer was given up"
            .formatted(sequence, session),
        null);
  }

  /**
   * The state machine has answered the batch.
   *
   * @param reply what it has answered to a {@linkplain Admission#fresh fresh} entry; null if the
   *     entry had been applied before the table was rebuilt, so that nobody knows the answer
   * @return what the caller is told, or null if the entry is {@linkplain Admission#refusal refused}
   */
  Buffer settle(Admission admission, Buffer reply) {
    for (Slot slot : admission.dropped) {
      drop(slot);
    }
    if (admission.newReplyBytesMax >= 0) {
      replyBytesMax = admission.newReplyBytesMax;
      dropOldest();
    }
    if (admission.slot == null) {
      return admission.fresh ? reply : admission.answer;
    }
    if (admission.fresh) {
      keep(admission.slot, reply);
      return reply;
    }
    if (admission.slot.reply == null) {
      admission.refusal =
          new Unknown(
              Unknown.Reason.REPLY_FORGOTTEN,
              "the command was applied, once, at index %d; its reply is not kept any more"
                  .formatted(admission.slot.index),
              null);
    }
    return admission.slot.reply == null ? null : admission.slot.reply.copy();
  }

  private void keep(Slot slot, Buffer reply) {
    if (reply == null || reply.length() > replyBytesMax) {
      return;
    }
    // The caller gets the state machine's own buffer, and may do with it what he likes.
    slot.reply = reply.copy();
    replies.add(slot);
    replyBytes += reply.length();
    dropOldest();
    while (!replies.isEmpty() && replies.peek().reply == null) {
      replies.poll();
    }
    // One client that stays silent must not keep the places of all replies after its own.
    if (replies.size() > KEPT_ANYWAY && replies.size() > 2 * slots) {
      replies.removeIf(dropped -> dropped.reply == null);
    }
  }

  private void dropOldest() {
    while (replyBytes > replyBytesMax) {
      drop(replies.poll());
    }
  }

  private void drop(Slot slot) {
    if (slot.reply != null) {
      replyBytes -= slot.reply.length();
      slot.reply = null;
    }
  }

  // --- its form in a snapshot -------------------------------------------------------------------

  /** The table as bytes; the same on every member at the same index. Only between two batches. */
  Buffer encode() {
    if (sessions.isEmpty() && logTimeMs == 0) {
      return NO_BYTES;
    }
    Buffer out =
        Buffer.buffer()
            .appendByte(FORMAT_VERSION)
            .appendLong(logTimeMs)
            .appendInt(sessionsMax)
            .appendLong(replyBytesMax)
            .appendInt(sessions.size());
    for (Session session : sessions.values()) {
      out.appendLong(session.id)
          .appendLong(session.timeoutMs)
          .appendLong(session.lastActiveMs)
          .appendLong(session.acknowledged)
          .appendInt(session.slots.size());
      for (Slot slot : session.slots.values()) {
        out.appendLong(slot.sequence)
            .appendLong(slot.index)
            .appendInt(slot.reply == null ? -1 : slot.reply.length());
        if (slot.reply != null) {
          out.appendBuffer(slot.reply);
        }
      }
    }
    return out;
  }

  /**
   * The table that was {@linkplain #encode encoded}.
   *
   * @throws IllegalArgumentException if the bytes are no table of this version
   */
  static SessionTable decode(Buffer encoded) {
    SessionTable table = new SessionTable();
    if (encoded.length() > 0) {
      try {
        table.read(ByteBuffer.wrap(encoded.getBytes()));
      } catch (BufferUnderflowException | NegativeArraySizeException e) {
        throw new IllegalArgumentException("the session table of a snapshot is cut short", e);
      }
    }
    return table;
  }

  private void read(ByteBuffer in) {
    byte version = in.get();
    if (version != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "the session table of a snapshot has format version %d, known is %d: start a newer version"
              .formatted(version, FORMAT_VERSION));
    }
    logTimeMs = in.getLong();
    sessionsMax = in.getInt();
    replyBytesMax = in.getLong();
    int count = in.getInt();
    List<Slot> kept = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Session session = new Session(in.getLong(), in.getLong(), in.getLong());
      session.acknowledged = in.getLong();
      sessions.put(session.id, session);
      byExpiry.add(session);
      for (int left = in.getInt(); left > 0; left--) {
        readSlot(in, session, kept);
      }
    }
    kept.sort(Comparator.comparingLong(slot -> slot.index));
    replies.addAll(kept);
  }

  private void readSlot(ByteBuffer in, Session session, List<Slot> kept) {
    long sequence = in.getLong();
    Slot slot = new Slot(in.getLong(), sequence, null);
    int length = in.getInt();
    if (length >= 0) {
      byte[] reply = new byte[length];
      in.get(reply);
      slot.reply = Buffer.buffer(reply);
      replyBytes += length;
      kept.add(slot);
    }
    session.slots.put(sequence, slot);
    slots++;
  }
}
