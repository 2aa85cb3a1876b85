package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.LogEntry;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which committed envelopes take effect, by the rules of sessions written down as plainly as
 * possible: the measure that the members' own tables are held against.
 */
final class SessionReference {
  private static final int WINDOW = 1_024;

  /** What is known of a session. */
  private static final class Session {
    private final long id;
    private final long keptMs;
    private final Set<Long> applied = new TreeSet<>();
    private long seenAtMs;
    private long acknowledged;

    private Session(long id, long keptMs, long seenAtMs) {
      this.id = id;
      this.keptMs = keptMs;
      this.seenAtMs = seenAtMs;
    }

    private long endsAtMs() {
      return seenAtMs + keptMs;
    }
  }

  private final Map<Long, Session> sessions = new TreeMap<>();
  private long nowMs;

  /** Whether the commands of the next committed envelope are applied. */
  boolean takesEffect(LogEntry entry) {
    Envelope envelope = Envelope.of(entry);
    nowMs = Math.max(nowMs, envelope.logTimeMs());
    sessions.values().removeIf(session -> session.endsAtMs() <= nowMs);
    Session session = sessions.get(envelope.sessionId());
    switch (envelope.kind()) {
      case OPEN_SESSION -> open(entry.index(), envelope.terms());
      case CLOSE_SESSION -> sessions.remove(envelope.sessionId());
      case KEEP_ALIVE, COMMAND -> {
        if (session != null) {
          session.seenAtMs = nowMs;
          session.acknowledged = Math.max(session.acknowledged, envelope.acknowledged());
        }
      }
    }
    if (envelope.kind() != Envelope.Kind.COMMAND || envelope.sessionId() == 0) {
      return envelope.kind() == Envelope.Kind.COMMAND;
    }
    return session != null
        && envelope.sequence() >= session.acknowledged
        && envelope.sequence() < session.acknowledged + WINDOW
        && session.applied.add(envelope.sequence());
  }

  private void open(long id, Envelope.SessionTerms terms) {
    while (sessions.size() >= terms.sessionsMax()) {
      Session first =
          sessions.values().stream()
              .min(
                  Comparator.comparingLong(Session::endsAtMs)
                      .thenComparingLong(session -> session.id))
              .orElseThrow();
      sessions.remove(first.id);
    }
    sessions.put(id, new Session(id, terms.timeoutMs(), nowMs));
  }
}
