package io.vertxraft.consensus;

import io.vertxraft.consensus.CoreCluster.Node;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes down what members do, one line each: what happened to them, and below it, indented, what
 * they did in that turn. Election timeouts are all equally long, so that no script depends on
 * chance.
 */
final class FlowPrinter implements Probe {
  private final Function<String, Node> nodes;
  private final List<String> lines = new ArrayList<>();
  private String indent = "";

  /** Per leader, the commands whose clients still wait for an answer. */
  private final Map<String, List<LogEntry>> unanswered = new TreeMap<>();

  FlowPrinter(Function<String, Node> nodes) {
    this.nodes = nodes;
  }

  private final List<String> reads = new ArrayList<>();

  /** The number that stands for a read's name in the core. */
  long readId(String name) {
    reads.add(name);
    return reads.size() - 1L;
  }

  /** What was printed since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    indent = "";
    return taken;
  }

  /** Something that a member will react to. */
  void event(String line) {
    lines.add(line);
    indent = "  ";
  }

  /** Something that a member did by itself, or that nobody reacts to. */
  void line(String line) {
    lines.add(indent + line);
  }

  void sent(String from, Effects.Outbound out) {
    line("%s -> %s %s".formatted(from, out.to(), FlowText.message(out.message())));
  }

  @Override
  public boolean chooses(Choice choice) {
    return choice == Choice.SHORT_ELECTION_TIMEOUT;
  }

  @Override
  public void turnEnded(RaftCore core, Effects effects) {
    String id = core.nodeId();
    if (effects.restoreIndex() > 0) {
      line("%s takes over the snapshot ..%d".formatted(id, effects.restoreIndex()));
    }
    if (effects.compactTo() > 0) {
      line("%s removes everything before %d".formatted(id, effects.compactTo()));
    }
    if (effects.install() != null) {
      line("%s fetches a snapshot".formatted(id));
    }
    if (effects.snapshotWanted()) {
      line("%s wants a snapshot taken".formatted(id));
    }
    if (effects.commitIndex() > effects.restoreIndex()) {
      committed(core, effects.commitIndex());
    }
    for (Effects.Notice notice : effects.notices()) {
      boolean ofItself =
          notice instanceof Effects.LeaderChanged change && id.equals(change.leaderId());
      if (!ofItself) {
        line(id + " " + FlowText.notice(notice));
      }
      if (notice instanceof Effects.LeadershipLost) {
        abandon(id);
      }
    }
    if (effects.persist() != null && !effects.persist().nothingToWrite()) {
      line(id + " writes " + FlowText.write(effects.persist()));
      if (core.isLeader()) {
        remember(id, effects.persist().entries());
      }
    }
    for (Effects.Read read : effects.reads()) {
      String name = reads.get((int) read.id());
      line(
          read.isGranted()
              ? "%s grants read %s at index %d".formatted(id, name, read.index())
              : "%s refuses read %s".formatted(id, name));
    }
    effects.sends().forEach(out -> sent(id, out));
  }

  private void committed(RaftCore core, long commitIndex) {
    List<LogEntry> entries = new ArrayList<>();
    long from = Math.max(core.appliedIndex() + 1, core.log().firstIndex());
    for (long index = from; index <= commitIndex; index++) {
      entries.add(nodes.apply(core.nodeId()).entry(index));
    }
    line("%s commits %s".formatted(core.nodeId(), FlowText.entries(entries)));
    if (core.isLeader()) {
      unansweredOf(core.nodeId()).removeIf(entry -> entry.index() <= commitIndex);
    }
  }

  private void remember(String id, List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      if (entry.type() == EntryType.COMMAND) {
        unansweredOf(id).add(entry);
      }
    }
  }

  /** The member can no longer tell what becomes of its commands, and its clients get to know. */
  void abandon(String id) {
    List<LogEntry> open = unansweredOf(id);
    if (!open.isEmpty()) {
      line("%s leaves unknown %s".formatted(id, FlowText.entries(open)));
      open.clear();
    }
  }

  private List<LogEntry> unansweredOf(String id) {
    return unanswered.computeIfAbsent(id, any -> new ArrayList<>());
  }
}
