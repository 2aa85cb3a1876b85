package io.vertxraft.testkit.trace;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.testkit.trace.TraceEvent.LogChange;
import io.vertxraft.testkit.trace.TraceEvent.Sent;
import io.vertxraft.testkit.trace.TraceEvent.Start;
import io.vertxraft.testkit.trace.TraceEvent.Stepped;
import io.vertxraft.testkit.trace.TraceEvent.Stop;
import io.vertxraft.testkit.trace.TraceEvent.Turn;
import io.vertxraft.testkit.trace.TraceEvent.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/** Says in few words what an event is and what it changed. Positions read term/index. */
final class EventWords {
  /** What the signs mean that {@link #of} and {@link Timeline} use. */
  static final String LEGEND =
      "-> leaves at once   => leaves after the write   <- is handled   -x is lost   -| is held back"
          + "   a/b term/index";

  private final boolean heartbeats;
  private final Map<String, NodeState> states = new LinkedHashMap<>();

  /**
   * Words for events in their order.
   *
   * @param heartbeats whether heartbeats that change nothing are worth words
   */
  EventWords(boolean heartbeats) {
    this.heartbeats = heartbeats;
  }

  /** Lines about an event; none if there is nothing to tell. */
  List<String> of(TraceEvent event) {
    if (event instanceof Start start) {
      states.put(start.node(), start.state());
      return List.of("up, life " + start.life() + ": " + whole(start.state()));
    }
    if (event instanceof Stepped stepped) {
      return stepped(stepped);
    }
    if (event instanceof Turn turn) {
      return turn(turn);
    }
    states.remove(event.node());
    return List.of(halted(((Stop) event).how()));
  }

  /** Words for the end of a process. */
  static String halted(String how) {
    return "## " + how + " ##";
  }

  /** Whether the message is one that is not worth words. */
  boolean isNoise(Object message) {
    return !heartbeats && (message instanceof Heartbeat || message instanceof HeartbeatReply);
  }

  private List<String> stepped(Stepped event) {
    NodeState before = states.put(event.node(), event.state());
    String changes =
        before == null ? whole(event.state()) : changes(before, event.state(), event.change());
    if (event.message() == null) {
      return changes.isEmpty() ? List.of() : List.of(label(event) + changes);
    }
    if (changes.isEmpty() && isNoise(event.message())) {
      return List.of();
    }
    String received = "<- " + event.from() + " " + message(event.message());
    return List.of(changes.isEmpty() ? received : received + ": " + changes);
  }

  private static String label(Stepped event) {
    return switch (event.step()) {
      case TICK -> "timer: ";
      case PROPOSE -> "commands: ";
      default -> "";
    };
  }

  private static String whole(NodeState state) {
    String text = state.role() + " t" + state.term();
    if (state.votedFor() != null) {
      text += ", votes for " + state.votedFor();
    }
    return text
        + ", log to %d/%d, commit %d"
            .formatted(state.lastTerm(), state.lastIndex(), state.commitIndex());
  }

  private static String changes(NodeState before, NodeState after, LogChange change) {
    StringJoiner words = new StringJoiner(", ");
    boolean newTerm = before.term() != after.term();
    if (newTerm || before.role() != after.role()) {
      words.add(after.role() + " t" + after.term());
    }
    if (after.votedFor() != null && (newTerm || !after.votedFor().equals(before.votedFor()))) {
      words.add("votes for " + after.votedFor());
    }
    if (!Objects.equals(before.leader(), after.leader())) {
      words.add(after.leader() == null ? "no leader" : "leader " + after.leader());
    }
    if (change != null && change.truncateFrom() > 0) {
      words.add("log cut from " + change.truncateFrom());
    }
    if (change != null && !change.append().isEmpty()) {
      words.add("log " + span(change.append()));
    }
    moved(words, "commit ", before.commitIndex(), after.commitIndex());
    moved(words, "durable ", before.durableIndex(), after.durableIndex());
    moved(words, "applied ", before.appliedIndex(), after.appliedIndex());
    return words.toString();
  }

  private static void moved(StringJoiner words, String what, long before, long after) {
    if (before != after) {
      words.add(what + after);
    }
  }

  private List<String> turn(Turn turn) {
    // The same message to several members is told once.
    Map<Sent, List<String>> receivers = new LinkedHashMap<>();
    for (Sent sent : turn.sent()) {
      if (!isNoise(sent.message())) {
        Sent toAnyone = new Sent(null, sent.message(), sent.whenDurable());
        receivers.computeIfAbsent(toAnyone, key -> new ArrayList<>()).add(sent.to());
      }
    }
    List<String> lines = new ArrayList<>();
    if (turn.write() != null && !turn.write().isEmpty()) {
      lines.add(write(turn.write()));
    }
    receivers.forEach(
        (sent, to) ->
            lines.add(
                (sent.whenDurable() ? "=> " : "-> ")
                    + String.join(" ", to)
                    + " "
                    + message(sent.message())));
    return lines;
  }

  private static String write(Write write) {
    StringJoiner words = new StringJoiner(", ");
    HardState hardState = write.hardState();
    if (hardState != null) {
      String vote = hardState.votedFor() == null ? "no vote" : "vote " + hardState.votedFor();
      words.add("t" + hardState.term() + " " + vote);
    }
    if (write.truncateFrom() > 0) {
      words.add("cut from " + write.truncateFrom());
    }
    if (!write.entries().isEmpty()) {
      words.add(span(write.entries()));
    }
    return "write " + write.seq() + ": " + words;
  }

  private static String span(List<LogEntry> entries) {
    LogEntry first = entries.get(0);
    LogEntry last = entries.get(entries.size() - 1);
    String start = "+" + first.term() + "/" + first.index();
    return entries.size() == 1 ? start : start + ".." + last.term() + "/" + last.index();
  }

  /** A message, shortly. */
  static String message(RaftMessage message) {
    if (message instanceof AppendEntries m) {
      String entries = m.entries().isEmpty() ? "no entries" : span(m.entries());
      return "AppendEntries t%d prev %d/%d %s commit %d"
          .formatted(m.term(), m.prevLogTerm(), m.prevLogIndex(), entries, m.leaderCommit());
    } else if (message instanceof AppendEntriesReply m) {
      String answer = m.accepted() ? "match " + m.matchIndex() : "refused " + m.matchIndex();
      return "AppendEntriesReply t%d %s".formatted(m.term(), answer);
    } else if (message instanceof Heartbeat m) {
      return "Heartbeat t%d commit %d/%d".formatted(m.term(), m.commitTerm(), m.commitIndex());
    } else if (message instanceof HeartbeatReply m) {
      return "HeartbeatReply t" + m.term();
    } else if (message instanceof PreVoteRequest m) {
      return "PreVoteRequest t%d last %d/%d".formatted(m.term(), m.lastLogTerm(), m.lastLogIndex());
    } else if (message instanceof PreVoteReply m) {
      return "PreVoteReply t%d to t%d %s"
          .formatted(m.term(), m.campaignTerm(), yesOrNo(m.granted()));
    } else if (message instanceof VoteRequest m) {
      return "VoteRequest t%d last %d/%d%s"
          .formatted(
              m.term(), m.lastLogTerm(), m.lastLogIndex(), m.transfer() ? " by transfer" : "");
    } else if (message instanceof VoteReply m) {
      return "VoteReply t%d %s".formatted(m.term(), yesOrNo(m.granted()));
    } else if (message instanceof TimeoutNow m) {
      return "TimeoutNow t" + m.term();
    }
    return message.toString();
  }

  private static String yesOrNo(boolean granted) {
    return granted ? "yes" : "no";
  }
}
