package io.vertxraft.testkit.explore;

import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.testkit.ChainHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every log met so far, as a tree: a log is a number, its prefixes are its ancestors, and equal
 * logs have the same number. 0 is the empty log.
 */
final class LogTree {
  private record Key(int parent, long entryHash) {}

  private record Node(int parent, int index, long term, String value) {}

  private final Map<Key, Integer> children = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>(List.of(new Node(0, 0, 0, "")));

  /** The log with the given entries. */
  int of(List<LogEntry> entries) {
    int log = 0;
    for (LogEntry entry : entries) {
      int parent = log;
      log =
          children.computeIfAbsent(
              new Key(parent, ChainHash.entry(entry)), key -> add(parent, entry));
    }
    return log;
  }

  private int add(int parent, LogEntry entry) {
    String value =
        entry.type() == EntryType.COMMAND
            ? "v" + (entry.payload().get(0) - 1)
            : entry.type() == EntryType.NO_OP ? "-" : entry.type().name();
    nodes.add(new Node(parent, (int) entry.index(), entry.term(), value));
    return nodes.size() - 1;
  }

  /** Index of the last entry. */
  int length(int log) {
    return nodes.get(log).index;
  }

  /** The first entries of a log; the whole log if it has no more than {@code length}. */
  int prefix(int log, long length) {
    int at = log;
    while (nodes.get(at).index > length) {
      at = nodes.get(at).parent;
    }
    return at;
  }

  boolean isPrefix(int prefix, int log) {
    return prefix(log, length(prefix)) == prefix;
  }

  /** The first index at which two logs have entries of the same term that differ, or 0. */
  int mismatch(int one, int other) {
    int length = Math.min(length(one), length(other));
    int left = prefix(one, length);
    int right = prefix(other, length);
    int mismatch = 0;
    while (left != right) {
      if (nodes.get(left).term == nodes.get(right).term) {
        mismatch = nodes.get(left).index;
      }
      left = nodes.get(left).parent;
      right = nodes.get(right).parent;
    }
    return mismatch;
  }

  /** The entries as term and value: {@code [1- 2v0]}. */
  String text(int log) {
    StringBuilder text = new StringBuilder();
    for (int at = log; at != 0; at = nodes.get(at).parent) {
      text.insert(
          0, (nodes.get(at).parent == 0 ? "" : " ") + nodes.get(at).term + nodes.get(at).value);
    }
    return "[" + text + "]";
  }
}
