package io.vertxraft.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How flows spell things. A position in the log is {@code index/term}, with a {@code t} before each
 * term: {@code 5/t3} is the entry of term 3 at index 5.
 */
final class FlowText {
  private static final String NO_OP = "no-op";

  private FlowText() {}

  static String position(long index, long term) {
    return index + "/t" + term;
  }

  static String entry(LogEntry entry) {
    return position(entry.index(), entry.term()) + " " + content(entry);
  }

  static String entries(List<LogEntry> entries) {
    return entries.stream().map(FlowText::entry).collect(Collectors.joining(", "));
  }

  private static String content(LogEntry entry) {
    return entry.type() == EntryType.NO_OP ? NO_OP : CoreCluster.text(entry);
  }

  /** The kind of a message, as scripts name it. */
  static String type(Message message) {
    return message.getClass().getSimpleName();
  }

  /** Kind and term: enough to find the line on which the message was sent. */
  static String brief(Message message) {
    return "%s t%d".formatted(type(message), ((RaftMessage) message).term());
  }

  static String message(Message message) {
    String details = details(message);
    return details.isEmpty() ? brief(message) : brief(message) + " " + details;
  }

  private static String details(Message message) {
    if (message instanceof PreVoteRequest request) {
      return "last=" + position(request.lastLogIndex(), request.lastLogTerm());
    } else if (message instanceof PreVoteReply reply) {
      return answer(reply.granted()) + " for t" + reply.campaignTerm();
    } else if (message instanceof VoteRequest request) {
      return "last="
          + position(request.lastLogIndex(), request.lastLogTerm())
          + (request.transfer() ? " by transfer" : "");
    } else if (message instanceof VoteReply reply) {
      return answer(reply.granted());
    } else if (message instanceof AppendEntries append) {
      return "prev=%s commit=%d [%s]"
          .formatted(
              position(append.prevLogIndex(), append.prevLogTerm()),
              append.leaderCommit(),
              entries(append.entries()));
    } else if (message instanceof AppendEntriesReply reply) {
      return reply.accepted() ? "match=" + reply.matchIndex() : refusal(reply);
    } else if (message instanceof Heartbeat heartbeat) {
      return "commit="
          + position(heartbeat.commitIndex(), heartbeat.commitTerm())
          + (heartbeat.healIndex() > 0 ? " heal=" + heartbeat.healIndex() : "");
    } else if (message instanceof HeartbeatReply reply && reply.damagedTerm() > 0) {
      return "damaged in t" + reply.damagedTerm();
    } else if (message instanceof InstallSnapshot offer) {
      return "%s min=%d".formatted(position(offer.lastIndex(), offer.lastTerm()), offer.minIndex());
    } else if (message instanceof InstallSnapshotReply reply) {
      return (reply.installed() ? "installed " : "under way ") + reply.lastIndex();
    }
    return "";
  }

  private static String refusal(AppendEntriesReply reply) {
    String hint =
        reply.conflictTerm() == 0
            ? "log ends before " + reply.conflictIndex()
            : "t%d starts at %d".formatted(reply.conflictTerm(), reply.conflictIndex());
    return "refused prev=%d, %s".formatted(reply.matchIndex(), hint);
  }

  private static String answer(boolean granted) {
    return granted ? "granted" : "refused";
  }

  static String write(Effects.Persist write) {
    List<String> parts = new ArrayList<>();
    if (write.hardState() != null) {
      parts.add(hardState(write.hardState()));
    }
    if (write.newStart() != null) {
      parts.add(
          "log anew after "
              + position(write.newStart().firstIndex() - 1, write.newStart().prevTerm()));
    }
    if (write.truncateFrom() > 0) {
      parts.add("truncate from=" + write.truncateFrom());
    }
    if (!write.entries().isEmpty()) {
      parts.add("[" + entries(write.entries()) + "]");
    }
    return String.join(" ", parts);
  }

  private static String hardState(HardState state) {
    return "t%d vote=%s".formatted(state.term(), orNone(state.votedFor()));
  }

  static String notice(Effects.Notice notice) {
    if (notice instanceof Effects.RoleChanged change) {
      return "%s t%d: %s".formatted(change.role(), change.term(), change.cause());
    } else if (notice instanceof Effects.LeaderChanged change) {
      return change.leaderId() == null
          ? "knows no leader of t" + change.term()
          : "follows %s in t%d".formatted(change.leaderId(), change.term());
    } else if (notice instanceof Effects.ProgressChanged change) {
      String verb =
          switch (change.state()) {
            case PROBE -> "probes";
            case REPLICATE -> "replicates to";
            case SNAPSHOT -> "offers a snapshot to";
          };
      return "%s %s: %s".formatted(verb, change.peer(), change.cause());
    }
    return rareNotice(notice);
  }

  private static String rareNotice(Effects.Notice notice) {
    if (notice instanceof Effects.TransferEnded ended) {
      return "leads on: " + ended.cause();
    } else if (notice instanceof Effects.DamageFound found) {
      return "does not count " + found.peer() + ", which is damaged";
    } else if (notice instanceof Effects.Healed healed) {
      return "is whole again, up to " + healed.index();
    }
    return "no longer leads t" + ((Effects.LeadershipLost) notice).term();
  }

  /** All there is to know of a member, in words without spaces. */
  static List<String> state(CoreCluster.Node node) {
    RaftCore core = node.core;
    List<String> words = new ArrayList<>();
    words.add(core == null ? "DOWN" : core.roleKind().name());
    words.add("t" + (core == null ? node.hardState.term() : core.term()));
    words.add("vote=" + orNone(core == null ? node.hardState.votedFor() : core.votedFor()));
    if (core != null) {
      words.add("leader=" + orNone(core.leaderId()));
      words.add("commit=" + core.commitIndex());
      words.add("durable=" + core.log().durableIndex());
    }
    words.add("log=" + log(node));
    return words;
  }

  /** The log in the notation that {@link #parseLog} reads. */
  private static String log(CoreCluster.Node node) {
    long last = node.core == null ? node.disk.size() : node.core.log().lastIndex();
    List<String> entries = new ArrayList<>();
    long first = node.core == null ? node.diskFirst : node.core.log().firstIndex();
    if (first > 1) {
      entries.add("snapshot.." + (first - 1));
    }
    for (long index = first; index <= last; index++) {
      LogEntry entry = node.entry(index);
      entries.add(entry.term() + ":" + content(entry));
    }
    return String.join(",", entries);
  }

  /** A log out of words such as {@code 1:a} and {@code 2:no-op}: term and command. */
  static List<LogEntry> parseLog(List<String> words) {
    EntryCodec codec = new EntryCodec(CoreCluster.GROUP);
    List<LogEntry> log = new ArrayList<>();
    for (String word : words) {
      int colon = word.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(
            "'%s' is no log entry; write term:command, such as 1:a".formatted(word));
      }
      long term = number(word.substring(0, colon));
      if (!log.isEmpty() && term < log.get(log.size() - 1).term()) {
        throw new IllegalArgumentException(
            "'%s' follows an entry of a higher term; terms never decrease".formatted(word));
      }
      String content = word.substring(colon + 1);
      EntryType type = content.equals(NO_OP) ? EntryType.NO_OP : EntryType.COMMAND;
      byte[] payload =
          type == EntryType.NO_OP ? new byte[0] : content.getBytes(StandardCharsets.UTF_8);
      log.add(codec.encode(log.size() + 1L, term, type, payload));
    }
    return log;
  }

  static int number(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a number".formatted(word), e);
    }
  }

  private static String orNone(String id) {
    return id == null ? "none" : id;
  }
}
