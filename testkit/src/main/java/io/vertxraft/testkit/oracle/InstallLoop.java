package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.Message;
import java.util.HashMap;
import java.util.Map;

/**
 * nobody gets snapshot after snapshot without ever going on from one. Counted are, in one
 * life and with no command applied in between, the snapshots that a member has loaded one after the
 * other, and those that it has begun to fetch, each newer than the one before, without loading any.
 * Not counted is what a member loads while it is short of room: it takes no entries then, and goes
 * on from snapshots only.
 */
public final class InstallLoop implements Oracle {
  /**
   * That many may be bad luck: a short log at the leader, and a link that is cut again and again.
   */
  private static final int INSTALLS_MAX = 20;

  private final OracleContext context;
  private final Map<String, Count> counts = new HashMap<>();

  /** The rule for a run. */
  public InstallLoop(OracleContext context) {
    this.context = context;
  }

  private static final class Count {
    int life;
    int installs;
    int begun;
    long fetchedIndex;
  }

  @Override
  public String id() {
    return "R-28";
  }

  @Override
  public void applied(NodeProbe node, long index, long term, long payloadHash, long stateHash) {
    Count count = of(node);
    count.installs = 0;
    count.begun = 0;
  }

  /** A member tells its leader which snapshot it fetches. */
  @Override
  public void sent(NodeProbe from, String to, Message message) {
    if (!(message instanceof InstallSnapshotReply reply) || reply.installed()) {
      return;
    }
    Count count = of(from);
    if (reply.lastIndex() > count.fetchedIndex) {
      count.fetchedIndex = reply.lastIndex();
      count.begun++;
    }
    if (count.begun > INSTALLS_MAX) {
      throw context.violation(
          id(),
          "%s has begun to fetch %d snapshots, the last one at %d, and loaded none of them",
          from.nodeId(),
          count.begun,
          count.fetchedIndex);
    }
  }

  @Override
  public void snapshotLoaded(NodeProbe node, long index, long term, long stateHash) {
    Count count = of(node);
    count.begun = 0;
    if (node.isShortOfRoom()) {
      return;
    }
    count.installs++;
    if (count.installs > INSTALLS_MAX) {
      throw context.violation(
          id(),
          "%s has loaded %d snapshots, the last one at %d, and applied no command in between",
          node.nodeId(),
          count.installs,
          index);
    }
  }

  private Count of(NodeProbe node) {
    Count count = counts.computeIfAbsent(node.nodeId(), id -> new Count());
    if (count.life != node.life()) {
      count.life = node.life();
      count.installs = 0;
      count.begun = 0;
      count.fetchedIndex = 0;
    }
    return count;
  }
}
