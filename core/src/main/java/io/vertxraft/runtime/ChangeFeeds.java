package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.Command;
import io.vertxraft.LogCompactedException;
import io.vertxraft.RaftException;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the log for those who follow it: what is applied, a batch per reader at a time, from memory
 * if it is there. A reader that wants nothing costs nothing, and holds nothing back: what it has
 * not read when the log is cut is gone for it. Confined to the node's context, but for {@link
 * #open}.
 */
final class ChangeFeeds {
  private final RaftScheduler scheduler;
  private final Set<ChangeFeed> reading = new LinkedHashSet<>();
  private List<ChangeFeed> waiting = new ArrayList<>();
  private MemberParts parts;
  private Repeats repeats;
  private Consumer<Throwable> storageFailed;
  private boolean ended;
  private RaftException failure;
  private long seenIndex = -1;
  private long seenFirst;

  ChangeFeeds(RaftScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** A stream of what is applied from {@code fromIndex} on; on any thread. */
  ReadStream<Command> open(long fromIndex) {
    if (fromIndex < 1) {
      throw new IllegalArgumentException(
          "fromIndex is %d: the first entry of a log has index 1".formatted(fromIndex));
    }
    return new ChangeFeed(
        fromIndex, scheduler.callerContext(), feed -> scheduler.execute(() -> fetch(feed)));
  }

  /** There is a log to be read. */
  void attach(MemberParts newParts, Repeats newRepeats, Consumer<Throwable> newStorageFailed) {
    parts = newParts;
    repeats = newRepeats;
    storageFailed = newStorageFailed;
  }

  /**
   * A few entries from an index on, committed or not, as far as they are here; none if the log ends
   * before it.
   *
   * @return fails with {@link LogCompactedException} if they are gone
   */
  Future<List<LogEntry>> page(long fromIndex, int entriesMax, int bytesMax) {
    if (fromIndex < 1 || entriesMax < 1 || bytesMax < 1) {
      return Future.failedFuture(
          new IllegalArgumentException(
              "fromIndex %d, entriesMax %d and bytesMax %d must be at least 1"
                  .formatted(fromIndex, entriesMax, bytesMax)));
    }
    LogView log = parts.core().log();
    long last = Math.min(log.lastIndex(), fromIndex + entriesMax - 1);
    if (fromIndex < log.firstIndex()) {
      return Future.failedFuture(goneBefore(fromIndex, log.firstIndex()));
    }
    List<LogEntry> cached =
        fromIndex > last
            ? List.of()
            : log.cachedFrom(fromIndex, (int) (last - fromIndex + 1), bytesMax);
    long durable = Math.min(last, log.durableIndex());
    if (!cached.isEmpty() || fromIndex > durable) {
      return Future.succeededFuture(cached);
    }
    return parts
        .storage()
        .read(fromIndex, durable, bytesMax)
        .recover(
            cause ->
                Future.failedFuture(
                    fromIndex < log.firstIndex()
                        ? goneBefore(fromIndex, log.firstIndex())
                        : cause));
  }

  /** A turn has ended: what was waited for may be there, or be gone for ever. */
  void turnEnded() {
    long index = readableIndex();
    long first = parts.core().log().firstIndex();
    repeats.forgetBefore(first);
    if (waiting.isEmpty() || (index == seenIndex && first == seenFirst)) {
      return;
    }
    seenIndex = index;
    seenFirst = first;
    List<ChangeFeed> due = waiting;
    waiting = new ArrayList<>();
    due.forEach(this::fetch);
  }

  /**
   * Nothing comes any more.
   *
   * @param cause why the node failed, or null if it was closed
   */
  void end(RaftException cause) {
    ended = true;
    failure = cause;
    waiting.forEach(feed -> feed.end(cause));
    waiting.clear();
    reading.forEach(feed -> feed.end(cause));
    reading.clear();
  }

  /**
   * What the log holds up to here is applied; 0 until this member knows that of its log. Before it
   * has heard a leader, the end of its log may be another one's.
   */
  private long readableIndex() {
    RaftCore core = parts.core();
    return core.isRecovered() ? Math.min(core.appliedIndex(), core.log().lastIndex()) : 0;
  }

  private void fetch(ChangeFeed feed) {
    if (ended) {
      feed.end(failure);
    } else if (!feed.isRead()) {
      feed.take(List.of());
    } else if (parts == null) {
      waiting.add(feed);
    } else {
      read(feed);
    }
  }

  private void read(ChangeFeed feed) {
    LogView log = parts.core().log();
    long from = feed.nextIndex;
    long last = readableIndex();
    if (from < log.firstIndex()) {
      feed.end(goneBefore(feed.nextIndex, log.firstIndex()));
    } else if (from > last) {
      waiting.add(feed);
    } else {
      int countMax = parts.options().getAppendEntriesMax();
      int bytesMax = parts.options().getAppendBytesMax();
      long to = Math.min(last, from + countMax - 1);
      List<LogEntry> cached = log.cachedFrom(from, (int) (to - from + 1), bytesMax);
      if (cached.isEmpty()) {
        load(feed, Math.min(to, log.durableIndex()), bytesMax);
      } else {
        give(feed, cached);
      }
    }
  }

  private LogCompactedException goneBefore(long wantedIndex, long firstIndex) {
    return new LogCompactedException(parts.options().getNodeId(), wantedIndex, firstIndex);
  }

  /** What has left memory is durable. */
  private void load(ChangeFeed feed, long to, int bytesMax) {
    reading.add(feed);
    parts
        .storage()
        .read(feed.nextIndex, to, bytesMax)
        .onComplete(
            done -> {
              if (!reading.remove(feed)) {
                return;
              }
              if (done.succeeded()) {
                give(feed, done.result());
              } else if (feed.nextIndex < parts.core().log().firstIndex()) {
                feed.end(goneBefore(feed.nextIndex, parts.core().log().firstIndex()));
              } else {
                feed.end(done.cause());
                if (done.cause() instanceof StorageException) {
                  storageFailed.accept(done.cause());
                }
              }
            });
  }

  private void give(ChangeFeed feed, List<LogEntry> entries) {
    List<Command> commands = new ArrayList<>(entries.size());
    for (LogEntry entry : entries) {
      if (entry.type() == EntryType.COMMAND) {
        commands.add(new Command(entry));
      } else if (entry.type() == EntryType.ENVELOPE) {
        Envelope envelope = Envelope.of(entry);
        if (!isKnown(entry.index(), envelope)) {
          break;
        }
        addEffective(commands, entry, envelope);
      }
      feed.nextIndex = entry.index() + 1;
    }
    if (!commands.isEmpty()) {
      feed.take(commands);
    } else if (feed.nextIndex <= entries.get(entries.size() - 1).index()) {
      feed.end(goneBefore(feed.nextIndex, repeats.knownFrom()));
    } else {
      // In a turn of its own: a log may hold many entries that are not commands.
      scheduler.execute(() -> fetch(feed));
    }
  }

  /**
   * Of a command of a session that an earlier life applied nobody knows whether it was repeated.
   */
  private boolean isKnown(long index, Envelope envelope) {
    return envelope.kind() != Envelope.Kind.COMMAND
        || envelope.sessionId() == 0
        || index >= repeats.knownFrom();
  }

  private void addEffective(List<Command> commands, LogEntry entry, Envelope envelope) {
    if (envelope.kind() == Envelope.Kind.COMMAND && repeats.hadEffect(entry.index())) {
      for (CommandBodies.Part part : CommandBodies.commandsOf(envelope)) {
        commands.add(
            new Command(entry, part.bytes(), part.from(), part.length(), envelope.sessionId()));
      }
    }
  }
}
