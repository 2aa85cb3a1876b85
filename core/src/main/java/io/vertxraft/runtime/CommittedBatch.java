package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.RaftException;
import io.vertxraft.client.Joined;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Committed entries on their way through the session table and the state machine, and the replies
 * on their way back. Groups without sessions pay for nothing of it.
 */
final class CommittedBatch {
  private static final Buffer NO_BYTES = Buffer.buffer(0);

  /** What the batch tells about its entries, in log order. */
  interface Listener {
    /** The command or commands of an entry have been applied, or had been before. */
    void replied(long index, long term, Buffer reply);

    /** The entry is committed and has no effect. */
    void refused(long index, long term, RaftException why);
  }

  /**
   * An entry that concerns somebody.
   *
   * @param index the entry's index
   * @param term the entry's term
   * @param ends how many of the commands only tell that sessions have ended
   * @param commands how many of its own commands the state machine gets, after those
   * @param several whether its replies are joined
   * @param admission what the session table says; null for a plain command
   */
  private record Item(
      long index,
      long term,
      int ends,
      int commands,
      boolean several,
      SessionTable.Admission admission) {}

  private final SessionTable sessions;
  private final long stateIndex;
  private final boolean tellsSessionEnds;
  private final List<Command> commands;
  private final long lastIndex;

  /** Null while every entry is a plain command. */
  private List<Item> items;

  private final List<Long> withoutEffect = new ArrayList<>(0);

  private long bytes;

  /**
   * Admits entries.
   *
   * @param entries contiguous, at least one
   * @param stateIndex entries up to here are in the state already, and only the table needs them
   * @param tellsSessionEnds whether the state machine wants to know of sessions that end
   */
  CommittedBatch(
      List<LogEntry> entries, SessionTable sessions, long stateIndex, boolean tellsSessionEnds) {
    this.sessions = sessions;
    this.stateIndex = stateIndex;
    this.tellsSessionEnds = tellsSessionEnds;
    this.commands = new ArrayList<>(entries.size());
    this.lastIndex = entries.get(entries.size() - 1).index();
    for (LogEntry entry : entries) {
      bytes += entry.encodedBytes();
      if (entry.type() == EntryType.ENVELOPE) {
        admit(entry);
      } else if (entry.type() == EntryType.COMMAND && entry.index() > stateIndex) {
        commands.add(new Command(entry));
        if (items != null) {
          items.add(new Item(entry.index(), entry.term(), 0, 1, false, null));
        }
      }
    }
  }

  /** What the state machine is to apply. */
  List<Command> commands() {
    return commands;
  }

  long lastIndex() {
    return lastIndex;
  }

  long bytes() {
    return bytes;
  }

  /** Indexes of entries whose commands are not applied: repeated, or refused. */
  List<Long> withoutEffect() {
    return withoutEffect;
  }

  private void admit(LogEntry entry) {
    listPlainOnes();
    Envelope envelope = Envelope.of(entry);
    SessionTable.Admission admission = sessions.admit(entry.index(), envelope);
    if (envelope.kind() == Envelope.Kind.COMMAND && !admission.fresh()) {
      withoutEffect.add(entry.index());
    }
    int ends = 0;
    int own = 0;
    if (entry.index() > stateIndex) {
      if (tellsSessionEnds) {
        ends = admission.ended().size();
        admission.ended().forEach(id -> commands.add(Command.sessionEnded(entry, id)));
      }
      if (admission.fresh()) {
        List<CommandBodies.Part> parts = CommandBodies.commandsOf(envelope);
        own = parts.size();
        for (CommandBodies.Part part : parts) {
          commands.add(
              new Command(entry, part.bytes(), part.from(), part.length(), envelope.sessionId()));
        }
      }
    }
    items.add(new Item(entry.index(), entry.term(), ends, own, envelope.several(), admission));
  }

  /** The first envelope: from now on it matters which reply is whose. */
  private void listPlainOnes() {
    if (items == null) {
      items = new ArrayList<>();
      for (Command command : commands) {
        items.add(new Item(command.index(), command.term(), 0, 1, false, null));
      }
    }
  }

  /**
   * Settles the entries and tells the outcome of each.
   *
   * @param replies one per {@linkplain #commands command}
   */
  void settle(List<Buffer> replies, Listener listener) {
    if (items == null) {
      for (int i = 0; i < commands.size(); i++) {
        Command command = commands.get(i);
        listener.replied(command.index(), command.term(), orEmpty(replies.get(i)));
      }
      return;
    }
    int at = 0;
    for (Item item : items) {
      at += item.ends();
      Buffer reply = replyOf(item, replies, at);
      at += item.commands();
      tell(item, reply, listener);
    }
  }

  private void tell(Item item, Buffer reply, Listener listener) {
    if (item.admission() == null) {
      listener.replied(item.index(), item.term(), reply);
      return;
    }
    Buffer answer = sessions.settle(item.admission(), reply);
    if (item.admission().refusal() != null) {
      listener.refused(item.index(), item.term(), item.admission().refusal());
    } else if (answer != null) {
      listener.replied(item.index(), item.term(), answer);
    }
  }

  private static Buffer replyOf(Item item, List<Buffer> replies, int at) {
    if (item.commands() == 0) {
      return null;
    }
    if (!item.several()) {
      return orEmpty(replies.get(at));
    }
    List<Buffer> own = new ArrayList<>(replies.subList(at, at + item.commands()));
    own.replaceAll(CommittedBatch::orEmpty);
    return Joined.of(own);
  }

  /** A state machine that has nothing to say may say so by null. */
  private static Buffer orEmpty(Buffer reply) {
    return reply == null ? NO_BYTES : reply;
  }
}
