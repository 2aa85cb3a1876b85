package io.vertxraft.testkit.trace;

import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.testkit.trace.TraceEvent.LogChange;
import io.vertxraft.testkit.trace.TraceEvent.Sent;
import io.vertxraft.testkit.trace.TraceEvent.Write;
import java.util.ArrayList;
import java.util.List;

/** Listens to one life of a member, and knows its log to tell what each event does to it. */
final class NodeRecorder implements Probe {
  private final ProtocolTrace trace;
  private final String nodeId;
  private final int life;
  private final List<LogEntry> known = new ArrayList<>();
  private long firstIndex;

  NodeRecorder(ProtocolTrace trace, String nodeId, int life) {
    this.trace = trace;
    this.nodeId = nodeId;
    this.life = life;
  }

  @Override
  public String toString() {
    return "node '" + nodeId + "', life " + life;
  }

  @Override
  public void stepped(Step step, String from, RaftMessage message, RaftCore core) {
    trace.record(
        () -> {
          if (step == Step.START) {
            trace.started(nodeId, this);
            trace.emit(start(core));
          } else {
            trace.requireRunning(nodeId, this);
            LogChange change = changeOf(core.log(), message);
            NodeState state = NodeState.of(core);
            trace.emit(
                new TraceEvent.Stepped(trace.now(), nodeId, step, from, message, state, change));
          }
        });
  }

  @Override
  public void turnEnded(RaftCore core, Effects effects) {
    trace.record(
        () -> {
          trace.requireRunning(nodeId, this);
          if (!effects.sends().isEmpty() || effects.persist() != null) {
            trace.emit(turn(effects));
          }
        });
  }

  private TraceEvent start(RaftCore core) {
    LogView log = core.log();
    firstIndex = log.firstIndex();
    for (long index = firstIndex; index <= log.lastIndex(); index++) {
      known.add(recovered(log, index));
    }
    return new TraceEvent.Start(
        trace.now(),
        nodeId,
        life,
        List.copyOf(core.configuration().voters()),
        NodeState.of(core),
        List.copyOf(known),
        core.fitness().isDamaged());
  }

  private LogEntry recovered(LogView log, long index) {
    LogEntry entry = trace.recoveredEntry(nodeId, index);
    if (entry.index() != index || entry.term() != log.termAt(index)) {
      throw new IllegalStateException(
          "%s recovered an entry of term %d at index %d, but the trace was given %s for it: let the"
                  .formatted(this, log.termAt(index), index, entry)
              + " trace read the disk that the node was started from");
    }
    return entry;
  }

  /**
   * Compares from the top down and stops at the first entry that is the same, for only the end of a
   * log can change. A message with entries may have put back the very entries it removed above
   * others, so all it could touch are compared.
   */
  private LogChange changeOf(LogView log, RaftMessage message) {
    long knownLast = firstIndex + known.size() - 1;
    long common = Math.min(knownLast, log.lastIndex());
    long untouched =
        message instanceof AppendEntries append && !append.entries().isEmpty()
            ? append.prevLogIndex()
            : common;
    long changed = common + 1;
    for (long index = common; index >= firstIndex; index--) {
      if (!isKnown(log, index)) {
        changed = index;
      } else if (index <= untouched) {
        break;
      }
    }
    if (changed > knownLast && changed > log.lastIndex()) {
      return null;
    }
    known.subList(slot(changed), known.size()).clear();
    List<LogEntry> appended = new ArrayList<>();
    for (long index = changed; index <= log.lastIndex(); index++) {
      appended.add(added(log, index));
    }
    known.addAll(appended);
    return new LogChange(changed <= knownLast ? changed : 0, appended);
  }

  /**
   * Whether the log still has the entry we know. An entry that was put in again is another object,
   * and in memory until it is durable; one that is not in memory is as old as we know it, if its
   * term is.
   */
  private boolean isKnown(LogView log, long index) {
    LogEntry before = known.get(slot(index));
    LogEntry now = log.entryIfCached(index);
    return now == null ? log.termAt(index) == before.term() : now == before;
  }

  private LogEntry added(LogView log, long index) {
    LogEntry entry = log.entryIfCached(index);
    if (entry == null) {
      throw new IllegalStateException(
          "%s appended index %d and forgot the entry within one event: it must stay in memory until"
                  .formatted(this, index)
              + " it is durable");
    }
    return entry;
  }

  private int slot(long index) {
    return Math.toIntExact(index - firstIndex);
  }

  private TraceEvent turn(Effects effects) {
    Effects.Persist persist = effects.persist();
    List<Sent> sent = new ArrayList<>();
    effects.sends().forEach(out -> sent.add(sent(out, false)));
    if (persist != null) {
      // Copied: the messages of later turns may join those that wait for this write.
      persist.messages().forEach(out -> sent.add(sent(out, true)));
    }
    Write write =
        persist == null
            ? null
            : new Write(
                persist.seq(), persist.hardState(), persist.truncateFrom(), persist.entries());
    return new TraceEvent.Turn(trace.now(), nodeId, sent, write);
  }

  private Sent sent(Effects.Outbound out, boolean whenDurable) {
    Message message = out.message();
    if (message instanceof RaftMessage raftMessage) {
      return new Sent(out.to(), raftMessage, whenDurable);
    }
    throw new IllegalStateException(
        "%s sends %s, which is no message of the protocol".formatted(this, message));
  }
}
